"""The people and clinics that we may write to and for, each sealed under its record's own key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, text

from services.reminders.rules.person import Person
from services.reminders.sealed import seal, unseal
from shared.clinic import Clinic
from shared.logs import logger
from shared.sealing import Unopenable, place
from shared.vault import Vault

log = logger()

T = TypeVar("T", Person, Clinic)

_PERSONS = text("SELECT client_id AS id, version, sealed FROM person WHERE client_id = ANY(:ids) FOR UPDATE")
_PERSON = text("SELECT client_id AS id, version, sealed FROM person WHERE client_id = :client")
_OF_CLINIC = text("SELECT client_id AS id, version, sealed FROM person WHERE clinic_id = :clinic")
_LOCK = text("SELECT FROM person WHERE client_id = :client FOR UPDATE")
_CLINICS = text("SELECT clinic_id AS id, version, sealed FROM clinic WHERE clinic_id = ANY(:ids) FOR UPDATE")
_CLINIC = text("SELECT clinic_id AS id, version, sealed FROM clinic WHERE clinic_id = :clinic")
_PUT_PERSON = text("""
INSERT INTO person (client_id, clinic_id, version, sealed) VALUES (:id, :clinic, :version, :sealed)
ON CONFLICT (client_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed
""")
_PUT_CLINIC = text("""
INSERT INTO clinic (clinic_id, version, sealed) VALUES (:id, :version, :sealed)
ON CONFLICT (clinic_id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed
""")


class Known(NamedTuple, Generic[T]):
    """A person or a clinic as of a version of its record."""

    version: int
    who: T


def lock_persons(connection: Connection, vault: Vault, ids: Collection[UUID]) -> dict[UUID, Known[Person]]:
    """Locks and opens those of the clients that we know; one whose key is destroyed is left out."""
    rows = connection.execute(_PERSONS, {"ids": sorted(ids)}).all() if ids else []
    vault.keys([row.id for row in rows])  # all of them in one round trip
    return {row.id: known for row in rows if (known := _open(vault, row, "person", Person))}


def lock(connection: Connection, client_id: UUID) -> None:
    """Locks a client whom one need not know for it."""
    connection.execute(_LOCK, {"client": client_id})


def lock_clinics(connection: Connection, vault: Vault, ids: Collection[UUID]) -> dict[UUID, Known[Clinic]]:
    """The same for clinics."""
    rows = connection.execute(_CLINICS, {"ids": sorted(ids)}).all() if ids else []
    vault.keys([row.id for row in rows])  # all of them in one round trip
    return {row.id: known for row in rows if (known := _open(vault, row, "clinic", Clinic))}


def person(connection: Connection, vault: Vault, client_id: UUID) -> Person | None:
    """A client as she is now; None where we know no such client, or she was erased."""
    row = connection.execute(_PERSON, {"client": client_id}).first()
    known = _open(vault, row, "person", Person) if row is not None else None
    return known.who if known else None


def of_clinic(connection: Connection, vault: Vault, clinic_id: UUID) -> list[Person]:
    """All clients of a clinic whom we know; those who were erased are left out."""
    rows = connection.execute(_OF_CLINIC, {"clinic": clinic_id}).all()
    vault.keys([row.id for row in rows])  # all of them in one round trip
    return [known.who for row in rows if (known := _open(vault, row, "person", Person))]


def clinic(connection: Connection, vault: Vault, clinic_id: UUID) -> Clinic | None:
    """A clinic as it is now."""
    row = connection.execute(_CLINIC, {"clinic": clinic_id}).first()
    known = _open(vault, row, "clinic", Clinic) if row is not None else None
    return known.who if known else None


def put_persons(connection: Connection, vault: Vault, persons: Sequence[Known[Person]]) -> None:
    """Writes them whole."""
    if persons:
        vault.ready(known.who.client_id for known in persons)
        rows = [
            _sealed(vault, known.version, "person", known.who.client_id, known.who)
            | {"clinic": known.who.clinic_id}
            for known in persons
        ]
        connection.execute(_PUT_PERSON, rows)


def put_clinics(connection: Connection, vault: Vault, clinics: Sequence[Known[Clinic]]) -> None:
    """Writes them whole."""
    if clinics:
        vault.ready(known.who.clinic_id for known in clinics)
        rows = [_sealed(vault, known.version, "clinic", known.who.clinic_id, known.who) for known in clinics]
        connection.execute(_PUT_CLINIC, rows)


def _sealed(
    vault: Vault, version: int, kind: str, record_id: UUID, who: Person | Clinic
) -> dict[str, object]:
    plain = msgspec.json.encode(who)
    sealed = seal(vault, record_id, plain, place(kind, record_id, version))
    return {"id": record_id, "version": version, "sealed": sealed}


def _open(vault: Vault, row: Row[Any], kind: str, shape: type[T]) -> Known[T] | None:
    # Tied to its row and its version: neither another's nor an older one passes for it.
    try:
        plain = unseal(vault, row.id, row.sealed, place(kind, row.id, row.version))
    except Unopenable:
        log.error("row cannot be opened", kind=kind, record=str(row.id))
        return None
    return Known(row.version, msgspec.json.decode(plain, type=shape)) if plain is not None else None
