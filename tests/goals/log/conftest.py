"""A log of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.database import engine
from shared.vault import Vault
from tests.conftest import Databases
from tests.goals.log.writing import Log


@pytest.fixture
def log(databases: Databases) -> Iterator[Log]:
    """An empty log with its vault."""
    goals = engine(databases.goals, autocommit=True, pool_size=20)
    vault = engine(databases.vault, autocommit=True, pool_size=5)
    admin = engine(databases.goals_admin, pool_size=2)
    yield Log(goals, Vault(vault, b"k" * 32), admin)
    for used in (goals, vault, admin):
        used.dispose()
