"""How practice reminders taper off: given what nobody answered, when the next slot comes, then."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.reminders.rules.caps import Said, Sent
from services.reminders.rules.person import Person
from services.reminders.rules.taper import tapering
from tests.reminders.rules.given import local, maya, named_rows, practice, said

SLOT = practice(local(20, "07:00", 3))
"""A Friday, after the clocks have changed: 08:00 for her."""
NOW = SLOT.due_at
DAY = timedelta(days=1)


def slots(*days_ago: int) -> tuple[Said, ...]:
    earlier = [practice(NOW - days * DAY) for days in days_ago]
    return tuple(said(one, one.due_at) for one in earlier)


def heard(days_ago: float) -> Person:
    return maya(signs={UUID(int=1): NOW - days_ago * DAY})


FIVE = slots(5, 4, 3, 2, 1)
ROWS: list[tuple[str, Person, Sent, str | None]] = [
    ("after four that nobody answered they come as ever", heard(9), Sent(slots(4, 3, 2, 1)), None),
    ("after five, twice a week", heard(9), Sent(FIVE), "tapered"),
    ("which is twice from Monday on", heard(20), Sent(slots(9, 8, 7, 6, 5, 4)), None),
    ("a third of the week is one too many", heard(20), Sent(slots(9, 8, 7, 4, 3)), "tapered"),
    ("a sign of her brings them back", heard(0.5), Sent(FIVE), None),
    ("so does a text of hers", heard(9), Sent(FIVE, heard_at=NOW - DAY / 2), None),
    ("so does a beginning", maya(begun_at=NOW - DAY / 2), Sent(FIVE), None),
    ("of one nobody knows when it began, too", maya(), Sent(FIVE), "tapered"),
    ("before 30 days of silence they go on", heard(29.9), Sent(), None),
    ("then they stop", heard(30), Sent(), "no_sign_of_her"),
    ("but not if she has written", heard(40), Sent(heard_at=NOW - DAY), None),
    ("nor where nothing was ever known", maya(), Sent(), None),
    ("what an import brought is a sign of her",
        maya(signs={UUID(int=1): NOW - DAY}, imported=frozenset({UUID(int=1)}), begun_at=NOW - 40 * DAY),
        Sent(), None),
]  # fmt: skip


@pytest.mark.parametrize(("person", "sent", "expected"), named_rows(ROWS))
def test_how_they_taper(person: Person, sent: Sent, expected: str | None) -> None:
    assert tapering(person, SLOT, sent, NOW) == expected


def test_slots_at_one_instant_count_once() -> None:
    twice = (*slots(4, 3, 2, 1), *(said(practice(NOW - DAY), NOW - DAY, "email"),))
    assert tapering(heard(9), SLOT, Sent(twice), NOW) is None


def test_a_week_of_hers_begins_on_monday_by_her_clock() -> None:
    monday: datetime = NOW + 3 * DAY
    assert tapering(heard(20), practice(monday), Sent(slots(5, 4, 3, 2, 1)), monday) is None
