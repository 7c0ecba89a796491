"""How much is enough: her caps, and one celebration a day. Given what she was told, when, then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from services.reminders.rules.caps import Said, Sent
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import Expire, Later, Send, Suppress, Verdict, judge, judge_together
from shared.events import Channel
from tests.reminders.rules.given import (
    MAIL_CONTACT,
    MAYA,
    NORTHSIDE,
    celebration,
    goes,
    local,
    maya,
    named_rows,
    practice,
    said,
)  # fmt: skip

AT_TEN = local(2, "10:00")
MORNING, EVENING = practice(local(2, "08:00")), practice(local(2, "20:00"))
CAME = celebration(at=AT_TEN)
C1, C2, C3 = celebration(1, AT_TEN), celebration(2, local(2, "09:30")), celebration(3, local(2, "09:00"))
LATE = celebration(4, local(1, "20:30"))
AT_NOON, TOMORROW = local(2, "12:00"), local(3, "08:00")


def own(number: int) -> Occasion:
    """Something that she scheduled herself, of an hour of its own."""
    at = local(2, "08:00") + timedelta(minutes=number)
    return replace(MORNING, key=f"practice:{number}", due_at=at, expires_at=at + timedelta(hours=2))


def week_of(*days: int) -> tuple[Said, ...]:
    return tuple(said(celebration(day, local(day, "09:00")), local(day, "09:00")) for day in days)


THREE = tuple(said(own(n), local(2, "08:30")) for n in range(3))
CAPS: list[tuple[str, Person, Channel, Occasion, tuple[Said, ...], datetime, Verdict]] = [
    ("a second celebration of a day waits for the next morning",
        MAYA, "sms", C2, (said(C1, local(2, "09:00")),), AT_NOON, Later(TOMORROW, "one_celebration_a_day")),
    ("as it does if the first went by e-mail alone",
        MAYA, "sms", C2, (said(C1, local(2, "09:00"), "email"),), AT_NOON,
        Later(TOMORROW, "one_celebration_a_day")),
    ("the same one goes by both channels",
        MAYA, "email", C1, (said(C1, local(2, "11:59")),), AT_NOON, goes(540, MAIL_CONTACT)),
    ("but not as a second on this one",
        MAYA, "sms", C2, (said(C1, local(2, "09:00")), said(C1, local(2, "09:00"), "email"),
                         said(C2, local(2, "09:00"), "email")), AT_NOON,
        Later(TOMORROW, "one_celebration_a_day")),
    ("yesterday's was yesterday, by her clock",
        MAYA, "sms", celebration(2, local(1, "23:59")), (said(C1, local(1, "23:59")),), local(2, "08:00"),
        goes(13 * 60)),
    ("the next morning is as her own hours have it",
        maya(quiet_start="23:00", quiet_end="06:30"), "sms", C2, (said(C1, local(2, "09:00")),), AT_NOON,
        Later(local(3, "06:30"), "one_celebration_a_day")),
    ("without a quiet night it is eight o'clock",
        maya(quiet_start="13:00", quiet_end="15:00"), "sms", C2, (said(C1, local(2, "09:00")),), AT_NOON,
        Later(local(3, "08:00"), "one_celebration_a_day")),
    ("one whose time is over by then is not kept",
        MAYA, "sms", C1, (said(C2, local(4, "08:30")),), local(4, "09:00"),
        Suppress("one_celebration_a_day")),
    ("a fourth occasion of a day waits for the next",
        MAYA, "sms", C1, THREE, AT_NOON, Later(TOMORROW, "daily_cap")),
    ("or is never said, if it would be stale",
        MAYA, "sms", EVENING, THREE, local(2, "20:00"), Suppress("daily_cap")),
    ("the cap that she chose",
        maya(daily_cap=1), "sms", C1, THREE[:1], AT_NOON, Later(TOMORROW, "daily_cap")),
    ("none at all is a choice, too",
        maya(daily_cap=0), "sms", C1, (), AT_NOON, Later(TOMORROW, "daily_cap")),
    ("a higher one as well",
        maya(daily_cap=4), "sms", C1, THREE, AT_NOON, goes(540)),
    ("an occasion on two channels counts once",
        MAYA, "sms", C1, (*THREE[:2], said(own(0), local(2, "08:31"), "email")), AT_NOON,
        goes(540)),
    ("and goes by the second when the day is full",
        MAYA, "email", C1, (*THREE[:2], said(C1, local(2, "11:00"))), AT_NOON, goes(540, MAIL_CONTACT)),
    ("also when it went by the first the day before",
        MAYA, "email", LATE, (*THREE, said(LATE, local(1, "20:30"))), AT_NOON, goes(540, MAIL_CONTACT)),
    ("slots at one instant count once",
        MAYA, "sms", C1, (*THREE[:2], said(replace(own(1), key="another"), local(2, "08:40"))), AT_NOON,
        goes(540)),
    ("celebrations merged into one count once",
        MAYA, "sms", EVENING, (said(C1, AT_TEN), said(C2, AT_TEN), said(C3, AT_TEN), *THREE[:1]),
        local(2, "20:00"), goes(60)),
    ("the sixth of a week that she did not schedule herself waits for Monday",
        MAYA, "sms", celebration(9, local(7, "09:00")), week_of(2, 3, 4, 5, 6), local(7, "09:00"),
        Later(local(9, "07:00"), "weekly_cap")),
    ("the fifth goes",
        MAYA, "sms", celebration(9, local(6, "09:00")), week_of(2, 3, 4, 5), local(6, "09:00"),
        goes(12 * 60)),
    ("an occasion of two days on two channels counts once in the week",
        maya(weekly_cap=2), "sms", celebration(9, local(4, "09:00")), (
            said(LATE, local(2, "09:00")), said(LATE, local(3, "09:00"), "email")), local(4, "09:00"),
        goes(12 * 60)),
    ("a week begins on Monday",
        MAYA, "sms", celebration(19, local(9, "09:00")), week_of(3, 4, 5, 6, 7), local(9, "09:00"),
        goes(11 * 60)),
    ("the week's cap that she chose",
        maya(weekly_cap=1), "sms", celebration(9, local(3, "09:00")), week_of(2), local(3, "09:00"),
        Suppress("weekly_cap")),
    ("her own reminders are not in the week's cap",
        maya(weekly_cap=1), "sms", practice(local(3, "08:00")), week_of(2), local(3, "08:00"),
        goes(120)),
    ("nor do they fill it",
        maya(weekly_cap=1), "sms", C1, THREE[:2], AT_NOON, goes(540)),
]  # fmt: skip


@pytest.mark.parametrize(("person", "channel", "occasion", "had", "now", "expected"), named_rows(CAPS))
def test_how_much_is_enough(
    person: Person,
    channel: Channel,
    occasion: Occasion,
    had: tuple[Said, ...],
    now: datetime,
    expected: Verdict,
) -> None:
    assert judge(person, NORTHSIDE, channel, occasion, Sent(had), now) == expected


def test_celebrations_that_are_due_together_go_in_one_message() -> None:
    verdicts = judge_together(MAYA, NORTHSIDE, "sms", (C1, C2, C3), Sent(), AT_TEN)
    assert [verdict for _, verdict in verdicts] == [goes(660)] * 3


def test_in_one_message_the_cap_is_filled_from_what_expires_first() -> None:
    waiting = (C1, *(own(n) for n in (2, 1)))
    verdicts = judge_together(maya(daily_cap=2), NORTHSIDE, "sms", waiting, Sent(), local(2, "09:00"))
    assert [(one.key, type(verdict)) for one, verdict in verdicts] == [
        ("practice:1", Send),
        ("practice:2", Send),
        (C1.key, Later),
    ]


def test_what_is_refused_beside_others_fills_no_cap() -> None:
    stale = replace(own(1), expires_at=local(2, "08:45"))
    verdicts = judge_together(maya(daily_cap=1), NORTHSIDE, "sms", (stale, C1), Sent(), local(2, "09:00"))
    assert [type(verdict) for _, verdict in verdicts] == [Expire, Send]
