-- A join leaves it to the planner, who may think one walk over the log cheaper than a hundred records. OFFSET 0 does
-- not: each record is looked up in its lane.
CREATE OR REPLACE FUNCTION cairn.entries_of(
    a_clinic uuid, records uuid[], since timestamptz,
    OUT record_id uuid, OUT type text, OUT occurred_at timestamptz, OUT body bytea
) RETURNS SETOF record LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT hers.record_id, hers.type, hers.occurred_at, hers.body
        FROM unnest(records) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT found.record_id, found.type, found.occurred_at, found.body FROM cairn.event found
            WHERE found.lane = get_byte(sha256(uuid_send(wanted.id)), 0) AND found.record_id = wanted.id
                AND found.clinic_id = a_clinic AND found.recorded_at >= since AND found.type IN (
                    'cairn.practice.logged.v1', 'cairn.practice.voided.v1', 'cairn.win.recorded.v1',
                    'cairn.win.voided.v1', 'cairn.rating.recorded.v1', 'cairn.rating.voided.v1',
                    'cairn.session.attended.v1'
                )
            OFFSET 0
        ) AS hers;
END
$$;
