"""What a page's events make of people, reminders and occasions; what cannot be applied is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.reminders import parking, people
from services.reminders.ledger import erasing
from services.reminders.ledger.plan import Planned
from services.reminders.opting_out import Consented
from services.reminders.people import Known
from services.reminders.rules import cadence, person, plan
from services.reminders.rules.person import Person, Reminder
from services.reminders.rules.plan import Occasion
from services.reminders.rules.prompts import due_after, foreseen
from services.reminders.scheduling import due
from services.reminders.scheduling.foreseen import Foreseen
from shared import clinic as clinics
from shared.clinic import Clinic
from shared.events import ClientErased, ConsentGiven, Recorded, SafetyFlagged, SafetyReviewed
from shared.vault import Vault
from shared.wire import from_cloudevent


class VersionGap(Exception):
    """An event of the record is missing before this one."""


class NotBegun(Exception):
    """The event is of a client or a clinic whose first event we have not seen."""


@dataclass
class Folded:
    """What is to be written for a page."""

    clinics: list[Known[Clinic]] = field(default_factory=list)
    persons: list[Known[Person]] = field(default_factory=list)
    reminders: dict[UUID, due.Planned] = field(default_factory=dict)
    kept: dict[UUID, list[UUID]] = field(default_factory=dict)
    """For a client whose reminders changed: those that still have a row."""
    planned: list[Planned] = field(default_factory=list)
    consents: list[Consented] = field(default_factory=list)
    """Those that were given, and are still hers to withdraw."""
    parked: list[parking.Parked] = field(default_factory=list)
    moved: set[UUID] = field(default_factory=set)
    """Clients whose numbers or addresses changed."""
    flagged: list[tuple[Person, UUID, str]] = field(default_factory=list)
    """Whose, which flag, and in which course of things."""
    brought: list[tuple[Person, UUID]] = field(default_factory=list)
    """Flags that an import brought."""
    reviewed: list[UUID] = field(default_factory=list)
    erased: dict[UUID, UUID] = field(default_factory=dict)
    """Clients who were erased, and their clinics."""
    foreseen: dict[UUID, Foreseen] = field(default_factory=dict)
    """For a client for whom something else is to come than before."""


def fold(connection: Connection, vault: Vault, items: Sequence[dict[str, Any]]) -> Folded:
    """Locks whom the events are about, and applies them in order."""
    records = {UUID(item["partitionkey"]) for item in items}
    clinics = people.lock_clinics(connection, vault, records)
    persons = people.lock_persons(connection, vault, records)
    folding = _Folding(clinics, persons)
    aside = parking.parked(connection, records)
    gone = _gone(connection, vault, records - clinics.keys() - persons.keys())
    for item in items:
        record = UUID(item["partitionkey"])
        if item["type"] == ClientErased.TYPE:  # whatever is set aside of her: it waits for nothing
            folding.folded.erased[record] = UUID(item["source"].rpartition("/")[2])
            gone.add(record)
        if record in gone:
            continue
        if record in aside:
            folding.folded.parked.append(parking.Parked(item, None))
            continue
        try:
            folding.apply(from_cloudevent(item))
        except Exception as error:  # noqa: BLE001  whatever an event does, it shall not stop its lane
            aside.add(record)
            folding.folded.parked.append(parking.Parked(item, type(error).__name__))
    return folding.done()


def _gone(connection: Connection, vault: Vault, unopened: set[UUID]) -> set[UUID]:
    """Those who were erased: nothing is applied or set aside of them, for nothing of theirs can be kept."""
    return erasing.erased(connection, unopened) | vault.destroyed(unopened)


class _Folding:
    """The records of one page, as the events so far made them."""

    def __init__(self, clinics: dict[UUID, Known[Clinic]], persons: dict[UUID, Known[Person]]) -> None:
        self.folded = Folded()
        self._clinics = clinics
        self._persons = persons
        self._moved: set[UUID] = set()
        self._coming: dict[UUID, tuple[Occasion, ...]] = {}
        """What is foreseen for those whom this page has moved: dear to find, and asked at her next event."""

    def apply(self, event: Recorded) -> None:
        """Applies one event whole, or raises and leaves everything as it was."""
        record = event.record_id
        known = self._clinics.get(record) or self._persons.get(record)
        version = known.version if known else 0
        if event.record_version <= version:
            return
        if event.record_version != version + 1:
            raise VersionGap(record)
        if record == event.clinic_id:
            self._apply_to_clinic(event)
        else:
            self._apply_to_person(event)
        self._moved.add(record)

    def done(self) -> Folded:
        """All that is to be written."""
        self.folded.clinics = [known for key, known in self._clinics.items() if key in self._moved]
        self.folded.persons = [known for key, known in self._persons.items() if key in self._moved]
        return self.folded

    def _foresaw(self, before: Person, at: datetime) -> tuple[Occasion, ...]:
        known = self._coming.get(before.client_id)
        return due_after(foreseen(before) if known is None else known, at)

    def _apply_to_clinic(self, event: Recorded) -> None:
        before = self._clinics.get(event.record_id)
        after = clinics.evolve(before.who if before else None, event.record_id, event.data)
        if after is None:
            raise NotBegun(event.record_id)
        self._clinics[event.record_id] = Known(event.record_version, after)

    def _apply_to_person(self, event: Recorded) -> None:
        known = self._persons.get(event.record_id)
        before = known.who if known else None
        after = person.evolve(before, event)
        if after is None:
            raise NotBegun(event.record_id)
        said = plan.occasions(before, event) if before else ()
        rows, coming = _rows(before, after, event), foreseen(after)
        to_come = due_after(coming, event.recorded_at)
        changed = before is None or self._foresaw(before, event.recorded_at) != to_come
        self._coming[after.client_id] = coming
        self._persons[event.record_id] = Known(event.record_version, after)
        self.folded.consents += _consented(after, event)
        if before is None or before.contacts != after.contacts:
            self.folded.moved.add(after.client_id)
        match event.data:
            case SafetyFlagged() as raised if event.actor.via == "import":
                self.folded.brought.append((after, raised.flag_id))
            case SafetyFlagged() as raised:
                self.folded.flagged.append((after, raised.flag_id, event.correlation_id))
            case SafetyReviewed() as seen:
                self.folded.reviewed.append(seen.flag_id)
            case _:
                pass
        if changed:
            self.folded.foreseen[after.client_id] = Foreseen(
                after, event.recorded_at, event.correlation_id, to_come
            )
        self.folded.planned += [Planned(one, event.clinic_id, event.correlation_id) for one in said]
        if rows is not None:
            kept = [key for key, reminder in after.reminders.items() if due.has_slots(reminder)]
            self.folded.kept[after.client_id] = kept
            self.folded.reminders |= rows


def _consented(person: Person, event: Recorded) -> list[Consented]:
    data = event.data
    contact = person.contacts.get(data.contact_id) if isinstance(data, ConsentGiven) else None
    if not isinstance(data, ConsentGiven) or contact is None or contact.address is None:
        return []
    return [
        Consented(
            consent_id=data.consent_id,
            client_id=person.client_id,
            clinic_id=person.clinic_id,
            channel=data.scope,
            address=contact.address,
            recorded_at=event.recorded_at,
            correlation_id=event.correlation_id,
        )
    ]


def _rows(before: Person | None, after: Person, event: Recorded) -> dict[UUID, due.Planned] | None:
    """The rows of the reminders that this event changed; None when it changed none."""
    old = before.reminders if before else {}
    moved = before is not None and before.time_zone != after.time_zone
    if old == after.reminders and not moved:
        return None
    return {
        key: due.Planned(
            reminder_id=key,
            client_id=after.client_id,
            clinic_id=after.clinic_id,
            zone=after.time_zone,
            reminder=reminder,
            next_due_at=_next(after.time_zone, reminder, event),
            correlation_id=event.correlation_id,
        )
        for key, reminder in after.reminders.items()
        if due.has_slots(reminder) and (moved or old.get(key) != reminder)
    }


def _next(zone: str, reminder: Reminder, event: Recorded) -> datetime | None:
    slot = cadence.next_due(zone, reminder.cadence, event.recorded_at) if reminder.cadence else None
    return slot.at if slot else None
