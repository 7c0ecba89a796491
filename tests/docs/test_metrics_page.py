"""docs/metrics.md says of each process which figures it shows, of which kind and by which labels; no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from dramatiq import Message
from dramatiq.broker import MessageProxy
from prometheus_client import CollectorRegistry

from services.goals.api.call import ROOMS
from services.goals.app import create_app as goals_app
from services.goals.parts import Parts as GoalsParts
from services.reminders.app import create_app as reminders_app
from services.reminders.channels import Answer
from services.reminders.following.lag import Lag
from services.reminders.ledger.outgoing import Fact, put
from services.reminders.ledger.tally import moved, opted_out
from services.reminders.parts import Parts
from services.reminders.sending.deliver import Sent
from services.reminders.sending.rung import RungFor
from services.reminders.sending.watched import Watched
from shared.loops import shown
from shared.settings import Settings
from tests.conftest import Databases
from tests.controls import CLIENT, CLINIC, named
from tests.reminders.house import NOW

Shown = dict[str, tuple[str, tuple[str, ...]]]
"""Figures by name: the kind, and the labels in alphabetical order."""
KEY = b"k" * 32
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def said() -> dict[str, Shown]:
    """The page's tables, by their headings."""
    tables: dict[str, Shown] = {}
    for heading, words in re.findall(
        r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL
    ):
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) ?\|", words, re.MULTILINE)
        tables[heading] = {name: (kind, tuple(sorted(re.findall(r"`(\w+)`", by)))) for name, kind, by in rows}
    return tables


def of(registry: CollectorRegistry) -> Shown:
    """What a registry shows; each family must have a sample, by which its labels are known."""
    found: Shown = {}
    for family in registry.collect():
        if not family.name.startswith(("process_", "python_")):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = {label for sample in family.samples for label in sample.labels} - {"le"}
            assert family.samples, f"{name} shows nothing here"
            found[name] = family.type, tuple(sorted(labels))
    return found


@pytest.fixture
def settings(databases: Databases, broker_url: str, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path, goals_database_url=databases.goals, vault_database_url=databases.vault,
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=broker_url, goals_url="http://127.0.0.1:9", master_key=KEY, token_key=KEY, seal_key=KEY,
    )  # fmt: skip


@pytest.fixture
def parts(settings: Settings) -> Iterator[Parts]:
    with closing(Parts(settings)) as made:
        yield made


def come_to_something(parts: Parts) -> None:
    with parts.engine.begin() as connection:
        moved(connection, "sms", "suppressed", "daily_cap")
        opted_out(connection, "sms", "reply", 1)


def every(parts: Parts, registry: CollectorRegistry) -> Shown:
    """What a process of the reminder service shows that has nothing else to show."""
    parts.show_in(registry)
    come_to_something(parts)
    return of(registry)


def test_the_goals_service_shows_what_the_page_says(settings: Settings) -> None:
    app = goals_app(settings, threads=4)
    with closing(app.extensions[ROOMS]):
        app.test_client().get("/healthz")
        shows = of(app.extensions[ROOMS].figures.registry)
    assert shows == said()["Every process"] | said()["`cairn goals serve`"]


def test_the_reminder_service_shows_what_the_page_says(settings: Settings, parts: Parts) -> None:
    app = reminders_app(settings)
    with closing(app.extensions["parts"]) as its:
        app.test_client().get("/healthz")
        come_to_something(its)
        with its.engine.begin() as connection:
            put(connection, its.vault, [Fact(named(7), CLIENT, CLINIC, "k", "PUT", "/", "c")], NOW)
        shows = of(app.extensions["figures"])
    assert shows == said()["Every process"] | said()["`cairn reminders serve`"]


def test_a_worker_shows_what_the_page_says(parts: Parts) -> None:
    watched = Watched()
    for answer in (Answer("sent"), Answer("permanent", "no_such_number")):
        watched.sent(Sent("sms", "now", answer, "sent", 0.1, 0.2, 1))
    watched.no_token("bulk")
    ring = MessageProxy(Message("sms-now", "sms-now", (), {}, {}))
    watched.jobs.before_process_message(parts.broker, ring)
    watched.jobs.after_nack(parts.broker, ring)
    watched.jobs.after_process_message(parts.broker, ring, exception=ValueError())
    assert every(parts, watched.registry) == said()["Every process"] | said()["`cairn reminders work`"]


def test_a_follower_shows_what_the_page_says(parts: Parts) -> None:
    registry = CollectorRegistry()
    Lag(registry).trouble(ValueError())
    shown(registry, {"follow": lambda: True})
    assert every(parts, registry) == said()["Every process"] | said()["`cairn reminders follow`"]


def test_the_other_loops_show_what_the_page_says(parts: Parts) -> None:
    registry = CollectorRegistry()
    registry.register(RungFor(parts.broker))
    shown(registry, {"sweep": lambda: True})
    said_of_them = said()["`cairn reminders schedule`, `sweep` and `reconcile`"]
    assert every(parts, registry) == said()["Every process"] | said_of_them


def test_who_erases_and_seals_shows_what_the_page_says(settings: Settings) -> None:
    registry = CollectorRegistry()
    with closing(GoalsParts(settings)) as its:
        its.erase(registry)
        its.seal(registry, timedelta(hours=1))
        its.show_in(registry)
        shown(registry, {"erase": lambda: True})
        assert its.unready() is None
        shows = of(registry)
    assert shows == said()["Every process"] | said()["`cairn goals erase` and `cairn goals seal`"]


def test_no_label_is_what_is_somebodys() -> None:
    labels = {label for table in said().values() for _, by in table.values() for label in by}
    labels -= {"queue_name", "actor_name"}
    assert not [one for one in labels if re.search(r"client|clinic|record|address|number|name$|id$", one)]
