-- The clinic of this transaction; null, and so no row at all, where none was set.
CREATE FUNCTION cairn.clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(pg_catalog.current_setting('cairn.clinic', true), '')::pg_catalog.uuid $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event', 'stream', 'current', 'address'] LOOP
        EXECUTE format('ALTER TABLE cairn.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE cairn.%I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
    -- A statement that names a partition meets the partition's own row-level security: it has no policy.
    FOR name IN SELECT relid::text FROM pg_partition_tree('cairn.event') WHERE isleaf LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['event', 'stream'] LOOP
        EXECUTE format('CREATE POLICY own_read ON cairn.%I FOR SELECT TO cairn_goals, cairn_log_definer'
            ' USING (clinic_id = cairn.clinic())', name);
        EXECUTE format('CREATE POLICY own_append ON cairn.%I FOR INSERT TO cairn_log_definer'
            ' WITH CHECK (clinic_id = cairn.clinic())', name);
        EXECUTE format('CREATE POLICY feed_reads ON cairn.%I FOR SELECT TO cairn_feed USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['current', 'address'] LOOP
        EXECUTE format('CREATE POLICY own ON cairn.%I TO cairn_goals'
            ' USING (clinic_id = cairn.clinic()) WITH CHECK (clinic_id = cairn.clinic())', name);
    END LOOP;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA cairn FROM PUBLIC;
GRANT USAGE ON SCHEMA cairn TO cairn_goals, cairn_feed, cairn_log_definer;
GRANT EXECUTE ON FUNCTION cairn.clinic(), cairn.link TO cairn_goals, cairn_feed, cairn_log_definer;
GRANT EXECUTE ON FUNCTION cairn.append, cairn.write, cairn.load, cairn.record_of, cairn.current_of,
    cairn.currents_of, cairn.clients_of TO cairn_goals;

GRANT SELECT ON cairn.event, cairn.stream, cairn.lane_head TO cairn_goals, cairn_feed, cairn_log_definer;
GRANT INSERT ON cairn.event, cairn.stream TO cairn_log_definer;
GRANT UPDATE (position, hash, recorded_at) ON cairn.lane_head TO cairn_log_definer;
GRANT SELECT, INSERT, UPDATE, DELETE ON cairn.current TO cairn_goals;
GRANT SELECT, INSERT, DELETE ON cairn.address TO cairn_goals;

-- The append acts as a role that owns nothing else, so that row-level security binds it.
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.append OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
GRANT USAGE ON SCHEMA public TO cairn_goals;
GRANT SELECT ON alembic_version TO cairn_goals;
