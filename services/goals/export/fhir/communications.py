"""What was sent and what she answered: a Communication for each message, without its words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from services.goals.export.fhir import codes, references
from services.goals.export.fhir.codes import coded, concept, ours, way
from services.goals.messages.told import Answer, Message
from shared.wire import rfc3339

Resource = dict[str, Any]
_STATUS = {
    "planned": "preparation",
    "sending": "in-progress",
    "sent": "completed",
    "delivered": "completed",
    "failed": "stopped",
    "suppressed": "not-done",
    "expired": "not-done",
}
_REMIND = frozenset({"practice", "rating", "review", "quiet"})
_TO_STAFF = frozenset({"flag", "notice", "digest"})


def to_staff(message: Message) -> bool:
    """Whether it is about her, and not to her."""
    return bool(_TO_STAFF & set(message.kinds))


def sent(
    message: Message,
    client_id: UUID,
    clinic_id: UUID,
    *,
    consents: Collection[UUID],
    messages: Collection[UUID],
) -> Resource:
    """A message of the clinic's. `consents` and `messages` are those that the bundle has."""
    clinic, her = references.known("Organization", clinic_id), references.to("Patient", client_id)
    under = message.consent_id if message.consent_id in consents else None
    within = message.merged_into if message.merged_into in messages else None
    parts = {
        "resourceType": "Communication",
        "id": str(message.id),
        "meta": {"lastUpdated": rfc3339(learned(message))},
        "partOf": [references.to("Communication", within)] if within else [],
        "status": _status(message),
        "statusReason": concept(ours("cause", message.cause)) if message.cause else {},
        "category": [
            concept(coded(codes.TOLD, "reminder" if _REMIND & set(message.kinds) else "notification"))
        ],
        "medium": [concept(*way(message.channel))],
        "subject": her,
        "about": [references.to("Consent", under)] if under else [],
        "sent": rfc3339(message.said_at) if message.said_at else None,
        "received": _received(message),
        "recipient": [clinic if to_staff(message) else her],
        "sender": clinic,
        "reasonCode": [concept(ours("message", kind)) for kind in message.kinds],
    }
    return {name: part for name, part in parts.items() if part}


def answered(answer: Answer, client_id: UUID, clinic_id: UUID) -> Resource:
    """A text of hers; what it was understood as is left out where somebody of the staff has to look."""
    meant = {} if answer.safety else {"reasonCode": [concept(ours("intent", answer.intent))]}
    return {
        "resourceType": "Communication",
        "id": str(answer.id),
        "meta": {"lastUpdated": rfc3339(answer.received_at)},
        "status": "completed",
        "medium": [concept(*way(answer.channel))],
        "subject": references.to("Patient", client_id),
        "received": rfc3339(answer.received_at),
        "recipient": [references.known("Organization", clinic_id)],
        "sender": references.to("Patient", client_id),
    } | meant


def learned(message: Message) -> datetime:
    """When it came to where it is."""
    return message.settled_at or message.said_at or message.planned_at


def _status(message: Message) -> str:
    if message.state == "planned" and message.cause:
        return "on-hold"
    return _STATUS.get(message.state, "unknown")


def _received(message: Message) -> str | None:
    if message.state != "delivered" or message.settled_at is None:
        return None
    return rfc3339(message.settled_at)
