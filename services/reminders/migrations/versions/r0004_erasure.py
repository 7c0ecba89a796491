"""Who was erased, and forgetting all that is kept of her but ids, states and times."""

from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

ERASED = """
CREATE TABLE erased_client (
    client_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    erased_at timestamptz NOT NULL,
    key_destroyed_at timestamptz
);
CREATE INDEX erased_client_open ON erased_client (erased_at) WHERE key_destroyed_at IS NULL;
CREATE INDEX outbox_record ON outbox (record_id);
CREATE INDEX direct_record ON direct (record_id);
"""

# The service's role may remove nobody. By this it removes who is erased, and nobody else.
FORGET = """
CREATE FUNCTION forget_client(a_client uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM erased_client WHERE client_id = a_client) THEN
        RAISE EXCEPTION 'only who was erased is forgotten' USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM person WHERE client_id = a_client;
    DELETE FROM contact WHERE client_id = a_client;
    DELETE FROM reminder WHERE client_id = a_client;
    DELETE FROM quiet WHERE client_id = a_client;
    DELETE FROM question WHERE client_id = a_client;
    DELETE FROM parked_event WHERE record_id = a_client;
    DELETE FROM parked_record WHERE record_id = a_client;
    DELETE FROM outbox WHERE record_id = a_client;
    UPDATE direct SET sealed = NULL WHERE sealed IS NOT NULL
        AND message_id IN (SELECT message_id FROM message WHERE client_id = a_client);
    UPDATE direct SET sealed = NULL WHERE record_id = a_client AND sealed IS NOT NULL;
    UPDATE inbound SET sealed = NULL, from_hash = '' WHERE client_id = a_client;
    UPDATE flag SET next_notice_at = NULL WHERE client_id = a_client;
END
$$;
"""

GRANTS = """
REVOKE ALL ON FUNCTION forget_client FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_client TO cairn_reminders;
GRANT SELECT, INSERT, UPDATE (key_destroyed_at) ON erased_client TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the table and the function, and lets the service's role use them."""
    for part in (ERASED, FORGET, GRANTS):
        op.execute(part)
