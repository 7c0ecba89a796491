"""Eight writers on one record: they are decided one after the other, and no invariant breaks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from services.goals import beats, current
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.goals.beats import Answer, Busy, House
from services.goals.rules.access import Who
from services.goals.rules.commands.goal import (
    AdjustGoal,
    CloseGoal,
    FocusGoal,
    LogPractice,
    RateGoal,
    ReopenGoal,
    VoidPractice,
)
from services.goals.rules.commands.win import RecordWin, VoidWin
from services.goals.rules.record import Record, fold
from shared.events import Change, MilestoneReached, Recorded
from tests import controls as c
from tests.conftest import Databases
from tests.goals.api.callers import A_CLIENT, Knock, begin, named, settings
from tests.goals.asking import (
    ANA,
    a_goal,
    ask,
    moving,
    patient,
    record_of,
    registered,
    types_of,
    wait_for_a_writer,
)
from tests.goals.rules.recount import recount

WRITERS, RECORDS, STEPS = 8, 20, 5


def goal_of(client: UUID, number: int) -> UUID:
    return uuid5(client, f"goal {number}")


def anything(client: UUID, dice: random.Random) -> Any:
    """Something that one of the writers asks for; the ids are few, so that they meet."""
    goal, name = goal_of(client, dice.randrange(4)), uuid5(client, f"fact {dice.randrange(12)}")
    target = dice.sample([1, 2, 3], 2)
    pages = Change(
        "measure",
        {"kind": "per_period", "unit": "exercise", "period": "day"},
        {"kind": "count", "unit": "page"},
    )
    changes = (pages,) if dice.random() < 0.2 else (Change("target", *target),)
    return dice.choice(
        [
            a_goal(goal, focus=True),
            FocusGoal(goal_id=goal, change_id=name, from_=False, to=True),
            FocusGoal(goal_id=goal, change_id=name, from_=True, to=False),
            AdjustGoal(
                goal_id=goal,
                adjustment_id=name,
                kind="refocused",
                changes=changes,
                reason_code="barrier",
                reason="Mornings are rushed",
            ),
            LogPractice(goal_id=goal, practice_id=name),
            VoidPractice(goal_id=goal, practice_id=name),
            RateGoal(goal_id=goal, rating_id=name, value=dice.randrange(11)),
            RecordWin(win_id=name, goal_id=dice.choice([goal, None])),
            VoidWin(win_id=name, goal_id=dice.choice([goal, None])),
            CloseGoal(goal_id=goal, closure_id=name, outcome="let_go"),
            ReopenGoal(goal_id=goal, closure_id=name),
        ]
    )


def write(house: House, client: UUID, seed: int) -> None:
    """One writer's turn: five things, by her or by her therapist."""
    dice = random.Random(seed)  # noqa: S311  # no secret, but the same again
    hers = Who("client", str(client), c.CLINIC, client)
    for _ in range(STEPS):
        patient(house, client, anything(client, dice), dice.choice([ANA, hers]))


def must_hold(events: tuple[Recorded, ...], client: UUID, rows: tuple[current.Current, ...]) -> None:
    """Asserts every invariant of a record, from its events and its current state."""
    record: Record = fold(client, events)
    assert [event.record_version for event in events] == list(range(1, len(events) + 1))
    assert len({event.event_id for event in events}) == len(events)
    milestones = [(e.stream_id, e.data) for e in events if isinstance(e.data, MilestoneReached)]
    assert len({(at, m.rule, m.threshold, m.epoch) for at, m in milestones}) == len(milestones)
    assert sum(g.focus and g.status in ("active", "paused") for g in record.goals.values()) <= 2
    for goal_id, goal in record.goals.items():
        own = [event for event in events if event.stream_id == goal_id]
        assert [event.version for event in own] == list(range(1, len(own) + 1))
        counted = recount(event.data for event in own)
        assert counted.status == goal.status
        assert counted.parts == {name: getattr(goal, name) for name in counted.parts}
        assert (counted.quantity, len(counted.practices)) == (goal.quantity, goal.practices)
    assert {row.stream_id: row.state for row in rows} == {client: record.client, **record.goals}


