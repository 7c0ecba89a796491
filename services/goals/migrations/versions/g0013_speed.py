"""The append again, with less to do for each event: of one, and of many records in one pass."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0013"
down_revision = "g0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """cairn.append and cairn.append_all, what keeps the staff list, and how what is sealed is stored."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
