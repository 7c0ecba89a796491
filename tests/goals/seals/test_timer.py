"""Sealing now and then: what is shown of it, and that it goes on by itself when it can again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from unittest.mock import patch

import pytest
from prometheus_client import CollectorRegistry

from services.goals.parts import Parts, parts_of
from services.goals.seals.bucket import Bucketed
from services.goals.seals.timer import Sealer
from shared.settings import Settings
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log
from tests.goals.seals.store import Refusal, Store, as_settings

SOON = datetime.now(UTC) + timedelta(hours=1)
EVERY = timedelta(hours=1)


class Process:
    """What a process that seals is made of, without its waiting."""

    def __init__(self, parts: Parts) -> None:
        self.registry = CollectorRegistry()
        self.parts = parts
        sealer = parts.seal(self.registry, EVERY)
        assert isinstance(sealer, Sealer)
        self.sealer = sealer

    def shown(self) -> dict[str, float]:
        """Its figures, by what they are of."""
        names = ("number", "fails", "place_away")
        found = {name: self.registry.get_sample_value(f"cairn_seal_{name}") for name in names}
        return {name: value for name, value in found.items() if value}


@pytest.fixture
def process(log: Log, databases: Databases, served: Bucketed) -> Iterator[Process]:
    """One that seals a log of one event into a bucket."""
    log.begin(client=c.CLIENT)
    settings = Settings(goals_database_url=databases.goals, seal_key=b"a" * 32, **as_settings(served))
    with parts_of(settings) as parts:
        yield Process(parts)


def test_it_shows_what_is_sealed_and_what_is_not(process: Process, log: Log) -> None:
    assert process.sealer.seal_now(SOON)
    assert process.shown() == {"number": 1}
    assert process.sealer.seal_now(SOON + EVERY)  # nothing was written since
    assert process.shown() == {"number": 1}
    log.win(c.CLIENT, 1)
    assert process.registry.get_sample_value("cairn_seal_behind_events") == 1
    assert process.parts.unready() is None


def test_while_the_place_is_away_it_is_not_ready_and_then_goes_on(process: Process, store: Store) -> None:
    store.refusals = [Refusal(403, "AccessDenied")]
    assert not process.sealer.seal_now(SOON)
    assert process.shown() == {"place_away": 1}
    unready = process.parts.unready() or ""
    assert unready.startswith("No seal can be kept: s3://kept/log/of-ours at 127.0.0.1:")
    assert process.sealer.seal_now(SOON)
    assert process.shown() == {"number": 1}
    assert process.parts.unready() is None


def test_a_log_that_is_not_as_it_was_written_is_not_sealed_and_said_to_be_so(
    process: Process, log: Log
) -> None:
    log.tamper("UPDATE cairn.event SET body = '{}'")
    assert not process.sealer.seal_now(SOON)
    assert process.shown() == {"fails": 1}
    assert "event 1 is not what its hash was made of" in (process.parts.unready() or "")


def test_what_was_read_is_not_read_again(process: Process, log: Log, store: Store) -> None:
    process.sealer.seal_now(SOON)
    log.win(c.CLIENT, 1)
    process.sealer.seal_now(SOON + EVERY)
    store.asked.clear()
    process.sealer.seal_now(SOON + 2 * EVERY)
    assert [asked for asked in store.asked if "00000001" in asked] == []


def test_when_it_starts_it_waits_until_the_last_seal_is_old_enough(process: Process, store: Store) -> None:
    process.sealer.seal_now(datetime.now(UTC))
    stop = Event()
    with patch.object(stop, "wait", side_effect=lambda _: stop.set()):
        process.sealer(stop)
    assert len(store.buckets["kept"]) == 1
