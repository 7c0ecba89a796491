"""Where a goal stands, as R4 says it: each row of DOMAIN's table, and each trap in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from services.goals.export.fhir.codes import ACHIEVEMENT
from shared.events import GoalAchieved, GoalClosed, GoalPaused, GoalReopened, GoalResumed, RatingRecorded
from tests import controls as c
from tests.goals.export.fhir.given import Said, goals, lived, made, of_kind
from tests.goals.rules.given import DRAFT, measured

REST = (c.GOAL, GoalPaused(pause_id=c.named(6)))
LATER = msgspec.structs.replace(c.SET, start_on=c.TODAY + timedelta(days=3))
UP = {"kind": "rating", "unit": "calm", "baseline": 3, "target": 7}
DOWN = {"kind": "rating", "unit": "tension", "baseline": 8, "target": 3}


def rated(number: int, value: int, **others: Any) -> Said:
    rating = RatingRecorded(rating_id=c.named(number), value=value, rater="client", epoch=1)
    return (c.GOAL, msgspec.structs.replace(rating, **others))


def closed(outcome: Any) -> Said:
    return (c.GOAL, GoalClosed(closure_id=c.named(3), agreed="together", outcome=outcome))


REACHED: Said = (c.GOAL, GoalAchieved(closure_id=c.named(3), agreed="together"))
STANDS: dict[str, tuple[tuple[Said, ...], str, str | None]] = {
    "drafted": (DRAFT, "proposed", None),
    "set, and its first day is to come": ((*DRAFT, (c.GOAL, LATER)), "planned", None),
    "active": (c.ACTIVE, "active", "in-progress"),
    "active, rated once": ((*c.ACTIVE, rated(1, 4)), "active", "in-progress"),
    "active, rated higher": ((*c.ACTIVE, rated(1, 4), rated(2, 5)), "active", "improving"),
    "active, rated the same": ((*c.ACTIVE, rated(1, 4), rated(2, 4)), "active", "no-change"),
    "active, rated lower": ((*c.ACTIVE, rated(1, 4), rated(2, 0)), "active", "worsening"),
    "rated once, above where it began": ((*measured(**UP), rated(1, 4)), "active", "improving"),
    "rated 0, below where it began": ((*measured(**UP), rated(1, 0)), "active", "worsening"),
    "less is better, and it is less": ((*measured(**DOWN), rated(1, 5)), "active", "improving"),
    "less is better, and it is more": ((*measured(**DOWN), rated(1, 9)), "active", "worsening"),
    "to stay where it is": ((*measured(**UP | {"target": 3}), rated(1, 5)), "active", "in-progress"),
    "her own ratings before her therapist's": (
        (*c.ACTIVE, rated(1, 4), rated(2, 6), rated(3, 1, rater="therapist")),
        "active",
        "improving",
    ),
    "her therapist's where she gave none": (
        (*c.ACTIVE, rated(1, 4, rater="therapist"), rated(2, 6, rater="therapist")),
        "active",
        "improving",
    ),
    "ratings of another epoch are of something else": (
        (*c.ACTIVE, rated(1, 9, epoch=2), rated(2, 4), rated(3, 5)),
        "active",
        "improving",
    ),
    "paused": ((*c.ACTIVE, REST), "on-hold", "in-progress"),
    "paused while it went well": ((*c.ACTIVE, rated(1, 4), rated(2, 5), REST), "on-hold", "improving"),
    "paused, then rated lower": (
        (*c.ACTIVE, rated(1, 4), rated(2, 5), REST, rated(3, 1)),
        "on-hold",
        "improving",
    ),
    "paused before its first day": ((*DRAFT, (c.GOAL, LATER), REST), "on-hold", None),
    "resumed": ((*c.ACTIVE, REST, (c.GOAL, GoalResumed(pause_id=c.named(6)))), "active", "in-progress"),
    "achieved": ((*c.ACTIVE, REACHED), "completed", "achieved"),
    "achieved though it went worse": (
        (*c.ACTIVE, rated(1, 4), rated(2, 1), REACHED),
        "completed",
        "achieved",
    ),
    "ended, not reached": ((*c.ACTIVE, closed("ended_not_reached")), "completed", "not-achieved"),
    "therapy ended": ((*c.ACTIVE, closed("therapy_ended")), "completed", "not-achieved"),
    "let go": ((*c.ACTIVE, closed("let_go")), "cancelled", None),
    "let go while it went well": ((*c.ACTIVE, rated(1, 4), rated(2, 5), closed("let_go")), "cancelled", None),
    "superseded": ((*c.ACTIVE, closed("superseded")), "cancelled", None),
    "entered in error": ((*c.ACTIVE, closed("entered_in_error")), "entered-in-error", None),
    "paused, then let go": ((*c.ACTIVE, REST, closed("let_go")), "cancelled", None),
    "reopened": (
        (*c.ACTIVE, closed("let_go"), (c.GOAL, GoalReopened(closure_id=c.named(3)))),
        "active",
        "in-progress",
    ),
}


@pytest.mark.parametrize("stands", STANDS.values(), ids=STANDS)
def test_a_goal_stands_where_r4_says(stands: tuple[tuple[Said, ...], str, str | None]) -> None:
    said, lifecycle, achieved = stands
    last = goals(*said)[-1]
    assert last["lifecycleStatus"] == lifecycle
    concept = {"coding": [{"system": ACHIEVEMENT, "code": achieved}]}
    assert last.get("achievementStatus") == (concept if achieved else None)


def test_a_pause_that_has_an_end_is_over_the_day_after_without_an_event() -> None:
    until = c.TODAY + timedelta(days=2)
    rest = (c.GOAL, GoalPaused(pause_id=c.named(6), until=until, reason="Away"))
    said = (*c.ACTIVE, rest)
    assert [goal["lifecycleStatus"] for goal in goals(*said)] == ["proposed", "active", "on-hold"]
    later = goals(*said, now=c.NOW + timedelta(days=9))[-1]
    assert (later["lifecycleStatus"], later["statusDate"]) == ("active", "2026-03-05")
    assert "statusReason" not in later
    assert later["meta"] == {"versionId": "3.2026-03-05", "lastUpdated": "2026-03-05T05:00:00.000000Z"}


def test_a_goal_that_begins_later_is_planned_until_its_day() -> None:
    said = (*DRAFT, (c.GOAL, LATER))
    later = goals(*said, now=c.NOW + timedelta(days=9))
    assert [goal["lifecycleStatus"] for goal in later] == ["proposed", "planned", "active"]
    assert later[-1]["statusDate"] == LATER.start_on.isoformat()


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (GoalPaused(pause_id=c.named(6), reason_code="health", reason="An operation"), "An operation"),
        (GoalPaused(pause_id=c.named(6), reason_code="health"), "health"),
        (GoalAchieved(closure_id=c.named(3), agreed="client", reason_code="reached_early"), "reached_early"),
        (GoalClosed(closure_id=c.named(3), agreed="client", outcome="superseded"), "superseded"),
        (GoalPaused(pause_id=c.named(6)), None),
    ],
)
def test_why_it_stands_there_is_said_in_words_or_by_a_code(event: Any, why: str | None) -> None:
    assert goals(*c.ACTIVE, (c.GOAL, event))[-1].get("statusReason") == why


def test_since_when_it_stands_there_is_her_own_day() -> None:
    assert goals(*c.ACTIVE)[-1]["statusDate"] == date(2026, 3, 2).isoformat()


def test_what_a_day_made_it_stays_whatever_is_noted_from_then_on() -> None:
    rest = (c.GOAL, GoalPaused(pause_id=c.named(6), until=c.TODAY))
    days = [*[c.NOW] * 5, *(c.NOW + timedelta(days=number) for number in (2, 3, 4))]
    said = lived(*c.ACTIVE, rest, rated(1, 4), rated(2, 4), rated(3, 5))
    events = [
        msgspec.structs.replace(event, time=at, recorded_at=at) for event, at in zip(said, days, strict=True)
    ]
    versions = of_kind(made(events, now=c.NOW + timedelta(days=9)), "Goal")
    stands = [(one["meta"]["versionId"], one["lifecycleStatus"]) for one in versions]
    assert stands == [
        ("1", "proposed"),
        ("2", "active"),
        ("3", "on-hold"),
        ("3.2026-03-03", "active"),
        ("5", "active"),
        ("6", "active"),
    ]
