CREATE TABLE record_key (
    record_id uuid PRIMARY KEY,
    key_id uuid NOT NULL,
    wrapped bytea,
    master_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    CONSTRAINT key_or_tombstone CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- A tombstone stays: it is what forbids another key for a record that was erased.
CREATE FUNCTION refuse_change_of_key() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a destroyed key stays destroyed, and no key is deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER tombstones_stay BEFORE UPDATE ON record_key
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL OR OLD.record_id <> NEW.record_id OR OLD.key_id <> NEW.key_id)
    EXECUTE FUNCTION refuse_change_of_key();
CREATE TRIGGER no_delete BEFORE DELETE OR TRUNCATE ON record_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_key();

-- The service's role is named as its owner's, without the ending: cairn_vault, cairn_reminders_vault.
DO $$
BEGIN
    IF current_user !~ '_owner$' THEN
        RAISE EXCEPTION 'run the migrations as the owner of the database, not as %', current_user;
    END IF;
    EXECUTE format('GRANT SELECT ON alembic_version TO %I', regexp_replace(current_user, '_owner$', ''));
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE (wrapped, master_id, destroyed_at) ON record_key TO %I',
        regexp_replace(current_user, '_owner$', '')
    );
END
$$;
