"""What holds the sending of a ledger that was restored, until it has been reconciled."""

from alembic import op

revision = "r0010"
down_revision = "r0008"
branch_labels = None
depends_on = None

HOLD = """
CREATE TABLE hold (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    home text,
    pulse bigint NOT NULL DEFAULT 0,
    held_at timestamptz,
    cause text CHECK (cause IN ('moved', 'behind', 'asked')),
    released_at timestamptz,
    CONSTRAINT held_for_a_cause CHECK ((held_at IS NULL) = (cause IS NULL))
);
"""

# A dump that is restored, a database that is copied and a replica that takes over live elsewhere than
# before: in another cluster, under another number, or on another line of its write-ahead log.
HOME = """
CREATE FUNCTION ledger_home() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || '/'
        || (SELECT oid FROM pg_database WHERE datname = current_database())
    FROM pg_control_system()
$$;
CREATE FUNCTION settle_in() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE hold SET home = ledger_home() WHERE home IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER settle_in AFTER INSERT ON message FOR EACH STATEMENT EXECUTE FUNCTION settle_in();
CREATE TRIGGER settle_in AFTER UPDATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION settle_in();
INSERT INTO hold (home) SELECT ledger_home()
    WHERE EXISTS (SELECT FROM message) OR EXISTS (SELECT FROM checkpoint WHERE position > 0);
INSERT INTO hold DEFAULT VALUES ON CONFLICT DO NOTHING;
"""

# Here, and not in whoever sends: no code of any version can forget to ask. Nothing is ended meanwhile either,
# as if it had not been sent. But who is erased, or in danger, is not kept waiting.
REFUSE = """
CREATE FUNCTION may_send() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hold WHERE held_at IS NULL AND (home IS NULL OR home = ledger_home())) THEN
        RETURN NEW;
    END IF;
    IF NEW.direct AND EXISTS (
        SELECT FROM direct WHERE message_id = NEW.message_id AND kind IN ('signpost', 'flag')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this ledger was restored: it sends nothing until it has been reconciled'
        USING ERRCODE = 'CN020', HINT = 'cairn reminders release';
END
$$;
CREATE TRIGGER may_send BEFORE UPDATE OF state ON message FOR EACH ROW
    WHEN (OLD.state = 'planned' AND (NEW.state = 'sending' OR NEW.state IN ('suppressed', 'expired')
        AND coalesce(NEW.cause, '') NOT IN ('erased', 'after_flag')))
    EXECUTE FUNCTION may_send();
"""

GRANTS = """
GRANT SELECT, UPDATE ON hold TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the hold, and lets the service's role ask for it and end it."""
    for part in (HOLD, HOME, REFUSE, GRANTS):
        op.execute(part)
