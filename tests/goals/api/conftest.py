"""The goals service's app on databases of its own, and somebody who knocks at its door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import Databases
from tests.goals.api.callers import Knock, begin, set_goal, settings


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """The app; its connections are given back after the test."""
    made = create_app(settings(databases.goals, databases.vault), threads=8)
    yield made
    made.extensions[ROOMS].close()


@pytest.fixture
def knock(app: Flask) -> Knock:
    """A caller on an empty house."""
    return Knock(app)


@pytest.fixture
def begun(knock: Knock) -> Knock:
    """A caller where a clinic, a therapist and a client are."""
    begin(knock)
    return knock


@pytest.fixture
def active(begun: Knock) -> Knock:
    """A caller where the client's goal is set."""
    set_goal(begun)
    return begun


@pytest.fixture
def count_events(databases: Databases) -> Iterator[object]:
    """Counts the events in the log."""
    engine = create_engine(databases.goals_admin)

    def count() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM cairn.event")).scalar_one())

    yield count
    engine.dispose()
