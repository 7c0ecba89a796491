"""Who signs in to the therapist's room, and what its pages read of many records at once."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0008"
down_revision = "g0005"
branch_labels = None
depends_on = None

HERE = Path(__file__).parent


def upgrade() -> None:
    """The accounts and their sessions, then the reads."""
    for part in ("accounts", "reads"):
        run_sql(op.get_bind(), HERE / f"g0008_{part}.sql")
