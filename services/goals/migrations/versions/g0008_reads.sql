-- The goals of many clients at once, for a list of them.
CREATE FUNCTION cairn.goals_of(a_clinic uuid, records uuid[]) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known
        WHERE known.record_id = ANY (records) AND known.kind = 'goal' ORDER BY known.stream_id;
END
$$;

-- What is in clear of the latest entries of many clients: practices, wins, ratings, sessions, and what voids them.
CREATE FUNCTION cairn.entries_of(
    a_clinic uuid, records uuid[], since timestamptz,
    OUT record_id uuid, OUT type text, OUT occurred_at timestamptz, OUT body bytea
) RETURNS SETOF record LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT found.record_id, found.type, found.occurred_at, found.body
        FROM unnest(records) AS wanted (id)
        JOIN cairn.event found ON found.lane = get_byte(sha256(uuid_send(wanted.id)), 0) AND found.record_id = wanted.id
        WHERE found.recorded_at >= since AND found.type IN (
            'cairn.practice.logged.v1', 'cairn.practice.voided.v1', 'cairn.win.recorded.v1', 'cairn.win.voided.v1',
            'cairn.rating.recorded.v1', 'cairn.rating.voided.v1', 'cairn.session.attended.v1'
        );
END
$$;

REVOKE ALL ON FUNCTION cairn.goals_of, cairn.entries_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.goals_of, cairn.entries_of TO cairn_goals;
