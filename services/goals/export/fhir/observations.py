"""What was noticed on the way: ratings, practices, wins and reviews, and from where each goal began."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.goals.export.fhir import codes, references
from services.goals.export.fhir.amounts import amount, named, quantity
from services.goals.export.fhir.chosen import Chosen
from services.goals.export.fhir.codes import coded, concept, ours
from services.goals.export.fhir.references import PERTAINS_TO_GOAL, REPLACES, extended
from services.goals.export.fhir.superseding import corrected, replaced
from services.goals.export.fhir.versions import Version, in_force
from services.goals.export.fhir.words import words
from services.goals.rules.goal import typed
from services.goals.rules.voids import voided_by
from shared.events import (
    GoalAdjusted,
    GoalReviewed,
    GoalSet,
    PracticeLogged,
    RatingRecorded,
    Recorded,
    WinRecorded,
)
from shared.wire import rfc3339

Resource = dict[str, Any]
Versions = Mapping[UUID, Sequence[Version]]
"""Those of each goal."""
_CATEGORIES = {"rating": "survey", "baseline": "survey", "confidence": "survey", "practice": "activity"}
_SAID = {
    "rating": "Rating of a goal, 0 to 10",
    "baseline": "Where the goal began",
    "confidence": "Confidence in reaching the goal, 0 to 10",
    "practice": "Practice towards a goal",
    "win": "A win",
    "review": "Review of a goal",
}


def observations(events: Sequence[Recorded], goals: Versions, chosen: Chosen) -> Iterator[Resource]:
    """All that was learned in the chosen time, in that order. What was voided is there, as an error."""
    voided = {voided_by(event.stream_id, event.data) for event in events}
    wrong = corrected(events)
    held = [event for event in events if chosen.holds(event.recorded_at)]
    replaces = replaced(event for event in held if event.event_id not in voided)
    for event in held:
        goal = in_force(goals.get(event.stream_id, ()), event)
        for made in _of(event, goal):
            if event.event_id in voided or _place(event, made) in wrong:
                made["status"] = "entered-in-error"
            if event.event_id in replaces:
                before = references.to("Observation", replaces[event.event_id])
                made["extension"] = [*made["extension"], extended(REPLACES, before)]
            yield made


def _of(event: Recorded, goal: Version | None) -> Iterator[Resource]:
    about = _about(event, goal)
    measure = goal.goal.measure if goal else None
    match event.data:
        case RatingRecorded() as rated:
            yield about("rating", event.time) | _rating(event, rated)
        case PracticeLogged() as practice:
            value = {"valueQuantity": quantity(measure, practice.quantity)}
            yield about("practice", practice.on) | value | _note(practice.note)
        case WinRecorded() as win:
            yield about("win", win.on) | _word("win", win.kind) | _note(win.text)
        case GoalReviewed() as review:
            day = {"code": concept(ours("observation", "review_on")), "valueDateTime": str(review.review_on)}
            said = _word("review", review.outcome) | {"component": [day]} | _note(review.note)
            yield about("review", event.time) | said
        case GoalSet() as snapshot:
            yield about("confidence", event.time) | {"valueInteger": snapshot.confidence}
            if snapshot.baseline is not None:
                yield about("baseline", event.time) | named("value", amount(measure, snapshot.baseline))
        case GoalAdjusted() as adjusted:
            yield from _adjusted(adjusted, goal, about)
        case _:
            return


def _adjusted(data: GoalAdjusted, goal: Version | None, about: Callable[..., Resource]) -> Iterator[Resource]:
    status = {"status": "corrected"} if data.kind == "corrected" else {}
    for change in data.changes:
        value = typed(change.field, change.to) if change.field in ("baseline", "confidence") else None
        if value is not None:
            measured = amount(goal.goal.measure if goal else None, value)
            held = {"Integer": value} if change.field == "confidence" else measured
            yield about(change.field, data.effective_on) | status | named("value", held)


def _about(event: Recorded, goal: Version | None) -> Callable[..., Resource]:
    """What every Observation of an event begins with."""

    def begin(what: str, at: date | datetime) -> Resource:
        name = f"{event.event_id}-{what}" if what in ("baseline", "confidence") else str(event.event_id)
        its_goal = {"extension": [_pertains(event, goal)]} if goal else {}
        return {
            "resourceType": "Observation",
            "id": name,
            "meta": {"lastUpdated": rfc3339(event.recorded_at)},
            **its_goal,
            "status": "final",
            "category": [concept(coded(codes.OBSERVED, _CATEGORIES.get(what, "therapy")))],
            "code": concept(ours("observation", what), text=_SAID[what]),
            "subject": references.to("Patient", event.record_id),
            "effectiveDateTime": rfc3339(at) if isinstance(at, datetime) else at.isoformat(),
            "issued": rfc3339(event.recorded_at),
            **_by(references.person(event)),
        }

    return begin


def _by(people: list[references.Reference]) -> Resource:
    return {"performer": people} if people else {}


def _pertains(event: Recorded, goal: Version) -> dict[str, Any]:
    return extended(PERTAINS_TO_GOAL, references.to("Goal", event.stream_id, goal.name))


def _rating(event: Recorded, rated: RatingRecorded) -> Resource:
    """0 is a rating. One of hers is hers, though somebody else wrote it down."""
    epoch = {"code": concept(ours("observation", "epoch")), "valueInteger": rated.epoch}
    hers = _by([references.to("Patient", event.record_id)] if rated.rater == "client" else [])
    session = {"encounter": references.known("Encounter", rated.session_id)} if rated.session_id else {}
    return {"valueInteger": rated.value, "component": [epoch]} | hers | session


def _word(vocabulary: str, code: str) -> Resource:
    return {"valueCodeableConcept": concept(ours(vocabulary, code))}


def _note(said: str | None) -> Resource:
    text = words(said)
    return {"note": [{"text": text}]} if text else {}


def _place(event: Recorded, made: Resource) -> tuple[UUID, str]:
    return event.event_id, made["code"]["coding"][0]["code"]
