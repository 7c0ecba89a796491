"""Which consent was in force when a message was said."""

from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the consent; of what was said before, nobody wrote it down."""
    op.execute("ALTER TABLE message ADD consent_id uuid")
