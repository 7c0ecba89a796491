"""One wrapped key a record, and the tombstones of those destroyed."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table of keys."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