def test_eight_writers_on_one_record_break_no_invariant(house: House) -> None:
    for record in range(RECORDS):
        client = registered(house)
        for number in range(2):
            ask(house, client, a_goal(goal_of(client, number)))
        with ThreadPoolExecutor(WRITERS) as writers:
            list(writers.map(partial(write, house, client), range(record * WRITERS, (record + 1) * WRITERS)))
        with house.engine.connect() as connection:
            rows = current.rows_of(connection, house.vault, c.CLINIC, client)
        must_hold(record_of(house, client), client, rows)


def test_four_writers_never_break_the_focus_rule(house: House) -> None:
    for _ in range(10):
        client = registered(house)
        rivals = [a_goal(goal_of(client, number), focus=True) for number in range(4)]
        with ThreadPoolExecutor(4) as writers:
            answers = list(writers.map(partial(patient, house, client), rivals))
        assert sum(isinstance(answer, Answer) for answer in answers) == 2
        assert types_of(house, client).count("cairn.goal.set.v1") == 2


def test_the_same_win_sent_by_eight_at_once_is_one_event(house: House) -> None:
    client = registered(house)
    win = RecordWin(win_id=c.named(1), text=c.WIN)
    with ThreadPoolExecutor(WRITERS) as writers:
        answers = list(writers.map(lambda _: patient(house, client, win), range(WRITERS)))
    assert sum(isinstance(a, Answer) and a.created for a in answers) == 1
    assert types_of(house, client).count("cairn.win.recorded.v1") == 1
    assert {len(a.milestones) for a in answers if isinstance(a, Answer)} == {2}


@pytest.fixture
def admin(databases: Databases) -> Iterator[Engine]:
    """Who sees the locks."""
    made = create_engine(databases.goals_admin)
    yield made
    made.dispose()


@pytest.fixture
def once_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The beats run once, so that a record need not move ten times to be too much."""
    monkeypatch.setattr(beats, "MAX_RERUNS", 1)


def test_a_record_that_moved_is_decided_on_again(house: House, databases: Databases, admin: Engine) -> None:
    client = registered(house)
    with ThreadPoolExecutor(1) as writer:
        with moving(house, databases, client):
            answer = writer.submit(ask, house, client, a_goal(goal_of(client, 1)))
            wait_for_a_writer(admin)
        assert answer.result().created
    assert types_of(house, client)[2:] == [
        "cairn.win.recorded.v1",
        "cairn.goal.drafted.v1",
        "cairn.goal.set.v1",
    ]


@pytest.mark.usefixtures("once_only")
def test_past_the_bound_it_gives_up_and_changes_nothing(
    house: House, databases: Databases, admin: Engine
) -> None:
    client = registered(house)
    with ThreadPoolExecutor(1) as writer:
        with moving(house, databases, client):
            answer = writer.submit(ask, house, client, a_goal(goal_of(client, 1)))
            wait_for_a_writer(admin)
        with pytest.raises(Busy):
            answer.result()
    assert types_of(house, client)[2:] == ["cairn.win.recorded.v1"]


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """The app over the same databases."""
    made = create_app(settings(databases.goals, databases.vault), threads=8)
    yield made
    made.extensions[ROOMS].close()


@pytest.mark.usefixtures("once_only")
def test_over_http_the_caller_is_told_when_to_come_back(
    app: Flask, databases: Databases, admin: Engine
) -> None:
    knock, house = Knock(app), app.extensions[ROOMS].house
    begin(knock)
    path = f"{A_CLIENT}/wins/{named('w')}"
    with ThreadPoolExecutor(1) as writer:
        with moving(house, databases, c.CLIENT):
            answer = writer.submit(knock, "client", "PUT", path, {})
            wait_for_a_writer(admin)
        busy = answer.result()
    assert (busy.status_code, busy.content_type) == (503, "application/problem+json")
    assert int(busy.headers["Retry-After"]) >= 1
    assert knock("client", "PUT", path, {}).status_code == 201
