"""A record as of a moment: what happened when, when we learned it, and what each axis says of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from services.goals.rules.days import day_of, stays_of
from services.goals.rules.goal import Goal
from services.goals.rules.rated import standing
from services.goals.rules.record import Record, fold
from services.goals.rules.refusal import Invalid, NotThere
from services.goals.rules.timeline import Axis, as_of, at_version, moment_of, place
from shared.events import (
    CareEnded,
    CareResumed,
    Change,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalPaused,
    GoalPrioritised,
    GoalReopened,
    GoalResumed,
    Measure,
    MilestoneReached,
    PracticeLogged,
    PracticeVoided,
    PreferencesSet,
    RatingRecorded,
    RatingVoided,
    Recorded,
    WinRecorded,
    WinVoided,
    fact_id,
)
from tests import controls as c

MINUTES = Measure(kind="duration", unit="minute")


class Said(NamedTuple):
    """An event: on which stream, when it was recorded, and when it was true where that was earlier."""

    recorded: str
    data: Event
    time: str | None = None
    stream: UUID = c.GOAL


def new_york(when: str) -> datetime:
    """A moment of March 2026 in New York: "9 14:30" is the 9th, half past two."""
    day, _, clock = when.partition(" ")
    local = datetime.fromisoformat(f"2026-03-{int(day):02} {clock or '12:00'}")
    return local.replace(tzinfo=ZoneInfo(c.ZONE)).astimezone(UTC)


def recorded(*said: Said) -> list[Recorded]:
    """The record in which the goal was drafted and set on the 2nd, and this was said after it."""
    begun = [Said("2 09:00", data, stream=stream) for stream, data in (event[:2] for event in c.ACTIVE)]
    events = c.history(*((s.stream, s.data, _id(s)) for s in (*begun, *said)))
    return [
        msgspec.structs.replace(e, recorded_at=new_york(s.recorded), time=new_york(s.time or s.recorded))
        for e, s in zip(events, (*begun, *said), strict=True)
    ]


def _id(said: Said) -> UUID:
    """A fact's id as the rules make it, so that its void finds it."""
    kinds = {PracticeLogged: "practice", RatingRecorded: "rating", WinRecorded: "win"}
    kind = kinds.get(type(said.data), said.data.TYPE)
    field = said.data.__struct_fields__[0]
    return fact_id(said.stream, kind, getattr(said.data, field) if field.endswith("_id") else said)


def then(events: list[Recorded], when: str, axis: Axis) -> Record:
    """The record as of a moment of March."""
    return fold(c.CLIENT, as_of(events, new_york(when), axis))


def practice(number: int, day: int, quantity: int = 1) -> PracticeLogged:
    return PracticeLogged(practice_id=c.named(number), on=date(2026, 3, day), quantity=quantity)


def adjusted(number: int, day: int, *changes: Change, kind: Any = "eased", epoch: int = 1) -> GoalAdjusted:
    return GoalAdjusted(
        adjustment_id=c.named(number),
        kind=kind,
        changes=changes,
        reason_code="barrier",
        effective_on=date(2026, 3, day),
        epoch=epoch,
        agreed="together",
    )


def rated(number: int, value: int, session: int | None = None) -> RatingRecorded:
    return RatingRecorded(
        rating_id=c.named(number),
        value=value,
        rater="client",
        epoch=1,
        session_id=c.named(session) if session else None,
    )


def target(was: int, now: int) -> Change:
    return Change("target", was, now)


def ratings(goal: Goal) -> list[int]:
    return [rating.value for rating in standing(goal.ratings)]


TO_MINUTES = Change("measure", msgspec.to_builtins(c.TWICE_A_DAY), msgspec.to_builtins(MINUTES))
PAUSED = GoalPaused(pause_id=c.named(1))
RESUMED = GoalResumed(pause_id=c.named(1))
LET_GO = GoalClosed(closure_id=c.named(1), agreed="client", outcome="let_go")

