"""What the beats need: a house with one clinic in it, at one moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.goals.beats import House
from services.goals.handle import handle_clinic
from shared.database import engine
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.asking import NORTHSIDE, OPERATOR


@pytest.fixture
def house(databases: Databases) -> Iterator[House]:
    """A house whose clock stands at NOW."""
    goals = engine(databases.goals, autocommit=True, pool_size=10)
    vault = engine(databases.vault, autocommit=True, pool_size=10)
    made = House(goals, Vault(vault, b"k" * 32), now=lambda: c.NOW)
    handle_clinic(made, OPERATOR, c.CLINIC, NORTHSIDE, correlation_id="a-test")
    yield made
    goals.dispose()
    vault.dispose()
