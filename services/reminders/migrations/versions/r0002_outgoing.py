"""What this house brings back to the log: each fact once, waiting here while the goals service is away."""

from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

OUTGOING = """
CREATE TABLE outgoing (
    fact_id uuid PRIMARY KEY,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    record_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL,
    method text NOT NULL CHECK (method IN ('PUT', 'DELETE')),
    path text NOT NULL,
    sealed bytea,
    correlation_id text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'refused')),
    cause text,
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE INDEX outgoing_waiting ON outgoing (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX outgoing_in_order ON outgoing (record_id, sequence) WHERE state = 'waiting';
CREATE INDEX outgoing_refused ON outgoing (kind) WHERE state = 'refused';
"""

GRANTS = "GRANT SELECT, INSERT, UPDATE ON outgoing TO cairn_reminders;"


def upgrade() -> None:
    """Makes the table and lets the service's role use it; nothing is ever removed from it."""
    op.execute(OUTGOING)
    op.execute(GRANTS)
