"""Which of her texts somebody of her team has read."""

from alembic import op

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None

READ = """
ALTER TABLE inbound ADD read_at timestamptz, ADD read_by text;
CREATE INDEX inbound_unread ON inbound (clinic_id)
    WHERE read_at IS NULL AND intent = 'unknown' AND NOT safety AND sealed IS NOT NULL;
"""


def upgrade() -> None:
    """Adds when it was read and by whom; what came before is unread, for nobody could read it."""
    op.execute(READ)
