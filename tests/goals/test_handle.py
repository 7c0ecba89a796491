"""The five beats on a real PostgreSQL: what one command does to a record, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.goals import current
from services.goals.beats import House
from services.goals.handle import handle_client, handle_clinic
from services.goals.log.read import load
from services.goals.rules.access import Who
from services.goals.rules.commands.client import RegisterClient, SetContact
from services.goals.rules.commands.goal import AdjustGoal, LogPractice
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere, Refused, Stale
from shared.events import Change
from tests import controls as c
from tests.goals.asking import NORTHSIDE, OPERATOR, a_goal, ask, registered, types_of


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
    assert "cairn.client.contact_set.v1" not in types_of(house, second)
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
    handle_client(house, elsewhere, stranger, register, operation="a_test", correlation_id="a-test")
    for command in (register, a_goal(goal)):
        client = first if command is register else stranger
        with pytest.raises(NotThere):
            handle_client(house, elsewhere, client, command, operation="a_test", correlation_id="a-test")


def test_what_is_refused_leaves_nothing(house: House) -> None:
    client = registered(house)
    with house.engine.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM cairn.stream")).scalar_one()
    with pytest.raises(Refused):
        ask(house, client, replace(a_goal(uuid4()), end_on=c.TODAY))
    with house.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cairn.stream")).scalar_one() == before
    assert len(types_of(house, client)) == 2


def test_a_clinic_is_no_client_and_a_client_no_goal(house: House) -> None:
    client = registered(house)
    register = RegisterClient(name="Another", locale="en", time_zone=c.ZONE, adult=True)
    with pytest.raises(NotThere):
        ask(house, c.CLINIC, register)
    for taken in (client, c.CLINIC):
        with pytest.raises(Refused, match="an id of its own"):
            ask(house, client, a_goal(taken))
    assert len(types_of(house, client)) == 2
    assert types_of(house, c.CLINIC) == ["cairn.clinic.set.v1"]
