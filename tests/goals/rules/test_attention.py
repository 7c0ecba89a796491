"""What about a client wants an eye now, as rows: what she entered and what is planned, and what is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.goals.rules.attention import Attention, Lately, attention
from services.goals.rules.client import CareEnd, Client, Erasure, Flag
from services.goals.rules.goal import Goal, Review
from tests import controls as c

BEGAN = c.NOW - timedelta(days=60)
FLAG = Flag("SM1", "988", "en:hopeless", c.NOW)
ASKED = Erasure(by="client", requested_at=c.NOW)
A_GOAL = Goal(
    goal_id=c.GOAL, client_id=c.CLIENT, status="active", review_on=(date(2026, 2, 10), date(2026, 3, 17))
)


def her(**changes: Any) -> Client:
    """The client of the story, two months in."""
    known: dict[str, Any] = {"registered_at": BEGAN, "name": c.NAME, "locale": "en", "time_zone": c.ZONE}
    return Client(client_id=c.CLIENT, **(known | changes))


def goal(**changes: Any) -> Goal:
    """Her goal, its first review kept."""
    kept = (Review(c.named(1), date(2026, 2, 10), "keep"),)
    known: dict[str, Any] = {"goal_id": c.GOAL, "client_id": c.CLIENT, "status": "active", "reviews": kept}
    return Goal(**({"review_on": A_GOAL.review_on} | known | changes))


def win(days_ago: int, number: int = 1) -> Lately:
    """A win of hers; c.NOW is a Monday."""
    on = c.TODAY - timedelta(days=days_ago)
    return Lately("win.recorded", c.NOW, {"win_id": str(c.named(number)), "on": str(on)})


def voided(number: int = 1) -> Lately:
    """The win taken back."""
    return Lately("win.voided", c.NOW, {"win_id": str(c.named(number))})


def rated(days_ago: int) -> Lately:
    """A rating, which has no day of its own but its time."""
    return Lately("rating.recorded", c.NOW - timedelta(days=days_ago), {"rating_id": "r", "value": 0})


def late(time: datetime) -> Lately:
    """A session that she came to."""
    return Lately("session.attended", time, {"session_id": "s"})


ROWS: dict[str, tuple[Client, list[Goal], list[Lately], Attention]] = {
    "nothing presses where she entered something yesterday": (her(), [goal()], [rated(1)], Attention()),
    "a flag that nobody looked at": (
        her(flags={c.named(1): FLAG}), [goal()], [rated(1)], Attention(flags=1)),
    "a review that was kept is not due": (
        her(), [goal(review_on=(date(2026, 2, 10),))], [rated(1)], Attention()),
    "a review is due from three days before": (
        her(), [goal(review_on=(date(2026, 3, 5),))], [rated(1)], Attention(review_due=date(2026, 3, 5))),
    "and not from four": (her(), [goal(review_on=(date(2026, 3, 6),))], [rated(1)], Attention()),
    "of two that are past the latest is due": (
        her(), [goal(reviews=(), review_on=(date(2026, 2, 1), date(2026, 2, 20)))], [rated(1)],
        Attention(review_due=date(2026, 2, 20))),
    "a goal that rests is not reviewed": (her(), [goal(status="paused", reviews=())], [], Attention()),
    "seven whole days without an entry are quiet": (her(), [goal()], [rated(8)], Attention(quiet_days=7)),
    "six are not": (her(), [goal()], [rated(7)], Attention()),
    "no entry at all is quiet for long": (her(), [goal()], [], Attention(quiet_for_long=True)),
    "but not who has just begun": (
        her(registered_at=c.NOW - timedelta(days=3)), [goal()], [], Attention()),
    "nor who has no goal that goes on": (her(), [goal(status="draft")], [], Attention()),
    "to have come to a session is an entry": (
        her(), [goal()], [late(datetime(2026, 3, 1, 18, tzinfo=UTC))], Attention()),
    "wins of this week, from her Monday on": (her(), [goal()], [win(0), win(1, 2)], Attention(wins=1)),
    "one that was voided is none": (her(), [goal()], [rated(1), win(0), voided()], Attention()),
    "an erasure that was asked for": (
        her(erasures={c.named(1): ASKED}), [goal()], [rated(1)], Attention(erasure=True)),
    "after care has ended nothing is quiet or due": (
        her(care_ends={c.named(1): CareEnd(c.TODAY, "finished")}), [goal(reviews=())], [],
        Attention(ended=True)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_a_list_says_of_her(name: str) -> None:
    client, goals, lately, said = ROWS[name]
    assert attention(client, goals, lately, c.NOW) == said


def test_a_flag_comes_before_a_review_before_a_silence_and_whose_care_has_ended_last() -> None:
    said = [
        Attention(ended=True, flags=1),
        Attention(),
        Attention(quiet_days=9),
        Attention(review_due=date(2026, 3, 9)),
        Attention(review_due=date(2026, 3, 2)),
        Attention(flags=1),
    ]
    assert sorted(said, key=lambda one: one.order) == said[::-1]
