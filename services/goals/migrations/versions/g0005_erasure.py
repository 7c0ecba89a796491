"""Who is to be erased and how far that has come, and forgetting what is kept beside the log."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0005"
down_revision = "g0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables, functions and grants."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
