"""What clients answer, what is answered to them, and what is held because of it."""

from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

ANSWERS = """
CREATE TABLE contact (
    channel text NOT NULL,
    address_hash bytea NOT NULL,
    client_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    PRIMARY KEY (channel, address_hash, client_id)
);
CREATE INDEX contact_client ON contact (client_id);
CREATE TABLE inbound (
    inbound_id uuid PRIMARY KEY,
    channel text NOT NULL,
    from_hash bytea NOT NULL,
    client_id uuid,
    clinic_id uuid,
    intent text,
    safety boolean NOT NULL DEFAULT false,
    fell_back boolean NOT NULL DEFAULT false,
    sealed bytea,
    received_at timestamptz NOT NULL,
    correlation_id text NOT NULL
);
CREATE INDEX inbound_client ON inbound (client_id, received_at) WHERE client_id IS NOT NULL;
CREATE INDEX inbound_fallback ON inbound (from_hash, received_at) WHERE fell_back;
ALTER TABLE message ALTER client_id DROP NOT NULL, ALTER clinic_id DROP NOT NULL,
    ADD direct boolean NOT NULL DEFAULT false;
CREATE TABLE direct (
    message_id uuid PRIMARY KEY REFERENCES message,
    record_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('reply', 'acknowledgement', 'signpost', 'flag', 'notice', 'digest')),
    despite_opt_out boolean NOT NULL,
    expires_at timestamptz NOT NULL,
    sealed bytea
);
CREATE INDEX direct_signpost ON direct (message_id) WHERE kind = 'signpost';
CREATE TABLE quiet (
    client_id uuid NOT NULL,
    cause text NOT NULL CHECK (cause IN ('after_flag', 'resting', 'paused')),
    until timestamptz NOT NULL,
    PRIMARY KEY (client_id, cause)
);
CREATE TABLE question (
    client_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('which', 'opt_in')),
    goals uuid[] NOT NULL,
    sealed bytea,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, kind)
);
CREATE TABLE flag (
    flag_id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    notices integer NOT NULL DEFAULT 0,
    next_notice_at timestamptz
);
CREATE INDEX flag_due ON flag (next_notice_at) WHERE next_notice_at IS NOT NULL;
ALTER TABLE outgoing ADD reply_to uuid REFERENCES inbound;
ALTER TABLE opt_out ADD lifted_at timestamptz, DROP CONSTRAINT opt_out_source_check,
    ADD CONSTRAINT opt_out_source_check
        CHECK (source IN ('provider', 'link', 'reply', 'wrong_number', 'page'));
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON inbound, direct, flag TO cairn_reminders;
GRANT SELECT, INSERT, UPDATE, DELETE ON contact, quiet, question TO cairn_reminders;
GRANT UPDATE ON opt_out TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the tables and lets the service's role use them, no more than it needs."""
    op.execute(ANSWERS)
    op.execute(GRANTS)