ROWS: dict[str, tuple[tuple[Said, ...], str, dict[Axis, dict[str, Any]]]] = {
    "a practice entered today about last week is known from today on, and was true last week": (
        (Said("16", practice(1, 9)),),
        "9 23:59",
        {"known": {"practices": 0, "quantity": 0}, "true": {"practices": 1, "quantity": 1}},
    ),
    "... and was not true the day before": (
        (Said("16", practice(1, 9)),),
        "8 23:59",
        {"known": {"practices": 0}, "true": {"practices": 0}},
    ),
    "... and is known from its recording on": (
        (Said("16", practice(1, 9)),),
        "16 12:00",
        {"known": {"practices": 1}, "true": {"practices": 1}},
    ),
    "a practice of today is true from when it was entered": (
        (Said("9 18:00", practice(1, 9)),),
        "9 17:59",
        {"known": {"practices": 0}, "true": {"practices": 0}},
    ),
    "one that names its time is true from then on": (
        (Said("16", practice(1, 9), time="9 18:00"),),
        "9 18:00",
        {"known": {"practices": 0}, "true": {"practices": 1}},
    ),
    "a voided fact was never true": (
        (
            Said("9", practice(1, 9)),
            Said("16", PracticeVoided(practice_id=c.named(1), on=c.TODAY, quantity=1, epoch=1)),
        ),
        "10",
        {"known": {"practices": 1}, "true": {"practices": 0}},
    ),
    "... though it was known until it was voided": (
        (
            Said("9", practice(1, 9)),
            Said("16", PracticeVoided(practice_id=c.named(1), on=c.TODAY, quantity=1, epoch=1)),
        ),
        "16",
        {"known": {"practices": 0, "quantity": 0}, "true": {"practices": 0, "quantity": 0}},
    ),
    "a voided win and a voided rating too": (
        (
            Said("9", WinRecorded(win_id=c.named(1), kind="other", on=date(2026, 3, 9))),
            Said("9", rated(1, 0)),
            Said("16", WinVoided(win_id=c.named(1))),
            Said("16", RatingVoided(rating_id=c.named(1))),
        ),
        "10",
        {"known": {"wins": 1, "ratings": [0]}, "true": {"wins": 0, "ratings": []}},
    ),
    "a rating of 0 is true from its time on": (
        (Said("16", rated(1, 0), time="9"),),
        "9",
        {"known": {"ratings": []}, "true": {"ratings": [0]}},
    ),
    "ratings stand in the order in which they were true": (
        (Said("10", rated(1, 5)), Said("16", rated(2, 3), time="9")),
        "20",
        {"known": {"ratings": [3, 5]}, "true": {"ratings": [3, 5]}},
    ),
    "a rating takes another's place in a session from its own time on": (
        (Said("10 15:00", rated(1, 5, session=7)), Said("16", rated(2, 3, session=7), time="12")),
        "12",
        {"known": {"ratings": [5]}, "true": {"ratings": [3]}},
    ),
    "an adjustment holds from the day on which it takes effect": (
        (Said("16", adjusted(1, 9, target(2, 1))),),
        "9 00:00",
        {"known": {"target": 2}, "true": {"target": 1}},
    ),
    "one that takes effect later is known already": (
        (Said("9", adjusted(1, 16, target(2, 1))),),
        "15 23:59",
        {"known": {"target": 1}, "true": {"target": 2}},
    ),
    "out of order, what takes effect last holds": (
        (Said("10", adjusted(1, 10, target(2, 3))), Said("16", adjusted(2, 5, target(3, 1)))),
        "20",
        {"known": {"target": 1}, "true": {"target": 3}},
    ),
    "a correction holds from the start": (
        (Said("16", adjusted(1, 16, target(2, 1), kind="corrected")),),
        "2 09:00",
        {"known": {"target": 2}, "true": {"target": 1}},
    ),
    "... in the place of what was recorded before it": (
        (
            Said("9", adjusted(1, 9, target(2, 1), Change("confidence", 7, 5))),
            Said("16", adjusted(2, 16, target(1, 4), kind="corrected")),
        ),
        "20",
        {"known": {"target": 4, "confidence": 5}, "true": {"target": 4, "confidence": 5}},
    ),
    "... until something recorded after it takes effect": (
        (
            Said("9", adjusted(1, 9, target(2, 4), kind="corrected")),
            Said("16", adjusted(2, 12, target(4, 3))),
        ),
        "12",
        {"known": {"target": 4}, "true": {"target": 3}},
    ),
    "another measure begins its epoch on the day on which it takes effect": (
        (
            Said("5", practice(1, 5, 2)),
            Said("10", practice(2, 10, 3)),
            Said("16", adjusted(1, 9, TO_MINUTES, epoch=2)),
            Said("16", practice(3, 16, 4)),
        ),
        "16",
        {"known": {"epoch": 2, "quantity": 4}, "true": {"epoch": 2, "quantity": 7}},
    ),
    "... and what was adjusted within the first is of the first": (
        (Said("9", adjusted(1, 9, TO_MINUTES, epoch=2)), Said("16", adjusted(2, 5, target(2, 1), epoch=2))),
        "5",
        {"known": {"epoch": 1, "target": 2}, "true": {"epoch": 1, "target": 1}},
    ),
    "a rating keeps the epoch in which it was given": (
        (Said("10", rated(1, 4)), Said("16", adjusted(1, 9, TO_MINUTES, epoch=2))),
        "16",
        {"known": {"epoch": 2, "rated in": [1]}, "true": {"epoch": 2, "rated in": [1]}},
    ),
    "a pause entered late is true from its time on": (
        (Said("16", PAUSED, time="9"),),
        "9",
        {"known": {"status": "active"}, "true": {"status": "paused"}},
    ),
    "a goal goes through its states in the order in which that was recorded": (
        (Said("9", PAUSED), Said("12", RESUMED), Said("16", LET_GO, time="10")),
        "11",
        {"known": {"status": "paused"}, "true": {"status": "paused"}},
    ),
    "... so that it is as it is now": (
        (Said("9", PAUSED), Said("12", RESUMED), Said("16", LET_GO, time="10")),
        "12",
        {"known": {"status": "active"}, "true": {"status": "closed"}},
    ),
    "... also where it ended twice": (
        (
            Said("5", LET_GO),
            Said("12", GoalReopened(closure_id=c.named(1))),
            Said("16", GoalAchieved(closure_id=c.named(2), agreed="together"), time="4"),
        ),
        "16",
        {"known": {"status": "achieved"}, "true": {"status": "achieved"}},
    ),
    "it is in focus or not as was said last": (
        (
            Said("10", GoalPrioritised(change_id=c.named(1), from_=False, to=True)),
            Said("16", GoalPrioritised(change_id=c.named(2), from_=True, to=False), time="9"),
        ),
        "16",
        {"known": {"focus": False}, "true": {"focus": False}},
    ),
    "what she did before her goal was set stands on its day, on a goal that is a draft then": (
        (Said("2 10:00", practice(1, 1)),),
        "1",
        {"known": {"there": False}, "true": {"status": "draft", "practices": 1}},
    ),
    "nothing changes a goal before it is set": (
        (Said("16", PAUSED, time="1"),),
        "2 09:00",
        {"known": {"status": "active"}, "true": {"status": "paused"}},
    ),
    "a milestone stands at its own time, and is not judged again": (
        (
            Said("16", practice(1, 9)),
            Said(
                "16",
                MilestoneReached(
                    milestone_id=c.named(1), rule="practices", threshold=3, epoch=None, evidence=c.named(1)
                ),
            ),
            Said("17", PracticeVoided(practice_id=c.named(1), on=c.TODAY, quantity=1, epoch=1)),
        ),
        "15",
        {"known": {"milestones": 0}, "true": {"milestones": 0}},
    ),
    "... and outlives its fact": (
        (
            Said("16", practice(1, 9)),
            Said(
                "16",
                MilestoneReached(
                    milestone_id=c.named(1), rule="practices", threshold=3, epoch=None, evidence=c.named(1)
                ),
            ),
            Said("17", PracticeVoided(practice_id=c.named(1), on=c.TODAY, quantity=1, epoch=1)),
        ),
        "17",
        {
            "known": {"milestones": 1, "practices": 0},
            "true": {"milestones": 1, "practices": 0},
        },
    ),
}


