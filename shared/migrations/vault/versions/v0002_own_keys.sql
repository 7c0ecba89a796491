-- What finds an address and signs a link must outlive each master key, so it is a key of the vault's own, wrapped as a
-- record's is. Without `wrapped`: it is still made of that master key, as it was before there was this table.
CREATE TABLE own_key (
    purpose text PRIMARY KEY,
    wrapped bytea,
    master_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO own_key (purpose, master_id)
    SELECT purpose, first.master_id
    FROM unnest(ARRAY['index', 'links', 'links to a page', 'web']) AS purpose,
        (SELECT master_id FROM record_key ORDER BY created_at, record_id LIMIT 1) AS first;

-- Which keys a master key wrapped, in order: what a rewrapping goes by.
CREATE INDEX record_key_master ON record_key (master_id, record_id) WHERE wrapped IS NOT NULL;

CREATE TRIGGER own_keys_stay BEFORE UPDATE ON own_key
    FOR EACH ROW WHEN (OLD.purpose <> NEW.purpose OR NEW.wrapped IS NULL) EXECUTE FUNCTION refuse_change_of_key();
CREATE TRIGGER no_delete BEFORE DELETE OR TRUNCATE ON own_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_key();

-- The service's role is named as its owner's, without the ending: cairn_vault, cairn_reminders_vault.
DO $$
BEGIN
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE (wrapped, master_id) ON own_key TO %I', regexp_replace(current_user, '_owner$', '')
    );
END
$$;
