"""The five beats on a real PostgreSQL: what many writers at once may do to one record, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.goals import current
from services.goals.handle import Answer, Busy, House, handle_client, handle_clinic
from services.goals.log.read import load
from services.goals.rules.access import Who
from services.goals.rules.commands import (
    AdjustGoal,
    LogPractice,
    RecordWin,
    RegisterClient,
    SetClinic,
    SetContact,
    SetGoal,
)
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere, Refused, Stale
from shared.database import engine
from shared.events import Change
from shared.vault import Vault
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


@pytest.fixture
def house(databases: Databases) -> Iterator[House]:
    goals = engine(databases.goals, autocommit=True, pool_size=10)
    vault = engine(databases.vault, autocommit=True, pool_size=10)
    made = House(goals, Vault(vault, b"k" * 32), now=lambda: c.NOW)
    handle_clinic(made, OPERATOR, c.CLINIC, NORTHSIDE, correlation_id="a-test")
    yield made
    goals.dispose()
    vault.dispose()


def ask(house: House, client: UUID, command: Any, **options: Any) -> Answer:
    return handle_client(house, ANA, client, command, correlation_id="a-test", **options)


def registered(house: House) -> UUID:
    client = uuid4()
    ask(house, client, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
    return client


def a_goal(goal_id: UUID, *, focus: bool = False) -> SetGoal:
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


def events_of(house: House, client: UUID) -> list[str]:
    with house.engine.connect() as connection:
        history = load(connection, house.vault, c.CLINIC, client)
        return [event.data.TYPE for event in history.events] if history else []


def patient(house: House, client: UUID, command: Any) -> Answer | Refused:
    while True:
        try:
            return ask(house, client, command)
        except Busy:
            continue
        except Refused as refusal:
            return refusal


def test_four_writers_never_break_the_focus_rule(house: House) -> None:
    for _ in range(10):
        client = registered(house)
        rivals = [a_goal(uuid4(), focus=True) for _ in range(4)]
        with ThreadPoolExecutor(4) as writers:
            answers = list(writers.map(partial(patient, house, client), rivals))
        assert sum(isinstance(answer, Answer) for answer in answers) == 2
        assert events_of(house, client).count("cairn.goal.set.v1") == 2


def test_the_same_win_sent_by_eight_at_once_is_one_event(house: House) -> None:
    client = registered(house)
    win = RecordWin(win_id=uuid4(), text=c.WIN)
    with ThreadPoolExecutor(8) as writers:
        answers = list(writers.map(lambda _: patient(house, client, win), range(8)))
    assert sum(isinstance(a, Answer) and a.created for a in answers) == 1
    assert events_of(house, client).count("cairn.win.recorded.v1") == 1
    assert {len(a.milestones) for a in answers if isinstance(a, Answer)} == {2}


def test_the_live_state_is_what_the_log_replays_to(house: House) -> None:
    client, goal = registered(house), uuid4()
    ask(house, client, a_goal(goal))
    for _ in range(3):
        ask(house, client, LogPractice(goal_id=goal, practice_id=uuid4()))
    ask(house, client, SetContact(channel="sms", address=c.NUMBER, verified_by="seen"))
    with house.engine.connect() as connection:
        history = load(connection, house.vault, c.CLINIC, goal)
        assert history is not None
        record = fold(client, history.events)
        live = {row.stream_id: row for row in current.rows_of(connection, house.vault, c.CLINIC, client)}
    assert live[client].state == record.client
    assert live[goal].state == record.goals[goal]
    assert live[goal].version == record.versions[goal]
    assert live[goal].record_version <= record.version == live[client].record_version


def test_a_stale_version_is_refused_but_a_repeat_is_not(house: House) -> None:
    client, goal = registered(house), uuid4()
    read_at = ask(house, client, a_goal(goal)).version
    ease = AdjustGoal(
        goal_id=goal,
        adjustment_id=uuid4(),
        kind="eased",
        changes=(Change(field="target", from_=2, to=1),),
        reason_code="too_hard",
        reason="Mornings are rushed",
    )
    ask(house, client, ease, if_match=read_at)
    assert not ask(house, client, ease, if_match=read_at).created
    with pytest.raises(Stale, match=f"version {read_at + 1}, not {read_at}"):
        ask(house, client, replace(ease, adjustment_id=uuid4()), if_match=read_at)


def test_one_number_is_one_clients(house: House) -> None:
    first, second = registered(house), registered(house)
    ask(house, first, SetContact(channel="sms", address=c.NUMBER))
    with pytest.raises(Refused) as refused:
        ask(house, second, SetContact(channel="sms", address=c.NUMBER))
    assert c.NUMBER not in refused.value.detail
    assert "cairn.client.contact_set.v1" not in events_of(house, second)
    ask(house, first, SetContact(channel="sms", address="+15035550199"))
    ask(house, second, SetContact(channel="sms", address=c.NUMBER))


def test_a_goal_of_another_client_is_a_conflict_and_of_another_clinic_not_there(house: House) -> None:
    first, second, goal = registered(house), registered(house), uuid4()
    ask(house, first, a_goal(goal))
    with pytest.raises(Refused) as refused:
        ask(house, second, a_goal(goal))
    assert not isinstance(refused.value, NotThere)
    elsewhere = Who("therapist", str(c.COLLEAGUE), c.OTHER_CLINIC)
    handle_clinic(house, OPERATOR, c.OTHER_CLINIC, NORTHSIDE, correlation_id="a-test")
    stranger = uuid4()
    register = RegisterClient(name="Another", locale="en", time_zone=c.ZONE, adult=True)
    handle_client(house, elsewhere, stranger, register, correlation_id="a-test")
    for command in (register, a_goal(goal)):
        client = first if command is register else stranger
        with pytest.raises(NotThere):
            handle_client(house, elsewhere, client, command, correlation_id="a-test")


def test_what_is_refused_leaves_nothing(house: House) -> None:
    client = registered(house)
    with house.engine.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM cairn.stream")).scalar_one()
    with pytest.raises(Refused):
        ask(house, client, replace(a_goal(uuid4()), end_on=c.TODAY))
    with house.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cairn.stream")).scalar_one() == before
    assert len(events_of(house, client)) == 2


def test_a_clinic_is_no_client_and_a_client_no_goal(house: House) -> None:
    client = registered(house)
    register = RegisterClient(name="Another", locale="en", time_zone=c.ZONE, adult=True)
    with pytest.raises(NotThere):
        ask(house, c.CLINIC, register)
    for taken in (client, c.CLINIC):
        with pytest.raises(Refused, match="an id of its own"):
            ask(house, client, a_goal(taken))
    assert len(events_of(house, client)) == 2
    assert events_of(house, c.CLINIC) == ["cairn.clinic.set.v1"]
