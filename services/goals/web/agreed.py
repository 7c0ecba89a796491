"""What a client agreed to, when, by which way, and until when: each consent of hers, kept when withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.goals import lately
from services.goals.rules.access import clinic_of
from services.goals.web.visit import Visit
from shared.events import Channel, ConsentGiven, ConsentWithdrawn, Recorded, Via


class Agreed(NamedTuple):
    """A consent: to which wording, since when and by which way, and when and how it was withdrawn."""

    scope: Channel
    text_version: str
    given_at: datetime
    given_via: Via
    withdrawn_at: datetime | None = None
    withdrawn_via: Via | None = None


def agreed(visit: Visit, client_id: UUID) -> dict[UUID, Agreed]:
    """All of hers by their ids, the latest first. The look at her is written down before."""
    house = visit.rooms.house
    with house.engine.connect() as connection:
        events = lately.consents_of(connection, house.vault, clinic_of(visit.who), client_id)
    return consents(events)


def consents(events: Iterable[Recorded]) -> dict[UUID, Agreed]:
    """Read off her events; what was given again under another id is another consent."""
    found: dict[UUID, Agreed] = {}
    for event in events:
        match event.data:
            case ConsentGiven(consent_id=name, scope=scope, text_version=version, via=via):
                found[name] = Agreed(scope, version, event.time, via or event.actor.via)
            case ConsentWithdrawn(consent_id=name, via=via) if name in found:
                found[name] = found[name]._replace(
                    withdrawn_at=event.time, withdrawn_via=via or event.actor.via
                )
    return dict(reversed(found.items()))