def seen(record: Record, name: str) -> Any:
    """What a row asks of the goal."""
    goal = record.goals.get(c.GOAL)
    if name == "there":
        return goal is not None
    assert goal
    match name:
        case "ratings":
            return ratings(goal)
        case "rated in":
            return [rating.epoch for rating in goal.ratings]
        case "milestones":
            return len(goal.milestones)
        case _:
            return getattr(goal, name)


@pytest.mark.parametrize("name", ROWS)
def test_as_of(name: str) -> None:
    said, when, expected = ROWS[name]
    events = recorded(*said)
    found = {
        axis: {field: seen(then(events, when, axis), field) for field in fields}
        for axis, fields in expected.items()
    }
    assert found == expected


def test_a_goal_that_began_before_it_was_entered_was_true_from_its_start() -> None:
    early = msgspec.structs.replace(c.SET, start_on=date(2026, 2, 20))
    events = recorded(Said("16", practice(1, 1)))
    events = [
        msgspec.structs.replace(e, data=early) if isinstance(e.data, type(early)) else e for e in events
    ]
    goal = then(events, "1", "true").goals[c.GOAL]
    assert (goal.status, goal.statement, goal.practices) == ("active", c.STATEMENT, 1)
    assert then(events, "1", "known").goals == {}
    last = datetime(2026, 2, 20, 4, 59, tzinfo=UTC)
    assert as_of(events, last, "true") == ()


