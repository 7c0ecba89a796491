"""What the statements about people do: who they are, how they are reached, how far the feed was followed."""

from __future__ import annotations

from typing import Any

from services.reminders import contacts, parking, people
from services.reminders.following import checkpoints
from services.reminders.schema import EXPECTED
from shared.migrations import steps
from tests.simulation.ledger import rows
from tests.simulation.ledger.memory import Params, models
from tests.simulation.ledger.tables import Tables

KNOWN = ("id", "version", "sealed")


@models(people._PERSONS, *KNOWN)
def _persons(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = (t.person.get(key) for key in p["ids"])
    return [(row.client_id, row.version, row.sealed) for row in found if row is not None]


@models(people._PERSON, *KNOWN)
def _person(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.person.get(p["client"])
    return [] if row is None else [(row.client_id, row.version, row.sealed)]


@models(people._OF_CLINIC, *KNOWN)
def _of_clinic(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [
        (row.client_id, row.version, row.sealed)
        for row in t.person.rows.values()
        if row.clinic_id == p["clinic"]
    ]


@models(people._LOCK)
def _lock(t: Tables, p: Params) -> None:
    """Alone as everybody here is, nobody waits."""


@models(people._CLINICS, *KNOWN)
def _clinics(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = (t.clinic.get(key) for key in p["ids"])
    return [(row.clinic_id, row.version, row.sealed) for row in found if row is not None]


@models(people._CLINIC, *KNOWN)
def _clinic(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    row = t.clinic.get(p["clinic"])
    return [] if row is None else [(row.clinic_id, row.version, row.sealed)]


@models(people._PUT_PERSON)
def _put_person(t: Tables, p: Params) -> None:
    old = t.person.get(p["id"])
    clinic = p["clinic"] if old is None else old.clinic_id
    t.person.put(p["id"], rows.Person(p["id"], clinic, p["version"], p["sealed"]))


@models(people._PUT_CLINIC)
def _put_clinic(t: Tables, p: Params) -> None:
    t.clinic.put(p["id"], rows.Clinic(p["id"], p["version"], p["sealed"]))


@models(contacts._DROP)
def _drop(t: Tables, p: Params) -> None:
    for client in p["clients"]:
        for row in list(t.contact.of(client)):
            t.contact.drop((row.channel, row.address_hash, row.client_id))


@models(contacts._PUT)
def _put(t: Tables, p: Params) -> None:
    key = (p["channel"], p["hash"], p["client"])
    if t.contact.get(key) is None:
        t.contact.put(key, rows.Contact(p["channel"], p["hash"], p["client"], p["clinic"]))


@models(contacts._FIND, "client_id", "clinic_id", ordered=True)
def _find(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = [
        row
        for row in t.contact.rows.values()
        if row.channel == p["channel"] and row.address_hash == p["hash"]
    ]

    def last(row: rows.Contact) -> tuple[bool, float, Any]:
        said = [
            m.said_at
            for m in t.message.of(row.client_id)
            if m.channel == row.channel and m.said_at is not None
        ]
        return not said, -max(said).timestamp() if said else 0.0, row.client_id

    return [(row.client_id, row.clinic_id) for row in sorted(found, key=last)]


@models(checkpoints._ADVANCE)
def _advance(t: Tables, p: Params) -> int:
    moved = 0
    for lane, first, last, at in zip(p["lanes"], p["firsts"], p["lasts"], p["recorded"], strict=True):
        row = t.checkpoint.rows[lane]
        if row.position == first - 1:
            t.checkpoint.change(lane, row, position=last, recorded_at=at, applied_at=p["now"])
            moved += 1
    return moved


@models(checkpoints._POSITIONS, "lane", "position")
def _positions(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(lane, t.checkpoint.rows[lane].position) for lane in p["lanes"]]


@models(parking._PARKED, "record_id")
def _parked(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [(key,) for key in p["ids"] if t.parked_record.get(key) is not None]


@models(parking._PARK)
def _park(t: Tables, p: Params) -> None:
    if t.parked_record.get(p["record_id"]) is None:
        t.parked_record.put(
            p["record_id"],
            rows.ParkedRecord(
                p["record_id"], p["clinic_id"], p["reason"], p["lane"], p["position"], p["now"]
            ),
        )


@models(parking._SET_ASIDE)
def _set_aside(t: Tables, p: Params) -> None:
    key = (p["lane"], p["position"])
    if t.parked_event.get(key) is None:
        t.parked_event.put(
            key,
            rows.ParkedEvent(p["lane"], p["position"], p["record_id"], p["event_id"], p["type"], p["sealed"]),
        )


@models(parking._LOCK)
def _lock_parked(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    return [()] if t.parked_record.get(p["record"]) is not None else []


@models(parking._EVENTS, "lane", "position", "sealed", ordered=True)
def _events(t: Tables, p: Params) -> list[tuple[Any, ...]]:
    found = sorted(t.parked_event.of(p["record"]), key=lambda row: row.position)
    return [(row.lane, row.position, row.sealed) for row in found]


@models(parking._TAKEN[0])
def _take_events(t: Tables, p: Params) -> None:
    for row in list(t.parked_event.of(p["record"])):
        t.parked_event.drop((row.lane, row.position))


@models(parking._TAKEN[1])
def _take_record(t: Tables, p: Params) -> None:
    t.parked_record.drop(p["record"])


@models(steps._AT, "version_num")
def _step(_: Tables, __: Params) -> list[tuple[Any, ...]]:
    return [(EXPECTED.head,)]
