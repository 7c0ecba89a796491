"""Her page shows counts, her label and what is coming; never words, nor that a flag was raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.reminders.rules.ahead import Ahead
from services.reminders.rules.goal import Goal, Practice
from services.reminders.rules.own_page import Way, coming, shown
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Contact, Person, Reminder, evolve
from services.reminders.rules.policy import Quiet, Standing
from shared.events import Cadence, WinRecorded, WinVoided
from tests.controls import CONSENT, GOAL, NOW, PHONE_CONTACT
from tests.reminders.rules.given import DAILY, MAYA, NORTHSIDE, REMINDER, event, local

ONE = UUID(int=1)
SUNDAY, MONDAY, THIS_DAY = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 4)
WEDNESDAY = local(4, "10:00")


def at(*clocks: str, **changes: Any) -> Person:
    """Maya, reminded every day at these times."""
    cadence = Cadence(DAILY.days, clocks)
    return replace(MAYA, reminders={REMINDER: Reminder("practice", "sms", GOAL, cadence)}, **changes)


def clocks(person: Person, standing: Standing = Standing()) -> list[str]:  # noqa: B008  it is frozen
    """What is coming to her from Wednesday 10:00 on."""
    ahead = Ahead(person, NORTHSIDE, WEDNESDAY, standing={"sms": standing})
    return [f"{one.at:%d %H:%M} {one.channel}" for one in coming(ahead, WEDNESDAY)]


@dataclass
class Case:
    """A client, and the first that comes to her."""

    outcome: str
    person: Person
    first: list[str]


RESTS = Pause(date(2026, 3, 6))
CASES = [
    Case("the next times by her clock", at("08:00", "20:00"), ["04 20:00 sms", "05 08:00 sms"]),
    Case("what waits for her hours to end comes then", at("07:30"), ["05 08:00 sms", "06 08:00 sms"]),
    Case("what would expire in her hours does not come", at("05:00"), []),
    Case("a rest is passed over", at("20:00", pauses={ONE: RESTS}), ["07 20:00 sms", "08 20:00 sms"]),
    Case("nothing comes in a rest without an end", at("20:00", pauses={ONE: Pause()}), []),
    Case(
        "a goal that rests is passed over",
        at("20:00", goals={GOAL: Goal(pauses={ONE: RESTS})}),
        ["07 20:00 sms"],
    ),
    Case("nothing comes of a goal that has ended", at("20:00", goals={GOAL: Goal(ended=True)}), []),
    Case("nothing comes after her care", at("20:00", care_ended=True), []),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.outcome)
def test_what_is_coming(case: Case) -> None:
    found = clocks(case.person)
    assert found[: len(case.first)] == case.first
    assert bool(found) == bool(case.first)
    assert len(found) <= 5


def test_what_is_off_does_not_come_and_two_at_one_time_are_one() -> None:
    practice = Reminder("practice", "sms", None, DAILY)
    two = replace(MAYA, reminders={UUID(int=n): practice for n in range(2)})
    assert clocks(two)[:2] == ["04 20:00 sms", "05 08:00 sms"]
    assert clocks(two, Standing(opted_out=True)) == []
    off = replace(MAYA, reminders={REMINDER: replace(practice, active=False)})
    assert clocks(off) == []


def test_a_silence_is_passed_over() -> None:
    quiet = Quiet(WEDNESDAY + timedelta(hours=24), "resting")
    assert clocks(at("20:00"), Standing(quiet=quiet))[0] == "05 20:00 sms"


def test_it_counts_this_week_from_her_monday_on() -> None:
    practices = tuple(Practice(UUID(int=n), on, 1) for n, on in enumerate((SUNDAY, MONDAY, THIS_DAY)))
    person = replace(MAYA, goals={GOAL: Goal(practices=practices)}, wins={ONE: MONDAY, UUID(int=2): SUNDAY})
    page = shown(person, NORTHSIDE, (), None, (), WEDNESDAY)
    assert (page.practices, page.wins) == (2, 1)


def test_a_win_counts_until_it_is_taken_back_and_weeks_later_no_more() -> None:
    def won(number: int, on: date) -> Any:
        return event(WinRecorded(win_id=UUID(int=number), kind="effort", on=on, text="her words"))

    person = evolve(evolve(MAYA, won(1, MONDAY)), won(2, MONDAY))
    assert person
    assert person.wins == {UUID(int=1): MONDAY, UUID(int=2): MONDAY}
    voided = evolve(person, event(WinVoided(win_id=ONE)))
    assert voided
    assert voided.wins == {UUID(int=2): MONDAY}
    later = evolve(voided, won(3, MONDAY + timedelta(days=28)))
    assert later
    assert set(later.wins) == {UUID(int=3)}


@pytest.mark.parametrize(
    ("person", "stopped", "expected"),
    [
        (MAYA, (), Way("sms", is_on=True, reminders=True, celebrations=True)),
        (MAYA, ("sms",), Way("sms", is_on=False, reminders=True, celebrations=True)),
        (
            replace(MAYA, consents={}, reminders={}),
            (),
            Way("sms", is_on=False, reminders=None, celebrations=True),
        ),
        (
            replace(MAYA, reminders={ONE: Reminder("celebration", "sms", active=False)}),
            (),
            Way("sms", is_on=True, reminders=None, celebrations=False),
        ),
        (
            replace(MAYA, consents={CONSENT: replace(MAYA.consents[CONSENT], contact_id=ONE)}),
            (),
            Way("sms", is_on=False, reminders=True, celebrations=True),
        ),
    ],
)
def test_a_channel_is_on_where_she_agreed_and_did_not_stop_it(
    person: Person, stopped: Any, expected: Way
) -> None:
    assert shown(person, NORTHSIDE, stopped, None, (), NOW).ways[0] == expected


def test_a_channel_without_an_address_is_not_there() -> None:
    gone = replace(MAYA, contacts=MAYA.contacts | {PHONE_CONTACT: Contact("sms", None, True)})
    assert [way.channel for way in shown(gone, NORTHSIDE, (), None, (), NOW).ways] == ["email"]


@pytest.mark.parametrize(
    ("pauses", "silence", "rests", "back_on"),
    [
        ({}, None, False, None),
        ({ONE: Pause(THIS_DAY)}, None, True, date(2026, 3, 5)),
        ({ONE: Pause(MONDAY)}, None, False, None),
        ({ONE: Pause(THIS_DAY), UUID(int=2): Pause()}, None, True, None),
        ({}, Quiet(local(5, "00:00"), "resting"), True, date(2026, 3, 5)),
        ({ONE: Pause(THIS_DAY)}, Quiet(local(9, "00:00"), "paused"), True, date(2026, 3, 9)),
        ({}, Quiet(local(5, "10:00"), "after_flag"), False, None),
    ],
)
def test_a_rest_shows_the_day_on_which_reminders_go_on(
    pauses: Any, silence: Quiet | None, rests: bool, back_on: date | None
) -> None:
    page = shown(replace(MAYA, pauses=pauses), NORTHSIDE, (), silence, (), WEDNESDAY)
    assert (page.rests, page.back_on) == (rests, back_on)


@pytest.mark.parametrize(
    ("label", "expected"), [("morning walk", "morning walk"), ("my anxiety", None), (None, None)]
)
def test_her_label_is_shown_where_others_may_read_it(label: str | None, expected: str | None) -> None:
    assert shown(replace(MAYA, label=label), NORTHSIDE, (), None, (), NOW).label == expected
