-- Erasures that were granted, and how far each has come: a worklist, read off the log, and made again from it when
-- both tables are emptied. Ids and times only.
CREATE TABLE cairn.erasure (
    record_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    erasure_id uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    erased_at timestamptz, -- client.erased was appended
    key_destroyed_at timestamptz,
    done_at timestamptz, -- no process remembers the key any more
    try_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX erasure_open ON cairn.erasure (try_at) WHERE done_at IS NULL;

-- How far each lane has been read for it.
CREATE TABLE cairn.erasure_seen (
    lane smallint PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO cairn.erasure_seen (lane) SELECT generate_series(0, 255);

ALTER TABLE cairn.erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE cairn.erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY own_read ON cairn.erasure FOR SELECT TO cairn_goals USING (clinic_id = cairn.clinic());
-- Who carries erasures out looks at all clinics, and so under the role that reads the log of all.
CREATE POLICY carries_out ON cairn.erasure TO cairn_feed USING (true) WITH CHECK (true);

-- All that is kept of a record beside the log: its states, and the numbers and addresses that were hers.
CREATE FUNCTION cairn.forget(a_clinic uuid, a_record uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    DELETE FROM cairn.current known WHERE known.record_id = a_record;
    DELETE FROM cairn.address held WHERE held.record_id = a_record;
END
$$;

CREATE FUNCTION cairn.erasure_of(a_clinic uuid, a_record uuid) RETURNS SETOF cairn.erasure
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.erasure known WHERE known.record_id = a_record;
END
$$;

REVOKE ALL ON FUNCTION cairn.forget, cairn.erasure_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.forget, cairn.erasure_of TO cairn_goals;
GRANT SELECT ON cairn.erasure TO cairn_goals;
GRANT SELECT, INSERT, UPDATE, DELETE ON cairn.erasure TO cairn_feed;
GRANT SELECT, UPDATE ON cairn.erasure_seen TO cairn_feed;
