"""A log of its own for each test, and somewhere for its seals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.goals.seals.bucket import Bucketed
from services.goals.seals.kept_in import bucketed
from shared.settings import Settings
from tests.goals.log.conftest import log
from tests.goals.seals.store import ACCESS_KEY, REGION, SECRET_KEY, Store, serving

__all__ = ["log"]


@pytest.fixture
def store() -> Store:
    """What an object store holds, and what is wrong with it."""
    return Store()


@pytest.fixture
def served(store: Store) -> Iterator[Bucketed]:
    """A bucket of that store."""
    with serving(store) as url:
        yield Bucketed("kept", "log/of-ours", url, REGION, ACCESS_KEY, SECRET_KEY)


@pytest.fixture
def bucket(served: Bucketed) -> Bucketed:
    """A bucket of that store, or what CAIRN_TRY_SEALS and the settings of a bucket say: a real one, then."""
    if where := os.environ.get("CAIRN_TRY_SEALS"):
        return bucketed(Settings.read(os.environ | {"CAIRN_SEALS": f"{where}/{uuid4()}"}))
    return served
