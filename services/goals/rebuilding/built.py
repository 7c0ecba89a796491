"""What a record's events add up to: the state of each stream, and the numbers and addresses that are hers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.goals.log.stored import StreamKind
from services.goals.rules import clinic as clinics
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from services.goals.rules.record import fold
from shared.clinic import Clinic
from shared.events import Channel, ClientErased, Recorded


class BuiltState(NamedTuple):
    """A stream's state; `moved_at` is the version of the record at the stream's last event."""

    kind: StreamKind
    version: int
    moved_at: int
    state: Clinic | Client | Goal


class Built(NamedTuple):
    """What is to be kept of a record at a version; of one that is erased, nothing."""

    clinic_id: UUID
    record_id: UUID
    version: int
    states: dict[UUID, BuiltState]
    addresses: frozenset[tuple[Channel, str]]


def build(events: Sequence[Recorded]) -> Built:
    """Folds the events of one record, from its first."""
    last = events[-1]
    if isinstance(last.data, ClientErased):
        return nothing(last.clinic_id, last.record_id, last.record_version)
    states: dict[UUID, Clinic | Client | Goal]
    addresses: frozenset[tuple[Channel, str]] = frozenset()
    if last.record_id == last.clinic_id:
        clinic = clinics.fold(last.clinic_id, events)
        assert clinic is not None
        states = {last.clinic_id: clinic}
    else:
        record = fold(last.record_id, events)
        her = record.known_client()
        states = {record.client_id: her, **record.goals}
        addresses = frozenset((channel, c.address) for channel, c in her.contacts.items() if c.address)
    ends = {event.stream_id: event for event in events}
    kept = {
        stream_id: BuiltState(_kind(state), ends[stream_id].version, ends[stream_id].record_version, state)
        for stream_id, state in states.items()
    }
    return Built(last.clinic_id, last.record_id, last.record_version, kept, addresses)


def nothing(clinic_id: UUID, record_id: UUID, version: int) -> Built:
    """What is kept of a record that is erased."""
    return Built(clinic_id, record_id, version, {}, frozenset())


def _kind(state: Clinic | Client | Goal) -> StreamKind:
    match state:
        case Clinic():
            return "clinic"
        case Client():
            return "client"
        case Goal():
            return "goal"
