"""Her own page: looked at, and acted on here at once; what she did goes to the log as her own act."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

import msgspec
from sqlalchemy import Connection, Engine

from services.reminders import opting_out, parking, people
from services.reminders.ledger import outgoing, questions, quiet
from services.reminders.ledger.outgoing import Fact
from services.reminders.people import Known
from services.reminders.rules import cadence
from services.reminders.rules.own_page import Shown, coming, shown
from services.reminders.rules.person import Person
from services.reminders.rules.pressing import About, Follows, Form, Start, Stop, press
from services.reminders.rules.responding import Bring
from services.reminders.scheduling import due
from services.reminders.scheduling.preview import ahead_of
from shared.clinic import Clinic
from shared.vault import Vault


class Hers(NamedTuple):
    """Her page, and whose words it is in."""

    person: Person
    clinic: Clinic
    shown: Shown


def look(engine: Engine, vault: Vault, client_id: UUID, now: datetime) -> Hers | None:
    """Her page; None where we know her no more."""
    with engine.connect() as connection:
        person = people.person(connection, vault, client_id)
        clinic = people.clinic(connection, vault, person.clinic_id) if person else None
        if person is None or clinic is None:
            return None
        stopped = opting_out.stopped(connection, vault, person)
        silence = quiet.holds(connection, client_id, now)
        still = parking.parked(connection, {client_id})
        to_come = () if still else coming(ahead_of(connection, vault, person, clinic, now), now)
    return Hers(person, clinic, shown(person, clinic, stopped, silence, to_come, now))


def act(
    engine: Engine, vault: Vault, client_id: UUID, form: Form, now: datetime, correlation_id: str
) -> bool:
    """Does what a form asks, in one transaction; False where nothing changed by it.

    Her row is locked as it is for a claim, so what is judged after this knows of it.
    """
    with engine.begin() as connection:
        known = people.lock_persons(connection, vault, {client_id}).get(client_id)
        clinic = people.clinic(connection, vault, known.who.clinic_id) if known else None
        if known is None or clinic is None:
            return False
        about = About(
            person=known.who,
            clinic=clinic,
            now=now,
            fresh=uuid4(),
            stopped=opting_out.stopped(connection, vault, known.who),
            pauses=outgoing.named(connection, client_id, "reminders.paused"),
        )
        follows = press(form, about)
        if follows == Follows(person=known.who):
            return False
        _opt(connection, vault, known.who, form, now, correlation_id)
        _write(connection, vault, known, follows, now, correlation_id)
    return True


def _opt(
    connection: Connection, vault: Vault, person: Person, form: Form, now: datetime, correlation_id: str
) -> None:
    match form:
        case Stop(channel):
            opting_out.by_link(connection, vault, person.client_id, channel, now, correlation_id, "page")
        case Start(channel):
            opting_out.begin_again(connection, vault, person, channel, now)
            questions.close(connection, person.client_id, "opt_in")
        case _:
            pass


def _write(
    connection: Connection,
    vault: Vault,
    before: Known[Person],
    follows: Follows,
    now: datetime,
    correlation_id: str,
) -> None:
    after = follows.person
    # The log's own word of it comes by the feed, and finds her so already.
    people.put_persons(connection, vault, [Known(before.version, after)])
    due.put(connection, _rows(before.who, after, now, correlation_id))
    facts = [_fact(after, one, correlation_id) for one in follows.facts]
    outgoing.put(connection, vault, facts, now)
    if follows.rests_until is not None:
        quiet.begin(connection, after.client_id, "paused", follows.rests_until)
    if follows.goes_on:
        quiet.end(connection, after.client_id)


def _rows(before: Person, after: Person, now: datetime, correlation_id: str) -> list[due.Planned]:
    return [
        due.Planned(
            reminder_id=key,
            client_id=after.client_id,
            clinic_id=after.clinic_id,
            zone=after.time_zone,
            reminder=reminder,
            next_due_at=slot.at if slot else None,
            correlation_id=correlation_id,
        )
        for key, reminder in after.reminders.items()
        if reminder != before.reminders.get(key) and due.has_slots(reminder) and reminder.cadence
        for slot in [cadence.next_due(after.time_zone, reminder.cadence, now)]
    ]


def _fact(person: Person, bring: Bring, correlation_id: str) -> Fact:
    # What is taken back is so once; a setting pressed again is no change, and so no fact.
    once = bring.method == "DELETE"
    return Fact(
        fact_id=uuid5(person.client_id, f"DELETE {bring.path}") if once else uuid4(),
        record_id=person.client_id,
        clinic_id=person.clinic_id,
        kind=bring.kind,
        method=bring.method,
        path=bring.path,
        correlation_id=correlation_id,
        body=msgspec.json.encode(bring.body) if bring.body is not None else None,
        via="web",
    )
