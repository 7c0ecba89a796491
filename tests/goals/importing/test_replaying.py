"""A record that was exported is the same again once it is imported, and what was changed in it is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from services.goals.importing.judging import Judged
from services.goals.importing.lines import Line
from services.goals.importing.people import Place
from services.goals.importing.replaying import replay
from services.goals.importing.retold import COMMANDS
from services.goals.importing.whole import records
from services.goals.rules.commands.client import RegisterClient, SetContact
from services.goals.rules.decide import decide
from services.goals.rules.proposal import Proposed
from services.goals.rules.record import Record, apply, fold
from shared.events import (
    EVENTS,
    Actor,
    ClientErased,
    ClinicSet,
    MilestoneReached,
    Recorded,
    StaffLeft,
    StaffSet,
)
from shared.lanes import lane_of
from tests import controls as c
from tests.goals.importing.exported import as_exported
from tests.goals.rules import given as g
from tests.goals.rules.any_order import AnyOrder
from tests.goals.rules.test_care_stateful import Care
from tests.goals.rules.test_reach_stateful import Reach
from tests.goals.rules.test_record_stateful import Goals
from tests.goals.rules.test_stopping_stateful import Stopping

PLACE = Place(c.A_CLINIC, c.NOW, None)
A_FEW = settings(max_examples=12, stateful_step_count=30, deadline=None, database=None)


def replayed(lines: list[Any], before: Record | None = None, place: Place = PLACE) -> list[Judged]:
    numbered = (Line(number, said) for number, said in enumerate(lines, start=1))
    return [replay(before or Record(whole.client_id), whole, place) for whole in records(numbered)]


def recorded(number: int, proposed: Proposed, at: datetime, actor: Actor) -> Recorded:
    """The event as the log would hold it, alone in its lane."""
    return Recorded(
        lane=lane_of(c.CLIENT),
        position=number,
        clinic_id=c.CLINIC,
        record_id=c.CLIENT,
        record_version=number,
        stream_id=proposed.stream_id,
        version=0,
        event_id=proposed.event_id,
        time=proposed.time,
        recorded_at=at,
        actor=actor,
        data=proposed.data,
        correlation_id="a-test",
        causation_id=proposed.causation_id,
    )


class Travels(AnyOrder):
    """What any commands came to, exported and imported."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        super().__init__()

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        """Keeps each event with when it was written, and by which way."""
        before = len(self.log)
        super().ask(command, actor)
        for proposed in self.log[before:]:
            self.events.append(recorded(len(self.events) + 1, proposed, self.now, actor))

    def teardown(self) -> None:
        """It is the same record, each event under its id, by whom it was, and by import."""
        [again] = replayed(as_exported(self.events))
        assert again.bad == ()
        assert again.after == self.live
        assert [one.event_id for one, _ in again.made] == [event.event_id for event in self.events]
        assert {actor.via for _, actor in again.made} == {"import"}
        half = len(self.events) // 2
        [rest] = replayed(as_exported(self.events), fold(c.CLIENT, self.events[:half]))
        assert (rest.bad, rest.after) == ((), self.live)
        assert len(rest.made) == len(self.events) - half


class TravellingGoals(Travels, Goals):
    """What is done about her goals."""


class TravellingReach(Travels, Reach):
    """What is done about how she is reached."""


class TravellingCare(Travels, Care):
    """What is done about her care."""


class TravellingStops(Travels, Stopping):
    """What she stops, and starts again."""


@pytest.mark.parametrize("machine", [TravellingGoals, TravellingReach, TravellingCare, TravellingStops])
def test_whatever_was_done_is_the_same_once_it_has_travelled(machine: type[Travels]) -> None:
    run_state_machine_as_test(machine, settings=A_FEW)


def lived() -> list[Recorded]:
    """A record with a goal, practices, an adjustment and milestones."""
    record, events = Record(c.CLIENT), list[Recorded]()
    for command in (
        RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True),
        SetContact(channel="sms", address=c.NUMBER),
        g.BREATHE,
        g.PRACTICE,
        g.EASE,
        g.A_WIN,
    ):
        made = decide(record, command, c.at(), c.A_CLINIC)
        record = apply(record, made)
        events += [
            recorded(len(events) + n, one, c.NOW, c.BY_THERAPIST) for n, one in enumerate(made, start=1)
        ]
    return events


