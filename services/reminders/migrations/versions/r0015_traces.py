"""Of which trace a message is, where traces are told of: W3C trace context, which names nobody."""

from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

TRACES = """
CREATE TABLE message_trace (
    message_id uuid PRIMARY KEY REFERENCES message,
    traceparent text NOT NULL CHECK (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$')
);
ALTER TABLE message_trace ENABLE ROW LEVEL SECURITY;
CREATE POLICY sends_for_all ON message_trace TO cairn_reminders USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON message_trace TO cairn_reminders;
"""


def upgrade() -> None:
    """Makes the table, and lets the service's role use it."""
    op.execute(TRACES)
