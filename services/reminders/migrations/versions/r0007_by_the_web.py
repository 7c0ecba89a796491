"""Which way she did what goes to the log: by a text, or on a page of ours."""

from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the way; what waits already came by a text."""
    op.execute("ALTER TABLE outgoing ADD via text NOT NULL DEFAULT 'sms' CHECK (via IN ('sms', 'web'))")
