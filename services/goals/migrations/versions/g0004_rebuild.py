"""Where a rebuild keeps what it made until it is swapped in, and who may read all of what is kept."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0004"
down_revision = "g0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables beside the live ones, and the grants."""
    run_sql(op.get_bind(), Path(__file__).parent / "g0004_rebuild.sql")