HERS: dict[str, tuple[tuple[Said, ...], str, dict[Axis, Any]]] = {
    "she was not registered yet": ((), "1", {"known": None, "true": None}),
    "a win of last week is hers from last week on": (
        (Said("16", WinRecorded(win_id=c.named(1), kind="other", on=date(2026, 3, 9)), stream=c.CLIENT),),
        "9",
        {"known": (0, 0), "true": (1, 0)},
    ),
    "a win from before she was registered is hers from then on": (
        (Said("16", WinRecorded(win_id=c.named(1), kind="other", on=date(2026, 2, 9)), stream=c.CLIENT),),
        "2 09:00",
        {"known": (0, 0), "true": (1, 0)},
    ),
    "care ended on a day is ended from that day on": (
        (Said("16", CareEnded(care_end_id=c.named(1), on=date(2026, 3, 9)), stream=c.CLIENT),),
        "9 00:00",
        {"known": (0, 0), "true": (0, 1)},
    ),
    "care resumed before the day of its end was never resumed before it": (
        (
            Said("9", CareEnded(care_end_id=c.named(1), on=date(2026, 3, 20)), stream=c.CLIENT),
            Said("10", CareResumed(care_end_id=c.named(1)), stream=c.CLIENT),
        ),
        "16",
        {"known": (0, 1), "true": (0, 0)},
    ),
}


@pytest.mark.parametrize("name", HERS)
def test_a_client_as_of(name: str) -> None:
    said, when, expected = HERS[name]
    events = recorded(*said)
    found = {axis: then(events, when, axis).client for axis in expected}
    told = {axis: her and (her.wins, len(her.care_ends)) for axis, her in found.items()}
    assert told == expected


def moved(day: str, zone: str) -> Said:
    return Said(day, PreferencesSet(time_zone=zone, locale="en"), stream=c.CLIENT)


DAYS: dict[str, tuple[tuple[Said, ...], int, str]] = {
    "a day ends where she is": ((), 9, "2026-03-10T03:59:59.999999+00:00"),
    "... also on the day on which the clocks go forward": ((), 7, "2026-03-08T04:59:59.999999+00:00"),
    "a day before she moved ends where she was": (
        (moved("20", "Europe/Madrid"),),
        9,
        "2026-03-10T03:59:59.999999+00:00",
    ),
    "a day after she moved ends where she is now": (
        (moved("20", "Europe/Madrid"),),
        24,
        "2026-03-24T22:59:59.999999+00:00",
    ),
    "a day on which she moved west ends there": (
        (moved("20", "America/Los_Angeles"),),
        20,
        "2026-03-21T06:59:59.999999+00:00",
    ),
    "a day that was over where she came to ends as she leaves": (
        (moved("20 22:00", "Asia/Tokyo"),),
        20,
        "2026-03-21T01:59:59.999999+00:00",
    ),
}


@pytest.mark.parametrize("name", DAYS)
def test_a_day_means_its_end(name: str) -> None:
    said, day, end = DAYS[name]
    meant = moment_of(date(2026, 3, day), recorded(*said), new_york("31"), "#/as_of")
    assert meant == datetime.fromisoformat(end)


def test_today_has_begun_and_tomorrow_is_refused() -> None:
    events = recorded()
    now = new_york("9 00:00")
    assert moment_of(date(2026, 3, 9), events, now, "#/as_of") > now
    for to_come in (date(2026, 3, 10), new_york("9 00:01")):
        with pytest.raises(Invalid) as refused:
            moment_of(to_come, events, now, "#/as_of")
        assert refused.value.pointer == "#/as_of"


def test_a_version_is_the_goal_with_so_many_of_its_events() -> None:
    events = recorded(Said("9", practice(1, 9)), moved("9", "UTC"), Said("9", practice(2, 9)))
    practices = [
        fold(c.CLIENT, at_version(events, c.GOAL, version).events).goals[c.GOAL].practices
        for version in (2, 3, 4)
    ]
    assert practices == [0, 1, 2]
    assert fold(c.CLIENT, at_version(events, c.GOAL, 1).events).goals[c.GOAL].status == "draft"


@pytest.mark.parametrize("version", [0, 3, 10**12])
def test_a_version_that_is_not_there_is_told_which_are(version: int) -> None:
    with pytest.raises(NotThere, match="1 to 2"):
        place(recorded(), c.GOAL, version, "known", c.NOW, "#/version")


def test_a_version_is_no_moment_of_truth() -> None:
    with pytest.raises(Invalid) as refused:
        place(recorded(), c.GOAL, 1, "true", c.NOW, "#/version")
    assert refused.value.pointer == "#/version"


def test_where_she_was_is_told_once_for_each_move() -> None:
    stays = stays_of(recorded(moved("9", c.ZONE), moved("20", "Europe/Madrid")))
    assert [stay.time_zone for stay in stays] == [c.ZONE, "Europe/Madrid"]


@pytest.mark.parametrize(
    ("when", "day"),
    [("19 23:59", 19), ("20 00:00", 20), ("20 11:59", 20), ("20 12:00", 20), ("20 19:00", 21)],
)
def test_a_moment_is_of_the_day_that_it_was_where_she_was(when: str, day: int) -> None:
    stays = stays_of(recorded(moved("20 12:00", "Europe/Madrid")))
    assert day_of(new_york(when), stays) == date(2026, 3, day)
