"""Who still works where, and the log of who looked at which record."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0003"
down_revision = "g0002"
branch_labels = None
depends_on = None

HERE = Path(__file__).parent


def upgrade() -> None:
    """Tables, functions and grants: the staff, then the access log."""
    for part in ("staff", "access"):
        run_sql(op.get_bind(), HERE / f"g0003_{part}.sql")
