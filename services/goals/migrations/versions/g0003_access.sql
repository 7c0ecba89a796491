-- Who looked at which client's record: written before the answer goes out, and never changed. The reason is sealed
-- under the record's key, so that an erasure takes the words and leaves who and when.
CREATE TABLE cairn.access (
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    entry bigint GENERATED ALWAYS AS IDENTITY,
    access_id uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    role text NOT NULL,
    via text NOT NULL,
    operation text NOT NULL,
    goal_id uuid,
    purpose text,
    reason bytea,
    correlation_id text NOT NULL,
    PRIMARY KEY (record_id, entry)
);
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON cairn.access
    FOR EACH STATEMENT EXECUTE FUNCTION cairn.refuse();

ALTER TABLE cairn.access ENABLE ROW LEVEL SECURITY;
ALTER TABLE cairn.access FORCE ROW LEVEL SECURITY;
CREATE POLICY own_read ON cairn.access FOR SELECT TO cairn_goals USING (clinic_id = cairn.clinic());
CREATE POLICY own_append ON cairn.access FOR INSERT TO cairn_log_definer WITH CHECK (clinic_id = cairn.clinic());

-- Writes down that somebody looked at these clients' records, one row each, by the clock of the database.
--   CN002 one of them is no client of the clinic
CREATE FUNCTION cairn.note_access(
    a_clinic uuid, records uuid[], access_ids uuid[], reasons bytea[],
    a_kind text, an_id text, a_role text, a_via text, an_operation text, a_goal uuid, a_purpose text, a_correlation text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    INSERT INTO cairn.access (
        clinic_id, record_id, access_id, seen_at, actor_kind, actor_id, role, via, operation, goal_id, purpose, reason,
        correlation_id
    )
        SELECT a_clinic, seen.record_id, seen.access_id, clock_timestamp(), a_kind, an_id, a_role, a_via, an_operation,
            a_goal, a_purpose, seen.reason, a_correlation
        FROM unnest(records, access_ids, reasons) AS seen (record_id, access_id, reason)
        JOIN cairn.stream known ON known.stream_id = seen.record_id AND known.kind = 'client';
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(records) THEN
        RAISE EXCEPTION 'this is no client of the clinic' USING ERRCODE = 'CN002';
    END IF;
END
$$;

-- The newest first, before an entry where one is named.
CREATE FUNCTION cairn.accesses_of(a_clinic uuid, a_record uuid, before_entry bigint, at_most integer)
RETURNS SETOF cairn.access LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.access known
        WHERE known.record_id = a_record AND known.entry < coalesce(before_entry, 9223372036854775807)
        ORDER BY known.entry DESC LIMIT at_most;
END
$$;

REVOKE ALL ON FUNCTION cairn.note_access, cairn.accesses_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.note_access, cairn.accesses_of TO cairn_goals;
GRANT SELECT ON cairn.access TO cairn_goals;
GRANT INSERT ON cairn.access TO cairn_log_definer;
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.note_access OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
