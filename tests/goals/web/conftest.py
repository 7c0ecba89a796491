"""The therapist's room on databases of its own, and people who come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import Databases
from tests.goals.api.callers import SEAL_KEY, Knock, begin, set_goal, settings
from tests.goals.web.visitors import Visitor


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The app, with a clinic, its staff, a client and her goal in it."""
    its = settings(databases.goals, databases.vault, home=tmp_path, seal_key=SEAL_KEY)
    made = create_app(its, threads=8)
    knock = Knock(made)
    begin(knock)
    set_goal(knock)
    yield made
    made.extensions[ROOMS].close()


@pytest.fixture
def knock(app: Flask) -> Knock:
    """A caller with a token."""
    return Knock(app)


@pytest.fixture
def ana(app: Flask) -> Visitor:
    """The client's therapist, who is signed in."""
    return Visitor(app).signed_in("therapist")
