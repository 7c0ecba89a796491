-- The roles of Cairn, made once per cluster by its superuser; running it again changes nothing.
-- Owners run the migrations. Services hold what the migrations grant them. Passwords are set elsewhere.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'cairn_goals_owner', 'cairn_vault_owner', 'cairn_reminders_owner', 'cairn_reminders_vault_owner',
        'cairn_goals', 'cairn_vault', 'cairn_reminders', 'cairn_reminders_vault'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
    END LOOP;
    -- cairn_log_definer owns the append function; cairn_feed reads all rows of the log; cairn_reminders_door looks
    -- for callers at what was said, one clinic at a time.
    FOREACH name IN ARRAY ARRAY['cairn_log_definer', 'cairn_feed', 'cairn_reminders_door'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
    -- SET without INHERIT: the feed's reach is taken for one transaction, never held all along.
    IF NOT pg_has_role('cairn_goals', 'cairn_feed', 'SET') THEN
        GRANT cairn_feed TO cairn_goals WITH INHERIT FALSE, SET TRUE;
    END IF;
    IF NOT pg_has_role('cairn_reminders', 'cairn_reminders_door', 'SET') THEN
        GRANT cairn_reminders_door TO cairn_reminders WITH INHERIT FALSE, SET TRUE;
    END IF;
    IF NOT pg_has_role('cairn_goals_owner', 'cairn_log_definer', 'SET') THEN
        GRANT cairn_log_definer TO cairn_goals_owner WITH INHERIT FALSE, SET TRUE;
    END IF;
END
$$;
