"""A client's settings: the same again is nothing new, anything else is so from now on."""

from __future__ import annotations

import msgspec

from services.goals.rules import client_events as clients
from services.goals.rules.client import Client
from services.goals.rules.proposal import Moment, Proposed, setting
from services.goals.rules.record import Record
from shared.events import Event, PreferencesSet


def unless_so(record: Record, event: Event, moment: Moment) -> tuple[Proposed, ...]:
    """Proposes the setting, unless she is as it says already."""
    client = record.known_client()
    after = clients.evolve(client, client.client_id, event, moment.now, moment.actor.kind)
    if after is not None and _as_set(after, client) == client and _was_set(record, event):
        return ()
    return changed(record, event, moment)


def changed(record: Record, event: Event, moment: Moment) -> tuple[Proposed, ...]:
    """Proposes the setting, whatever is so now."""
    return (setting("client", record.client_id, event, record.version, moment),)


def _as_set(after: Client, before: Client) -> Client:
    """Who says it is no part of a setting's content."""
    return msgspec.structs.replace(after, stops=before.stops)


def _was_set(record: Record, event: Event) -> bool:
    """Whether it was ever said: choosing the default in so many words is a fact, too."""
    return not isinstance(event, PreferencesSet) or any(
        isinstance(f.data, PreferencesSet) for f in record.facts.values()
    )
