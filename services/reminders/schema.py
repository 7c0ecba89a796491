"""The reminder service's databases: how they come to be what this code expects."""

from __future__ import annotations

from pathlib import Path

from shared.migrations import VAULT, upgrade
from shared.migrations.steps import Expected

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "r0015"
"""The step that this code expects; /readyz says so when it cannot serve the one that the database is at."""
SERVES = ("r0008", "r0010", "r0011", "r0012", "r0013", "r0014")
"""Older steps at which it serves as well, so that it may come before its migration; none where it cannot do
without what the step after them adds. tests/reminders/test_rolling.py tries each."""
EXPECTED = Expected(MIGRATIONS, HEAD, SERVES)


def migrate(reminders_url: str, vault_url: str) -> None:
    """Brings the reminder database and its vault to what this code expects, as their owners. Repeatable."""
    upgrade(reminders_url, MIGRATIONS)
    upgrade(vault_url, VAULT)