def at_of(lines: list[dict[str, Any]], kind: str) -> int:
    return next(n for n, line in enumerate(lines) if line["type"] == f"cairn.{kind}.v1")


def changed(kind: str, **data: Any) -> list[dict[str, Any]]:
    lines = as_exported(lived())
    lines[at_of(lines, kind)]["data"] |= data
    return lines


def without(kind: str) -> list[dict[str, Any]]:
    lines = as_exported(lived())
    del lines[at_of(lines, kind)]
    return lines


UNCHANGED = as_exported(lived())
CHANGED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "a practice of nothing": (changed("practice.logged", quantity=0), "quantity must be more than 0"),
    "an adjustment of what was not so": (
        changed("goal.adjusted", changes=[{"field": "target", "from": 9, "to": 1}]),
        "from is not what target is",
    ),
    "another epoch": (changed("goal.adjusted", epoch=4), "The rules make something else of it"),
    "a fact of another name": (
        changed("practice.logged", practice_id=str(c.named(77))), "The rules make something else",
    ),
    "a milestone of another threshold": (changed("milestone.reached", threshold=9), "No event before it"),
    "a field that cannot be": (changed("practice.logged", on="someday"), "It is no event"),
    "an event left out": (without("practice.logged"), "An event of hers is missing"),
    "her registration left out": (without("client.registered"), "An event of hers is missing"),
    "no adult": (changed("client.registered", adult=False), "Cairn serves adults"),
    "a type of newer code": (
        [line | ({"dataversion": "9"} if "practice" in line["type"] else {}) for line in UNCHANGED],
        "cairn.practice.logged.v1 in shape 9",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "why"), CHANGED.values(), ids=CHANGED)
def test_what_was_changed_in_a_file_is_refused_and_named(lines: list[dict[str, Any]], why: str) -> None:
    [found] = replayed(lines)
    assert found.made == ()
    assert why in str(found.bad[0])
    assert not any(words in str(found.bad) for words in (c.NAME, c.STATEMENT, c.NUMBER, "someday"))


def test_what_is_here_already_must_be_what_the_file_begins_with() -> None:
    events = lived()
    lines = as_exported(events)
    [same] = replayed(lines, fold(c.CLIENT, events))
    assert (same.made, same.bad) == ((), ())
    other = as_exported(
        [msgspec.structs.replace(event, event_id=c.named(500 + n)) for n, event in enumerate(events)]
    )
    [another] = replayed(other, fold(c.CLIENT, events[:3]))
    assert "another event in this place" in str(another.bad[0])


def test_who_comes_from_another_clinic_gets_a_team_of_this_one() -> None:
    strangers = msgspec.structs.replace(c.A_CLINIC, staff={c.COLLEAGUE: c.A_CLINIC.staff[c.THERAPIST]})
    [nobody] = replayed(as_exported(lived()), place=Place(strangers, c.NOW, None))
    assert "by --therapist" in str(nobody.bad[0])
    [somebody] = replayed(as_exported(lived()), place=Place(strangers, c.NOW, c.COLLEAGUE))
    assert somebody.after.known_client().team == (c.COLLEAGUE,)


def test_she_who_was_erased_does_not_travel() -> None:
    events = lived()
    gone = msgspec.structs.replace(
        events[-1],
        record_version=len(events) + 1,
        event_id=c.named(9),
        data=ClientErased(erasure_id=c.named(8)),
    )
    [found] = replayed(as_exported([*events, gone]))
    assert "She was erased" in str(found.bad[0])


def test_each_event_that_somebody_asks_for_has_its_command() -> None:
    none = {ClinicSet, StaffSet, StaffLeft, ClientErased, MilestoneReached}
    assert set(COMMANDS) == set(EVENTS.values()) - none
