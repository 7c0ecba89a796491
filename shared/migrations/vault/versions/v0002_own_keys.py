"""The vault's own keys, each for one purpose, and finding what a master key wrapped."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table and the index."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
