"""One client's record as a Bundle of type collection: what is in it, and under which addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from services.goals.export.fhir.chosen import ALL, Chosen
from services.goals.export.fhir.communications import answered, learned, sent, to_staff
from services.goals.export.fhir.consents import consents
from services.goals.export.fhir.observations import observations
from services.goals.export.fhir.provenances import of_versions
from services.goals.export.fhir.versions import versions
from services.goals.messages.told import Told
from services.goals.rules.days import stays_of
from shared.events import Recorded
from shared.wire import rfc3339

Resource = dict[str, Any]
MISSING: Resource = {
    "resourceType": "OperationOutcome",
    "id": "messages",
    "issue": [
        {
            "severity": "warning",
            "code": "incomplete",
            "details": {
                "text": "The messages are missing: the service that keeps them could not be reached."
            },
        }
    ],
}
"""What stands in place of the messages while nobody can tell of them."""


def bundle(
    events: Sequence[Recorded],
    told: Told | None,
    *,
    base: str,
    now: datetime,
    chosen: Chosen = ALL,
    for_staff: bool = True,
) -> Resource:
    """The record of the client whose `events` these are: all of them, from her registration on, in order.

    `told` are her messages; with None the bundle says that they are missing. `base` is the address that all
    names begin with, as https://goals.example.org/fhir; `for_staff` is whether notices to staff are in it.
    """
    record = events[0]
    known = chosen.known(events)
    resources = [
        {"resourceType": "Patient", "id": str(record.record_id)},
        *_goals(known, min(now, chosen.last or now), chosen),
        *([] if chosen.goal_id else _consents(known, chosen)),
    ]
    if chosen.goal_id is None:
        resources += _messages(record, told, chosen, resources, for_staff=for_staff)
    return {
        "resourceType": "Bundle",
        "id": str(uuid5(record.record_id, f"fhir:{now.isoformat()}")),
        "meta": {"lastUpdated": rfc3339(now)},
        "type": "collection",
        "timestamp": rfc3339(now),
        "entry": [{"fullUrl": full_url(base, one), "resource": one} for one in resources],
    }


def full_url(base: str, resource: Resource) -> str:
    """The address of a resource; all its versions have the same (bdl-8), and meta.versionId besides."""
    return f"{base}/{resource['resourceType']}/{resource['id']}"


def _goals(events: Sequence[Recorded], now: datetime, chosen: Chosen) -> Iterator[Resource]:
    """Her goals with their versions, what was noticed of them and of her, and who did what, when and why."""
    goals = {goal_id: versions(events, goal_id, now) for goal_id in _goal_ids(events, chosen)}
    stays = stays_of(events)
    for made in goals.values():
        yield from (version.resource for version in chosen.versions(made))
    yield from observations(_of_goal(events, chosen), goals, chosen)
    for made in goals.values():
        for version, provenance in of_versions(made, stays):
            if chosen.holds(version.recorded_at):
                yield provenance


def _goal_ids(events: Sequence[Recorded], chosen: Chosen) -> list[UUID]:
    own = dict.fromkeys(event.stream_id for event in events if event.stream_id != event.record_id)
    return [goal_id for goal_id in own if chosen.goal_id in (None, goal_id)]


def _of_goal(events: Sequence[Recorded], chosen: Chosen) -> list[Recorded]:
    return [event for event in events if chosen.goal_id in (None, event.stream_id)]


def _consents(events: Sequence[Recorded], chosen: Chosen) -> Iterator[Resource]:
    """Her consents that were in force at the first moment or later."""
    for consent in consents(events, stays_of(events)):
        if consent.ended_at is None or chosen.first is None or chosen.first <= consent.ended_at:
            yield consent.resource
            yield from consent.provenances


def _messages(
    record: Recorded, told: Told | None, chosen: Chosen, others: Sequence[Resource], *, for_staff: bool
) -> Iterator[Resource]:
    """What was sent and answered; or, in R4's word for it, that the bundle is incomplete."""
    if told is None:
        yield MISSING
        return
    messages = [
        one for one in told.messages if chosen.holds(learned(one)) and (for_staff or not to_staff(one))
    ]
    there = {one.id for one in messages}
    under = {UUID(one["id"]) for one in others if one["resourceType"] == "Consent"}
    for message in messages:
        yield sent(message, record.record_id, record.clinic_id, consents=under, messages=there)
    for answer in told.answers:
        if chosen.holds(answer.received_at):
            yield answered(answer, record.record_id, record.clinic_id)
