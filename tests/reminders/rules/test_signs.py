"""Signs of her: given what she did, when one more thing happens, when she was last heard of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reminders.rules.person import Person, evolve
from shared.events import (
    Event,
    GoalReviewed,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    WinRecorded,
    WinVoided,
)
from tests.controls import NOW, TODAY, named
from tests.reminders.rules.given import MAYA, event

YESTERDAY = NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=35)

PRACTICE = PracticeLogged(practice_id=named(1), on=TODAY, quantity=1)
WIN = WinRecorded(win_id=named(1), kind="showed_up", on=TODAY)
HERS = RatingRecorded(rating_id=named(1), value=0, rater="client", epoch=1)
THERAPISTS = RatingRecorded(rating_id=named(1), value=0, rater="therapist", epoch=1)
CAME = SessionAttended(session_id=named(1), starts_at=YESTERDAY)

Happened = tuple[tuple[Event, datetime], ...]

ROWS: dict[str, tuple[Happened, datetime | None]] = {
    "nothing": ((), None),
    "a practice": (((PRACTICE, NOW),), NOW),
    "a win": (((WIN, NOW),), NOW),
    "a rating of hers, 0 too": (((HERS, NOW),), NOW),
    "a rating by her therapist is none": (((THERAPISTS, NOW),), None),
    "a session that she came to, when it was": (((CAME, NOW),), YESTERDAY),
    "one that is planned is none": (((SessionScheduled(session_id=named(1), starts_at=NOW), NOW),), None),
    "a review is none": (
        ((GoalReviewed(review_id=named(1), review_on=TODAY, outcome="keep"), NOW),), None,
    ),
    "an older one does not take a newer one's place": (((WIN, NOW), (PRACTICE, YESTERDAY)), NOW),
    "a practice that was a mistake": (
        ((PRACTICE, NOW), (PracticeVoided(practice_id=named(1), on=TODAY, quantity=1, epoch=1), NOW)), None,
    ),
    "a win that was a mistake leaves what was before": (
        ((HERS, YESTERDAY), (WIN, NOW), (WinVoided(win_id=named(1)), NOW)), YESTERDAY,
    ),
    "a rating that was a mistake leaves a win by the same name": (
        ((HERS, NOW), (WIN, YESTERDAY), (RatingVoided(rating_id=named(1)), NOW)), YESTERDAY,
    ),
    "a session that she did not come to after all": (
        ((CAME, NOW), (SessionCancelled(session_id=named(1), starts_at=YESTERDAY), NOW)), None,
    ),
    "what was long ago is forgotten once she is heard of again": (
        ((HERS, LONG_AGO), (WIN, NOW), (WinVoided(win_id=named(1)), NOW)), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "then"), ROWS.values(), ids=ROWS)
def test_when_she_was_last_heard_of(given: Happened, then: datetime | None) -> None:
    person: Person | None = MAYA
    for data, at in given:
        person = evolve(person, event(data, at=at))
    assert person is not None
    assert person.last_sign_at == then


def test_her_signs_do_not_grow_without_end() -> None:
    person: Any = MAYA
    for number in range(100):
        practice = PracticeLogged(practice_id=named(number), on=TODAY, quantity=1)
        person = evolve(person, event(practice, at=NOW + timedelta(days=number)))
    assert len(person.signs) == 35
