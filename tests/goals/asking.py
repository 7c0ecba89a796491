"""Asking the five beats directly: a clinic's therapist, her clients, and what then stands in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from services.goals.beats import Answer, Busy, House
from services.goals.handle import handle_client
from services.goals.log.append import NewEvent, append
from services.goals.log.read import load
from services.goals.rules.access import Who
from services.goals.rules.commands.client import RegisterClient
from services.goals.rules.commands.clinic import SetClinic
from services.goals.rules.commands.goal import SetGoal
from services.goals.rules.refusal import Refused
from shared.database import engine
from shared.events import Recorded, WinRecorded
from tests import controls as c
from tests.conftest import Databases

OPERATOR = Who("operator", "an-operator")
ANA = Who("therapist", str(c.THERAPIST), c.CLINIC)
NORTHSIDE = SetClinic(
    name="Northside Counselling",
    sender="Northside",
    phone="+15035550100",
    country="US",
    locale="en",
    time_zone=c.ZONE,
    quiet_start="21:00",
    quiet_end="08:00",
)


def ask(house: House, client: UUID, command: Any, who: Who = ANA, **options: Any) -> Answer:
    """Puts a command to the beats; raises as they do."""
    return handle_client(house, who, client, command, operation="a_test", correlation_id="a-test", **options)


def patient(house: House, client: UUID, command: Any, who: Who = ANA) -> Answer | Refused:
    """Asks until it is answered or refused."""
    while True:
        try:
            return ask(house, client, command, who)
        except Busy:
            continue
        except Refused as refusal:
            return refusal


def registered(house: House) -> UUID:
    """A new client."""
    client = uuid4()
    ask(house, client, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
    return client


def a_goal(goal_id: UUID, *, focus: bool = False) -> SetGoal:
    """A goal of the coming month."""
    return SetGoal(
        goal_id=goal_id,
        specific="Deep breathing",
        measure=c.TWICE_A_DAY,
        target=2,
        confidence=7,
        relevance="calm",
        start_on=c.TODAY,
        end_on=date(2026, 4, 2),
        focus=focus,
    )


def record_of(house: House, client: UUID) -> tuple[Recorded, ...]:
    """The events of her record."""
    with house.engine.connect() as connection:
        history = load(connection, house.vault, c.CLINIC, client)
    return history.events if history else ()


def types_of(house: House, client: UUID) -> list[str]:
    """The types of the events of her record."""
    return [event.data.TYPE for event in record_of(house, client)]


@contextmanager
def moving(house: House, databases: Databases, client: UUID) -> Iterator[None]:
    """Somebody else has written to her record and not committed; who writes now waits, and at the end sees
    that it has moved."""
    events = record_of(house, client)
    win = NewEvent(
        stream_id=client,
        stream_kind="client",
        version=1 + sum(event.stream_id == client for event in events),
        event_id=uuid4(),
        time=c.NOW,
        data=WinRecorded(win_id=uuid4(), kind="other", on=c.TODAY),
    )
    others = engine(databases.goals)
    with others.begin() as connection:
        append(
            connection,
            house.vault,
            clinic_id=c.CLINIC,
            record_id=client,
            expected_version=len(events),
            events=[win],
            actor=c.BY_CLIENT,
            correlation_id="a-test",
        )
        yield
    others.dispose()


def wait_for_a_writer(admin: Engine) -> None:
    """Returns once somebody waits for a lock; a test's timeout bounds it."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with admin.connect() as connection:
        while not connection.scalar(waiting):
            connection.rollback()
