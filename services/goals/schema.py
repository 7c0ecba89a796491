"""The goals service's databases: how they come to be what this code expects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from shared import migrations
from shared.migrations.steps import Expected, at

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "g0013"
VAULT_HEAD = "v0002"
"""The steps that this code expects."""
EXPECTED = {
    "goals": Expected(MIGRATIONS, HEAD),
    "vault": Expected(migrations.VAULT, VAULT_HEAD),
}


def migrate(goals_url: str, vault_url: str) -> None:
    """Brings the log and the vault to what this code expects, as their owners. Again changes nothing."""
    migrations.upgrade(vault_url, migrations.VAULT)
    migrations.upgrade(goals_url, MIGRATIONS)


def unready(goals: Engine, vault: Engine | None = None) -> str | None:
    """Why these databases cannot be served from, or None. Raises OperationalError when one is away.

    Who opens nothing personal needs no vault.
    """
    for name, engine in (("goals", goals), ("vault", vault)):
        if engine is None:
            continue
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NOT NULL")):
                return f"The {name} database is empty; run cairn goals migrate."
            expected = EXPECTED[name]
            if not expected.serves(step := at(connection)):
                return f"The {name} database is at {step}, not {expected.head}; run cairn goals migrate."
    return None
