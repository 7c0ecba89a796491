"""The reminder service's databases: how they come to be what this code expects."""

from __future__ import annotations

from pathlib import Path

from shared.migrations import VAULT, upgrade

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "r0011"
"""The step that this code expects; /readyz says so when the database is at another."""


def migrate(reminders_url: str, vault_url: str) -> None:
    """Brings the reminder database and its vault to what this code expects, as their owners. Repeatable."""
    upgrade(reminders_url, MIGRATIONS)
    upgrade(vault_url, VAULT)
