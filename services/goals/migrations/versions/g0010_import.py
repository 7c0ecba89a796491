"""The append of many records at once looks each stream up by its key."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0010"
down_revision = "g0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Functions and grants."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
