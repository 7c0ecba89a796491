"""Who is told that somebody must look: her team and the cover, at once and each morning until it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import people
from services.reminders.bell import Rung
from services.reminders.ledger import direct
from services.reminders.ledger.direct import Direct, Kind, Said
from services.reminders.ringer import Ring
from services.reminders.rules.cadence import instant
from services.reminders.rules.catalogue import CATALOGUES, language_of
from services.reminders.rules.hours import MORNING, local_day
from services.reminders.rules.person import Person
from services.reminders.rules.told import told_of
from shared.clinic import Clinic
from shared.logs import logger
from shared.vault import Vault

log = logger()

PERIOD_SECONDS = 60.0
BATCH = 200
FLAG_NAME = "9"
"""Which of a text's facts its flag is."""

_RAISE = text("""
INSERT INTO flag (flag_id, client_id, clinic_id, raised_at, notices, next_notice_at)
VALUES (:flag, :client, :clinic, :now, :notices, :next) ON CONFLICT DO NOTHING RETURNING flag_id
""")
_REVIEWED = text("UPDATE flag SET next_notice_at = NULL WHERE flag_id = ANY(:flags)")
_DUE = text("""
SELECT flag_id, client_id, notices FROM flag WHERE next_notice_at <= :now
 ORDER BY next_notice_at LIMIT :batch FOR UPDATE SKIP LOCKED
""")
_NEXT = text("UPDATE flag SET notices = notices + 1, next_notice_at = :next WHERE flag_id = :flag")


def flag_of(inbound_id: UUID) -> UUID:
    """The id of the flag that a text raises."""
    return uuid5(inbound_id, FLAG_NAME)


def raised(
    connection: Connection, vault: Vault, person: Person, flag_id: UUID, now: datetime, correlation_id: str
) -> list[Rung]:
    """A flag, from now on: the notices go out at once, and again each morning. Raised twice is once."""
    clinic = people.clinic(connection, vault, person.clinic_id)
    if not _kept(connection, person, clinic, flag_id, now, notices=1):
        return []
    return _tell(connection, vault, person, clinic, "flag", flag_id, 1, now, correlation_id)


def brought(connection: Connection, vault: Vault, person: Person, flag_id: UUID, now: datetime) -> None:
    """A flag that an import brought: those whom it concerned were told. Whoever works with her now is told
    the next morning, if nobody has reviewed it: most are reviewed in what follows."""
    _kept(connection, person, people.clinic(connection, vault, person.clinic_id), flag_id, now, notices=0)


def _kept(
    connection: Connection,
    person: Person,
    clinic: Clinic | None,
    flag_id: UUID,
    now: datetime,
    *,
    notices: int,
) -> bool:
    """Whether it is new."""
    row = {"flag": flag_id, "client": person.client_id, "clinic": person.clinic_id, "now": now}
    made = connection.execute(_RAISE, row | {"notices": notices, "next": _morning(clinic, now)})
    return made.first() is not None


def wrong_number(
    connection: Connection, vault: Vault, person: Person, inbound_id: UUID, now: datetime, correlation_id: str
) -> list[Rung]:
    """Tells her team that her number is somebody else's."""
    clinic = people.clinic(connection, vault, person.clinic_id)
    return _tell(connection, vault, person, clinic, "notice", inbound_id, 1, now, correlation_id)


def reviewed(connection: Connection, flags: list[UUID]) -> None:
    """Somebody has looked: no more notices."""
    if flags:
        connection.execute(_REVIEWED, {"flags": flags})


def remind(engine: Engine, vault: Vault, ring: Ring, now: datetime) -> int:
    """Tells again of the flags that nobody has reviewed; gives how many."""
    with engine.begin() as connection:
        rows = connection.execute(_DUE, {"now": now, "batch": BATCH}).all()
        rung: list[Rung] = []
        for row in rows:
            person = people.person(connection, vault, row.client_id)
            clinic = people.clinic(connection, vault, person.clinic_id) if person else None
            following = _morning(clinic, now) if person else None
            connection.execute(_NEXT, {"flag": row.flag_id, "next": following})
            if person is not None:
                number = row.notices + 1
                rung += _tell(
                    connection, vault, person, clinic, "flag", row.flag_id, number, now, str(row.flag_id)
                )
    ring(rung)
    return len(rows)


def remind_until(
    engine: Engine, vault: Vault, ring: Ring, clock: Callable[[], datetime]
) -> Callable[[Event], None]:
    """The loop: a round a minute. A database that is away is tried again."""

    def loop(stop: Event) -> None:
        while not stop.is_set():
            try:
                remind(engine, vault, ring, clock())
            except SQLAlchemyError as error:
                log.warning("database away", error=type(error).__name__)
            stop.wait(PERIOD_SECONDS)

    return loop


def _tell(
    connection: Connection,
    vault: Vault,
    person: Person,
    clinic: Clinic | None,
    kind: Kind,
    source: UUID,
    number: int,
    now: datetime,
    correlation_id: str,
) -> list[Rung]:
    cover = [clinic.cover_email] if clinic and clinic.cover_email else []
    addresses = sorted({*told_of(person, clinic), *cover}) if clinic else []
    if clinic is None or not addresses:
        log.error("nobody to be told", kind=kind, client=str(person.client_id))
        return []
    words = CATALOGUES[language_of(clinic.locale)]
    about = str(person.client_id)
    subject = words.variants(f"{kind} subject")[0].format(sender=clinic.sender)
    body = words.variants(f"{kind} text")[0].format(client=about)
    rung: list[Rung] = []
    for address in addresses:
        said = Said(address, body, subject=subject, sender=clinic.sender, zone=clinic.time_zone)
        rung += direct.plan(
            connection,
            vault,
            Direct(
                message_id=uuid5(source, f"{kind}:{number}:{address}"),
                record_id=person.clinic_id,
                client_id=person.client_id,
                clinic_id=person.clinic_id,
                channel="email",
                kind=kind,
                said=said,
                expires_at=now + timedelta(days=1),
                correlation_id=correlation_id,
                despite_opt_out=True,
            ),
            now,
        )
    return rung


def _morning(clinic: Clinic | None, now: datetime) -> datetime:
    """The next one: of what was flagged at night, the same night's."""
    zone = clinic.time_zone if clinic else "UTC"
    today = local_day(zone, now)
    mornings = (instant(ZoneInfo(zone), today + timedelta(days=days), MORNING) for days in (0, 1))
    return next(morning for morning in mornings if morning > now)
