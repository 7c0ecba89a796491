"""The goals service's databases: how they come to be what this code expects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from shared import migrations

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "g0009"
VAULT_HEAD = "v0002"
"""The steps that this code expects."""

_STEP = text("SELECT version_num FROM alembic_version")


def migrate(goals_url: str, vault_url: str) -> None:
    """Brings the log and the vault to what this code expects, as their owners. Again changes nothing."""
    migrations.upgrade(vault_url, migrations.VAULT)
    migrations.upgrade(goals_url, MIGRATIONS)


def unready(goals: Engine, vault: Engine | None = None) -> str | None:
    """Why these databases cannot be served from, or None. Raises OperationalError when one is away.

    Who opens nothing personal needs no vault.
    """
    for name, engine, expected in (("goals", goals, HEAD), ("vault", vault, VAULT_HEAD)):
        if engine is None:
            continue
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NOT NULL")):
                return f"The {name} database is empty; run cairn goals migrate."
            if (step := connection.scalar(_STEP)) != expected:
                return f"The {name} database is at {step}, not {expected}; run cairn goals migrate."
    return None
