"""A goal at one moment as a Goal resource."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from services.goals.export.fhir import codes, references
from services.goals.export.fhir.amounts import amount, named
from services.goals.export.fhir.codes import coded, concept, ours
from services.goals.export.fhir.recurrence import rules
from services.goals.export.fhir.status import Achievement, Lifecycle
from services.goals.export.fhir.words import Absent, absent, words
from services.goals.rules.goal import Goal
from shared.wire import rfc3339

Resource = dict[str, Any]
STATEMENT = "statement"
"""The id of the note that holds her own words; the other notes are called after their fields as well."""


class Standing(msgspec.Struct, frozen=True):
    """Where the goal stands: since which day, what was achieved, and why, in words or by a code."""

    lifecycle: Lifecycle
    achievement: Achievement | None
    since: date
    why: str | None = None


def resource(goal: Goal, stands: Standing, missing: Absent) -> Resource:
    """The goal, without its version. `missing` says why words that are not there are missing."""
    description = words(goal.specific) or words(goal.statement)
    parts: Resource = {
        "resourceType": "Goal",
        "id": str(goal.goal_id),
        "lifecycleStatus": stands.lifecycle,
        "achievementStatus": stands.achievement and concept(coded(codes.ACHIEVEMENT, stands.achievement)),
        "category": [concept(ours("theme", goal.theme))] if goal.theme else None,
        "priority": concept(coded(codes.PRIORITY, "high-priority")) if goal.focus else None,
        "description": concept(text=description) if description else absent(missing),
        "subject": references.to("Patient", goal.client_id),
        "startDate": goal.start_on and goal.start_on.isoformat(),
        "target": [_target(goal)] if goal.measure else None,
        "statusDate": stands.since.isoformat(),
        "statusReason": words(stands.why),
        "expressedBy": references.to("Patient", goal.client_id) if _by_her(goal) else None,
        "note": _notes(goal),
    }
    return {name: part for name, part in parts.items() if part}


def at_version(content: Resource, version: str, recorded_at: datetime) -> Resource:
    """The resource as this version of it."""
    head = ("resourceType", "id")
    meta = {"meta": {"versionId": version, "lastUpdated": rfc3339(recorded_at)}}
    return {name: content[name] for name in head} | meta | {n: v for n, v in content.items() if n not in head}


def _by_her(goal: Goal) -> bool:
    """Whether the goal is one of her own, or hers as well."""
    return goal.agreed in (None, "client", "together")


def _target(goal: Goal) -> dict[str, Any]:
    """What is measured and how far it is to go; never how far without what (gol-1)."""
    assert goal.measure
    kind = ours("measure", goal.measure.kind)
    detail = {} if goal.target is None else named("detail", amount(goal.measure, goal.target))
    due = {"dueDate": goal.end_on.isoformat()} if goal.end_on else {}
    return {"measure": concept(kind, text=goal.measure.unit), **detail, **due}


def _notes(goal: Goal) -> list[dict[str, Any]]:
    """What R4 has no element for, each under its field's name."""
    said = {
        STATEMENT: goal.statement,
        "reflection": goal.reflection,
        "relevance": goal.relevance,
        "if_then": goal.if_then,
        "review_on": ", ".join(day.isoformat() for day in goal.review_on),
        "cadence": rules(goal.cadence) if goal.cadence else None,
        "learned": goal.learned,
    }
    return [
        {"id": name} | _author(goal, name) | {"text": text}
        for name, given in said.items()
        if (text := words(given)) is not None
    ]


def _author(goal: Goal, name: str) -> dict[str, Any]:
    return {"authorReference": references.to("Patient", goal.client_id)} if name == STATEMENT else {}
