"""A second fence between clinics: what each function asks for by itself, beside row-level security."""

from pathlib import Path

from alembic import op

from shared.migrations import run_sql

revision = "g0011"
down_revision = "g0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The functions that read and write for a clinic, each with the clinic in its own words."""
    run_sql(op.get_bind(), Path(__file__).with_suffix(".sql"))
