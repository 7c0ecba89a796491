"""What was set aside can be taken up again, and a message that breaks whoever judges it is set aside too."""

from alembic import op

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

ASIDE = """
ALTER TABLE message ADD aside text;
CREATE INDEX message_aside ON message (created_at, message_id) WHERE aside IS NOT NULL;
GRANT DELETE ON parked_record, parked_event TO cairn_reminders;
"""


def upgrade() -> None:
    """Adds why a message was set aside, and lets the service's role remove what it has taken up again."""
    op.execute(ASIDE)
