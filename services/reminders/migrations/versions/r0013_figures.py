"""What the figures of the ledger are read by, so that a scrape costs the same at a million messages."""

from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

# The causes are those of `OURS` in services/reminders/channels: a test holds the query to this index.
FIGURES = """
CREATE INDEX message_queue ON message (channel, queue, next_attempt_at) WHERE state = 'planned';
CREATE INDEX message_sender ON message (settled_at) WHERE cause IN (
    'provider_refuses_us', 'country_not_enabled', 'filtered_by_carrier', 'sender_not_registered',
    'mail_server_refuses_us', 'mail_server_not_trusted', 'sender_refused');
CREATE INDEX outgoing_oldest ON outgoing (created_at) WHERE state = 'waiting';
CREATE INDEX direct_signpost_open ON direct (expires_at) WHERE kind = 'signpost';
"""


def upgrade() -> None:
    """Makes the indexes."""
    op.execute(FIGURES)
