"""A town on the servers of this test worker, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.faults import nursery
from tests.faults.town import Ground, Town
from tests.faults.town import town as built

nursery.prepare()


@pytest.fixture
def soil(databases: Databases, broker_url: str) -> Ground:
    """Fresh databases and an empty bell."""
    return Ground(
        databases.goals,
        databases.vault,
        databases.reminders,
        databases.reminders_vault,
        databases.goals_admin,
        databases.reminders_admin,
        broker_url,
    )


@pytest.fixture
def town(soil: Ground, tmp_path: Path) -> Iterator[Town]:
    """A town in which nothing runs yet but the provider."""
    with built(soil, tmp_path) as it:
        yield it
