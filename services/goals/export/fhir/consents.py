"""What she agreed to: each consent, for how long it was in force, and who gave and withdrew it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.goals.export.fhir import codes, references
from services.goals.export.fhir.codes import coded, concept, ours
from services.goals.export.fhir.provenances import Change, provenance
from services.goals.rules.days import Stays
from shared.events import ConsentGiven, ConsentWithdrawn, Recorded
from shared.wire import rfc3339

Resource = dict[str, Any]


class Consent(NamedTuple):
    """A consent, the Provenance of its giving and its withdrawal, and when that was learned of."""

    resource: Resource
    provenances: list[Resource]
    ended_at: datetime | None


def consents(events: Sequence[Recorded], stays: Stays) -> Iterator[Consent]:
    """Each consent as it is now."""
    ended = {event.data.consent_id: event for event in events if isinstance(event.data, ConsentWithdrawn)}
    for event in events:
        if isinstance(event.data, ConsentGiven):
            yield _consent(event, event.data, ended.get(event.data.consent_id), stays)


def _consent(event: Recorded, given: ConsentGiven, ended: Recorded | None, stays: Stays) -> Consent:
    target = references.to("Consent", given.consent_id)
    told = [Change(event, target, begins=True), *([Change(ended, target, begins=False)] if ended else [])]
    provenances = [provenance(change, stays) for change in told]
    return Consent(_resource(event, given, ended), provenances, ended.recorded_at if ended else None)


def _resource(event: Recorded, given: ConsentGiven, ended: Recorded | None) -> Resource:
    """To be written to by this channel, in the wording of that version (ppc-1: a rule has to be named)."""
    start = {"start": rfc3339(event.time)}
    end = {"end": rfc3339(max(event.time, ended.time))} if ended else {}
    return {
        "resourceType": "Consent",
        "id": str(given.consent_id),
        "meta": {"lastUpdated": rfc3339((ended or event).recorded_at)},
        "status": "inactive" if ended else "active",
        "scope": concept(coded(codes.CONSENT_SCOPE, "patient-privacy")),
        "category": [concept(coded(codes.LOINC, "59284-0"), ours("consent", given.scope))],
        "patient": references.to("Patient", event.record_id),
        "dateTime": rfc3339(event.time),
        "performer": _giver(event, given),
        "organization": [references.known("Organization", event.clinic_id)],
        "policyRule": concept(coded(codes.ACT, "OPTIN"), text=given.text_version),
        "provision": {"type": "permit", "period": start | end, "code": [concept(*codes.way(given.scope))]},
    }


def _giver(event: Recorded, given: ConsentGiven) -> list[references.Reference]:
    """She, or who of the staff wrote it down; the clinic, where it came from elsewhere by a machine."""
    clinic = references.known("Organization", event.clinic_id)
    hers = given.given_by == "client"
    return [references.to("Patient", event.record_id)] if hers else references.person(event) or [clinic]
