"""How a resource names another: what is in the bundle by its address, everybody else by an id alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.events import Recorded

Reference = dict[str, Any]
_IDS = "urn:ietf:rfc:3986"
PERTAINS_TO_GOAL = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal"
REPLACES = "http://hl7.org/fhir/StructureDefinition/observation-replaces"


def to(kind: str, name: object, version: str | None = None) -> Reference:
    """What is in the bundle, one version of it where one is named."""
    return {"reference": f"{kind}/{name}/_history/{version}" if version else f"{kind}/{name}"}


def known(kind: str, name: object) -> Reference:
    """What is not in the bundle, and known by its id."""
    try:
        return {"type": kind, "identifier": {"system": _IDS, "value": UUID(str(name)).urn}}
    except ValueError:  # a service, or somebody of another system
        return {"type": kind, "identifier": {"value": str(name)}}


def who(event: Recorded) -> Reference:
    """Who did it: the client, somebody of the staff, or a machine."""
    match event.actor.kind:
        case "client":
            return to("Patient", event.record_id)
        case "therapist" | "operator":
            return known("Practitioner", event.actor.id)
        case "system":
            return known("Device", event.actor.id)


def person(event: Recorded) -> list[Reference]:
    """Who did it, where that was somebody: a machine observes nothing, and agrees to nothing."""
    return [] if event.actor.kind == "system" else [who(event)]


def extended(url: str, reference: Reference) -> dict[str, Any]:
    """An extension that names another resource."""
    return {"url": url, "valueReference": reference}
