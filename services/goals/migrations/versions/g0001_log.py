"""The log in its final form, the current state, and who may do what to them."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).parent


def upgrade() -> None:
    """Tables, functions, then grants: each file is read in one go."""
    for part in ("tables", "refusals", "append", "current", "grants"):
        run_sql(op.get_bind(), HERE / f"g0001_{part}.sql")
