"""The weekly digest: each clinic's when its Monday comes, an e-mail to each therapist, once a week."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import people
from services.reminders.bell import Rung
from services.reminders.ledger import count, direct
from services.reminders.ledger.direct import Direct, Said
from services.reminders.ringer import Ring
from services.reminders.rules.cadence import next_due
from services.reminders.rules.catalogue import CATALOGUES, language_of
from services.reminders.rules.digest import WEEK, WEEKLY, digest, readers
from shared.clinic import Clinic
from shared.logs import logger
from shared.vault import Vault

log = logger()

PERIOD_SECONDS = 60.0
GOOD_FOR = timedelta(days=2)

_PUT = text("""
INSERT INTO digest (clinic_id, zone, next_due_at) VALUES (:clinic, :zone, :due)
ON CONFLICT (clinic_id) DO UPDATE SET zone = excluded.zone, next_due_at = excluded.next_due_at
 WHERE digest.zone <> excluded.zone
""")
_DUE = text("""
SELECT clinic_id, zone, next_due_at FROM digest WHERE next_due_at <= :now
 ORDER BY next_due_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_NEXT = text("UPDATE digest SET next_due_at = :due WHERE clinic_id = :clinic")


def put(connection: Connection, clinics: Collection[Clinic], now: datetime) -> None:
    """Says when each clinic's next one is; one that is planned stays, unless the clinic's zone changes."""
    rows = [
        {"clinic": one.clinic_id, "zone": one.time_zone, "due": _monday(one.time_zone, now)}
        for one in clinics
    ]
    if rows:
        connection.execute(_PUT, rows)


def send_due(engine: Engine, vault: Vault, ring: Ring, link: str | None, now: datetime) -> int:
    """Plans the digests that are due, a clinic a transaction; gives of how many clinics.

    `link` is where a therapist looks closer. After a downtime one comes, for the week before now.
    """
    clinics = 0
    while True:
        with engine.begin() as connection:
            row = connection.execute(_DUE, {"now": now}).first()
            if row is None:
                return clinics
            connection.execute(_NEXT, {"clinic": row.clinic_id, "due": _monday(row.zone, now)})
            rung = _plan(connection, vault, row.clinic_id, row.next_due_at, link, now)
        ring(rung)
        clinics += 1


def digest_until(
    engine: Engine, vault: Vault, ring: Ring, link: str | None, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop: a round a minute. A database that is away is tried again."""

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                send_due(engine, vault, ring, link, clock())
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _plan(
    connection: Connection, vault: Vault, clinic_id: UUID, due_at: datetime, link: str | None, now: datetime
) -> list[Rung]:
    clinic = people.clinic(connection, vault, clinic_id)
    if clinic is None:
        return []
    persons = people.of_clinic(connection, vault, clinic_id)
    sent = count.sent_since(connection, [one.client_id for one in persons], now - WEEK)
    words = CATALOGUES[language_of(clinic.locale)]
    subject = words.variants("digest subject")[0].format(sender=clinic.sender)
    rung: list[Rung] = []
    for address, hers in readers(persons, clinic).items():
        said = Said(
            address,
            digest(hers, sent, words, link, now),
            subject=subject,
            sender=clinic.sender,
            zone=clinic.time_zone,
        )
        message_id = uuid5(clinic_id, f"digest:{due_at.isoformat()}:{address}")
        rung += direct.plan(connection, vault, _direct(message_id, clinic_id, said, now), now)
    return rung


def _direct(message_id: UUID, clinic_id: UUID, said: Said, now: datetime) -> Direct:
    return Direct(
        message_id=message_id,
        record_id=clinic_id,
        client_id=None,
        clinic_id=clinic_id,
        channel="email",
        kind="digest",
        said=said,
        expires_at=now + GOOD_FOR,
        correlation_id=str(message_id),
        despite_opt_out=True,
    )


def _monday(zone: str, now: datetime) -> datetime:
    slot = next_due(zone, WEEKLY, now)
    assert slot is not None  # a week has a Monday
    return slot.at
