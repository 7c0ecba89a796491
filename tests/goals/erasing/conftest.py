"""The trial that each test of erasing begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.goals.erasing.trial import Trial
from tests.goals.erasing.trial import trial as begun


@pytest.fixture
def trial(databases: Databases) -> Iterator[Trial]:
    """A goals service on databases of its own."""
    with begun(databases) as made:
        yield made
