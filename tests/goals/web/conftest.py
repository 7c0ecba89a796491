"""The therapist's room on databases of its own, and people who come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import COPIES, Databases
from tests.goals.api.callers import SEAL_KEY, Knock, begin, set_goal, settings
from tests.goals.web.lived import live
from tests.goals.web.visitors import Visitor


@contextmanager
def a_room(databases: Databases, home: Path) -> Iterator[Flask]:
    """An app with a clinic, its staff, a client and her goal in it."""
    its = settings(databases.goals, databases.vault, home=home, seal_key=SEAL_KEY)
    made = create_app(its, threads=8)
    knock = Knock(made)
    begin(knock)
    set_goal(knock)
    yield made
    made.extensions[ROOMS].close()


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Such a room, of this test alone."""
    with a_room(databases, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def month(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One with a month behind her, for the tests of a file that only look."""
    copies = Databases(admin=cluster, prefix=f"month{next(COPIES)}_")
    with a_room(copies, tmp_path_factory.mktemp("home")) as made:
        live(Knock(made))
        yield made
    copies.drop()


@pytest.fixture(scope="module")
def reader(month: Flask) -> Visitor:
    """Her therapist there, who is signed in and writes nothing."""
    return Visitor(month).signed_in("therapist")


@pytest.fixture
def knock(app: Flask) -> Knock:
    """A caller with a token."""
    return Knock(app)


@pytest.fixture
def ana(app: Flask) -> Visitor:
    """The client's therapist, who is signed in."""
    return Visitor(app).signed_in("therapist")
