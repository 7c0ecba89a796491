"""The service that each test of rebuilding begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.goals.rebuilding.lived import Lived
from tests.goals.rebuilding.lived import lived as having_lived


@pytest.fixture
def lived(databases: Databases) -> Iterator[Lived]:
    """A goals service that has lived a little."""
    with having_lived(databases) as made:
        yield made
