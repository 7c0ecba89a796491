"""What comes due by itself for clients, and each clinic's weekly digest, in plain columns."""

from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

PROMPTS = """
CREATE TABLE prompt (
    key text PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    clinic_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('rating', 'review', 'quiet')),
    channels text[] NOT NULL,
    detail jsonb NOT NULL,
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    correlation_id text NOT NULL
);
CREATE INDEX prompt_due ON prompt (due_at);
CREATE INDEX prompt_client ON prompt (client_id);
CREATE TABLE digest (
    clinic_id uuid PRIMARY KEY,
    zone text NOT NULL,
    next_due_at timestamptz NOT NULL
);
CREATE INDEX digest_due ON digest (next_due_at);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON prompt TO cairn_reminders;
GRANT SELECT, INSERT, UPDATE ON digest TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the tables and lets the service's role use them, no more than it needs."""
    op.execute(PROMPTS)
    op.execute(GRANTS)
