"""The append takes one event, value by value; an event and its state are written in one call."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0002"
down_revision = "g0001"
branch_labels = None
depends_on = None

HERE = Path(__file__).parent


def upgrade() -> None:
    """The append of the log, what is written with it, then who may call them."""
    for part in ("append", "write", "grants"):
        run_sql(op.get_bind(), HERE / f"g0002_{part}.sql")
