"""Records as the log would hold them, an hour between two events, and the bundle that comes of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from services.goals.export.fhir.bundle import bundle
from services.goals.export.fhir.chosen import ALL, Chosen
from services.goals.messages.told import Told
from shared.events import Actor, Event, Recorded
from tests import controls as c
from tests.goals.export.fhir.judges import Resource, must_be_r4

BASE = "https://goals.example.org/fhir"
HOUR = timedelta(hours=1)
Said = tuple[UUID, Event] | tuple[UUID, Event, UUID]


def lived(*said: Said, by: Actor = c.BY_THERAPIST) -> list[Recorded]:
    """The events, the last of them by this actor, the others by her therapist."""
    events = [
        msgspec.structs.replace(
            event, time=event.time + HOUR * number, recorded_at=event.recorded_at + HOUR * number
        )
        for number, event in enumerate(c.history(*said))
    ]
    return [*events[:-1], msgspec.structs.replace(events[-1], actor=by)]


def made(
    events: Sequence[Recorded],
    told: Told | None = None,
    *,
    now: datetime | None = None,
    chosen: Chosen = ALL,
    for_staff: bool = True,
) -> Resource:
    """The bundle of a record, which all three judges have taken; in an hour, or at another time."""
    now = now or events[-1].recorded_at + HOUR
    return must_be_r4(bundle(events, told, base=BASE, now=now, chosen=chosen, for_staff=for_staff))


def of_kind(whole: Resource, kind: str) -> list[Resource]:
    """Its resources of a kind, in order."""
    return [entry["resource"] for entry in whole["entry"] if entry["resource"]["resourceType"] == kind]


def goals(*said: Said, **others: Any) -> list[Resource]:
    """The versions of her goal."""
    return of_kind(made(lived(*said), **others), "Goal")


def codes(concept: Resource) -> list[str]:
    """The codes of a concept, whatever their systems."""
    return [coding["code"] for coding in concept.get("coding", ())]


def observed(whole: Resource, what: str) -> list[Resource]:
    """The Observations of something: rating, practice, baseline, …"""
    return [one for one in of_kind(whole, "Observation") if codes(one["code"]) == [what]]
