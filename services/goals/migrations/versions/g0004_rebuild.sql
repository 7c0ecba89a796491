-- What a rebuild made of the records whose rows are not right, until it takes their place. Unlogged: after a crash
-- they are empty, and a rebuild begins by emptying them.
CREATE UNLOGGED TABLE cairn.rebuilt_record (
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (clinic_id, record_id)
);
CREATE UNLOGGED TABLE cairn.rebuilt_current (LIKE cairn.current, PRIMARY KEY (stream_id));
CREATE INDEX rebuilt_current_of_record ON cairn.rebuilt_current (record_id);
CREATE UNLOGGED TABLE cairn.rebuilt_address (LIKE cairn.address, PRIMARY KEY (clinic_id, channel, digest));
CREATE INDEX rebuilt_address_of_record ON cairn.rebuilt_address (record_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['rebuilt_record', 'rebuilt_current', 'rebuilt_address'] LOOP
        EXECUTE format('ALTER TABLE cairn.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE cairn.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own ON cairn.%I TO cairn_goals'
            ' USING (clinic_id = cairn.clinic()) WITH CHECK (clinic_id = cairn.clinic())', name);
        -- To empty them is of no harm to anybody, and so no matter of clinics.
        EXECUTE format('GRANT SELECT, INSERT, DELETE, TRUNCATE ON cairn.%I TO cairn_goals', name);
    END LOOP;
    -- Who compares looks at what is kept of all clinics, beside the log of all: the role that reads it, and only reads.
    FOREACH name IN ARRAY ARRAY['current', 'address'] LOOP
        EXECUTE format('CREATE POLICY feed_reads ON cairn.%I FOR SELECT TO cairn_feed USING (true)', name);
        EXECUTE format('GRANT SELECT ON cairn.%I TO cairn_feed', name);
    END LOOP;
END
$$;
