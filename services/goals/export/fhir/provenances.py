"""Who made a goal another, when, why and by which way: a Provenance for each version that somebody made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from services.goals.export.fhir import codes, references
from services.goals.export.fhir.codes import Coding, coded, concept, ours, way
from services.goals.export.fhir.versions import Version
from services.goals.rules.days import Stays, day_of
from shared.events import Event, GoalAdjusted, Recorded
from shared.wire import rfc3339

Resource = dict[str, Any]


class Change(NamedTuple):
    """What somebody did to something: to which, whether it began with that, and the version before."""

    event: Recorded
    target: references.Reference
    begins: bool
    before: references.Reference | None = None


def of_versions(made: Sequence[Version], stays: Stays) -> Iterator[tuple[Version, Resource]]:
    """Each version of a goal with its Provenance, but for those that a day made by itself."""
    before = None
    for version in made:
        target = references.to("Goal", version.goal.goal_id, version.name)
        if version.event is not None:
            yield version, provenance(Change(version.event, target, before is None, before), stays)
        before = target


def provenance(change: Change, stays: Stays) -> Resource:
    """Who did it, when, why and by which way."""
    event = change.event
    reason = _reason(event.data)
    entity = [{"role": "revision", "what": change.before}] if change.before else []
    parts = {
        "resourceType": "Provenance",
        "id": str(event.event_id),
        "meta": {"lastUpdated": rfc3339(event.recorded_at)},
        "target": [change.target],
        "occurredDateTime": _occurred(event, stays),
        "recorded": rfc3339(event.recorded_at),
        "reason": [reason] if reason else [],
        "activity": _activity(event.data, begins=change.begins),
        "agent": [_author(event), *_who_agreed(event)],
        "entity": entity,
    }
    return {name: part for name, part in parts.items() if part}


def _occurred(event: Recorded, stays: Stays) -> str:
    """When it was true: the day on which it took effect, where that is another than when it was said."""
    effective = event.data.effective_on if isinstance(event.data, GoalAdjusted) else None
    if effective is None or effective == day_of(event.time, stays):
        return rfc3339(event.time)
    return effective.isoformat()


def _reason(data: Event) -> codes.Concept:
    code, said = getattr(data, "reason_code", None), getattr(data, "reason", None)
    return concept(*([ours("reason_code", code)] if code else []), text=said)


def _activity(data: Event, *, begins: bool) -> codes.Concept:
    """Created or changed, by which event; an adjustment says of which kind it is."""
    kind: list[Coding] = [ours("adjustment", data.kind)] if isinstance(data, GoalAdjusted) else []
    name = data.TYPE.removeprefix("cairn.").rpartition(".v")[0]
    return concept(coded(codes.OPERATION, "CREATE" if begins else "UPDATE"), ours("event", name), *kind)


def _author(event: Recorded) -> dict[str, Any]:
    return {
        "type": concept(coded(codes.PARTICIPANT, "author")),
        "role": [concept(*way(event.actor.via), ours("via", event.actor.via))],
        "who": references.who(event),
    }


def _who_agreed(event: Recorded) -> list[dict[str, Any]]:
    """Who agreed to it: she, her therapist, or both. A therapist is named where she is the one who wrote."""
    agreed = getattr(event.data, "agreed", None)
    hers = [references.to("Patient", event.record_id)] if agreed in ("client", "together") else []
    theirs = agreed in ("therapist", "together") and event.actor.kind == "therapist"
    those = [*hers, *([references.who(event)] if theirs else [])]
    return [{"type": concept(coded(codes.PARTICIPANT, "verifier")), "who": one} for one in those]
