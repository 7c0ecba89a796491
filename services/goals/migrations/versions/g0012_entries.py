"""What clients entered lately, found record by record, however large the log is."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0012"
down_revision = "g0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The one function, which read all of the log where many clients were asked for."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
