"""A reminder service on a real PostgreSQL and a real Valkey, for one test."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from infra.local.ports import free_port
from services.reminders.app import create_app
from services.reminders.parts import Parts
from shared.settings import Settings
from tests.conftest import Databases
from tests.reminders.both import Both
from tests.reminders.house import House
from tests.reminders.wired import Wired, wired_up

KEY = b"k" * 32


@pytest.fixture
def settings(databases: Databases, broker_url: str) -> Settings:
    """The settings of a reminder service whose channels are local."""
    return Settings(
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url,
        goals_url="http://127.0.0.1:9",
        master_key=KEY,
        token_key=KEY,
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The service, with nothing in it yet."""
    parts = Parts(settings)
    yield House(parts)
    parts.close()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Its application; its connections are given back after the test."""
    made = create_app(settings)
    yield made
    made.extensions["parts"].close()


@pytest.fixture
def wired(settings: Settings) -> Iterator[Wired]:
    """The service, sending by the stand-in and told by it over HTTP."""
    with wired_up(settings) as all_of_it:
        yield all_of_it


@pytest.fixture
def both(settings: Settings, databases: Databases) -> Iterator[Both]:
    """The two houses, with a clinic and a client."""
    port = free_port()
    ours = replace(
        settings, goals_url=f"http://127.0.0.1:{port}", reminders_public_url="https://r.example.org"
    )
    theirs = Settings(
        goals_database_url=databases.goals,
        vault_database_url=databases.vault,
        master_key=b"g" * 32,
        token_key=KEY,
    )
    houses = Both(House(Parts(ours), now=datetime.now(UTC)), ours, theirs)
    houses.start()
    houses.begin()
    yield houses
    houses.close()
