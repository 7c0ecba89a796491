-- What is in the log stays as it is, whoever asks.
CREATE FUNCTION cairn.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the log is only ever appended to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

-- On each partition too: a statement that names a partition fires no trigger of its parent.
DO $$
DECLARE
    kept regclass;
BEGIN
    FOR kept IN
        SELECT relid FROM pg_partition_tree('cairn.event') UNION ALL SELECT 'cairn.stream'::regclass
    LOOP
        EXECUTE format(
            'CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION cairn.refuse()', kept
        );
    END LOOP;
END
$$;
CREATE TRIGGER heads_stay BEFORE DELETE OR TRUNCATE ON cairn.lane_head
    FOR EACH STATEMENT EXECUTE FUNCTION cairn.refuse();
