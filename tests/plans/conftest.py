"""Two services on databases that are full, whose every statement tells how it was done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.goals.beats import House as Goals
from services.goals.handle import handle_clinic
from services.reminders.parts import Parts
from shared.database import engine
from shared.settings import Settings
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.asking import NORTHSIDE, OPERATOR
from tests.plans.large import fill_ledger, fill_log, fill_vault
from tests.plans.watching import Plans, watching
from tests.reminders.house import NOW, House

KEY = b"k" * 32


@pytest.fixture(scope="module")
def full(cluster: str) -> Iterator[Databases]:
    """Databases of this module's own."""
    copies = Databases(admin=cluster, prefix="plans_")
    yield copies
    copies.drop()


@pytest.fixture(scope="module")
def goals(full: Databases) -> Iterator[tuple[Goals, Plans]]:
    """The goals service, with a clinic among many."""
    with watching(full.goals_admin, full.vault_admin) as plans:
        known, keys = (engine(url, autocommit=True, pool_size=5) for url in (full.goals, full.vault))
        house = Goals(known, Vault(keys, KEY), now=lambda: c.NOW)
        handle_clinic(house, OPERATOR, c.CLINIC, NORTHSIDE, correlation_id="a-test")
        fill_log(full.goals_admin, c.CLINIC, c.NOW)
        fill_vault(full.vault_admin)
        yield house, plans
        known.dispose()
        keys.dispose()


@pytest.fixture(scope="module")
def reminders(full: Databases, valkey: str) -> Iterator[tuple[House, Plans]]:
    """The reminder service, with a client among many, to whom something is to be said."""
    with watching(full.reminders_admin, full.reminders_vault_admin) as plans:
        fill_ledger(full.reminders_admin, NOW)
        fill_vault(full.reminders_vault_admin)
        settings = Settings(
            reminders_database_url=full.reminders,
            reminders_vault_database_url=full.reminders_vault,
            broker_url=valkey,
            goals_url="http://127.0.0.1:9",
            master_key=KEY,
            token_key=KEY,
        )
        parts = Parts(settings)
        house = House(parts)
        house.begin("sms")
        yield house, plans
        parts.close()
