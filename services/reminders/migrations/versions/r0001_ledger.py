"""How far we followed, whom we may write to, what is due, and what was sent."""

from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

FOLLOWING = """
CREATE TABLE checkpoint (
    lane smallint PRIMARY KEY CHECK (lane BETWEEN 0 AND 255),
    position bigint NOT NULL DEFAULT 0,
    recorded_at timestamptz,
    applied_at timestamptz
);
INSERT INTO checkpoint (lane) SELECT generate_series(0, 255);
CREATE TABLE follower (
    follower_id uuid PRIMARY KEY,
    alive_until timestamptz NOT NULL
);
CREATE TABLE parked_record (
    record_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    reason text NOT NULL,
    lane smallint NOT NULL,
    position bigint NOT NULL,
    parked_at timestamptz NOT NULL
);
CREATE TABLE parked_event (
    lane smallint NOT NULL,
    position bigint NOT NULL,
    record_id uuid NOT NULL REFERENCES parked_record,
    event_id uuid NOT NULL,
    type text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (lane, position)
);
CREATE INDEX parked_event_record ON parked_event (record_id);
"""

PEOPLE = """
CREATE TABLE clinic (
    clinic_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE person (
    client_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    version bigint NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX person_clinic ON person (clinic_id);
CREATE TABLE reminder (
    reminder_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    goal_id uuid,
    zone text NOT NULL,
    cadence jsonb,
    active boolean NOT NULL,
    next_due_at timestamptz,
    correlation_id text NOT NULL
);
CREATE INDEX reminder_due ON reminder (next_due_at) WHERE active AND next_due_at IS NOT NULL;
CREATE INDEX reminder_client ON reminder (client_id);
"""

LEDGER = """
CREATE TABLE occasion (
    occasion_id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    client_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    source uuid,
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    clock_offset interval NOT NULL DEFAULT '0',
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX occasion_client ON occasion (client_id);
CREATE TABLE message (
    message_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    queue text NOT NULL CHECK (queue IN ('now', 'bulk')),
    state text NOT NULL CHECK (state IN
        ('planned', 'sending', 'sent', 'delivered', 'failed', 'suppressed', 'expired', 'unknown')),
    cause text,
    attempts integer NOT NULL DEFAULT 0,
    clock_offset interval NOT NULL DEFAULT '0',
    correlation_id text NOT NULL,
    provider_id text,
    sealed bytea,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    rung_at timestamptz,
    claimed_at timestamptz,
    said_at timestamptz,
    settled_at timestamptz,
    reconcile_at timestamptz,
    reconcile_tries integer NOT NULL DEFAULT 0,
    redacted_at timestamptz
);
CREATE INDEX message_client ON message (client_id, created_at);
CREATE INDEX message_waiting ON message (next_attempt_at) WHERE state = 'planned';
CREATE INDEX message_sending ON message (claimed_at) WHERE state = 'sending';
CREATE INDEX message_unknown ON message (claimed_at, message_id) WHERE state = 'unknown';
CREATE INDEX message_reconcile ON message (reconcile_at) WHERE reconcile_at IS NOT NULL;
CREATE UNIQUE INDEX message_provider ON message (provider_id) WHERE provider_id IS NOT NULL;
CREATE TABLE message_occasion (
    message_id uuid NOT NULL REFERENCES message,
    occasion_id uuid NOT NULL REFERENCES occasion,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN
        ('planned', 'saying', 'suppressed', 'expired', 'merged')),
    cause text,
    PRIMARY KEY (message_id, occasion_id)
);
CREATE INDEX message_occasion_occasion ON message_occasion (occasion_id);
CREATE TABLE outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL UNIQUE,
    record_id uuid NOT NULL,
    channel text NOT NULL,
    sealed bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE callback (
    provider_id text NOT NULL,
    status text NOT NULL,
    message_id uuid REFERENCES message,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider_id, status)
);
CREATE TABLE opt_out (
    address_hash bytea PRIMARY KEY,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    source text NOT NULL CHECK (source IN ('provider', 'link')),
    at timestamptz NOT NULL
);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON clinic, person, occasion, message, message_occasion, parked_record
    TO cairn_reminders;
GRANT SELECT, INSERT, UPDATE, DELETE ON reminder, follower TO cairn_reminders;
GRANT SELECT, UPDATE ON checkpoint TO cairn_reminders;
GRANT SELECT ON alembic_version TO cairn_reminders;
GRANT SELECT, INSERT ON parked_event, outbox, callback, opt_out TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the tables and lets the service's role use them, no more than it needs."""
    for part in (FOLLOWING, PEOPLE, LEDGER, GRANTS):
        op.execute(part)
