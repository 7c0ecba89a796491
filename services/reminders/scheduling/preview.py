"""What a client will get in the coming days if nothing happens meanwhile, and what not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from services.reminders import parking, people
from services.reminders.ledger import count, hold, planned
from services.reminders.rules import words
from services.reminders.rules.ahead import Ahead, Dropped, Going, Outcome, PutOff
from services.reminders.rules.caps import LOOKED_BACK
from services.reminders.rules.causes import Cause
from services.reminders.rules.person import Person
from services.reminders.rules.plan import OccasionKind
from services.reminders.standing import standing
from shared.clinic import Clinic
from shared.events import Channel
from shared.vault import Vault
from shared.wire import Rfc3339

CHANNELS: tuple[Channel, ...] = get_args(Channel)
MOVED = timedelta(days=2)
"""By less than this her clock can go back when she moves: what was due before comes round no more."""
HER_LINK = "(a link that is hers alone)"
"""In place of the links of her e-mails: whoever looks ahead for her is not to press them."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A message that will go, at her own local time; `put_off_by` is why it does not go when it is due."""

    at: Rfc3339
    due_at: Rfc3339
    put_off_by: Cause | None
    channel: Channel
    kinds: list[OccasionKind]
    subject: str | None
    text: str | None


class HeldBack(msgspec.Struct, frozen=True, kw_only=True):
    """Something that will not be said on this channel, and the rule that says so."""

    at: Rfc3339
    channel: Channel
    kind: OccasionKind
    cause: Cause


class PreviewPage(msgspec.Struct, frozen=True, kw_only=True):
    """The coming days. `stands_still` is why nothing goes at all until an operator has acted."""

    items: list[Coming]
    held_back: list[HeldBack]
    stands_still: Literal["parked", "clinic_unknown", "restored"] | None
    next: None = None


def preview(
    connection: Connection, vault: Vault, person: Person, now: datetime, days: int, *, links: bool
) -> PreviewPage:
    """So many days of hers from now on; `links` says whether there is a public address for them."""
    clinic = people.clinic(connection, vault, person.clinic_id)
    if clinic is None:
        return PreviewPage(items=[], held_back=[], stands_still="clinic_unknown")
    if parking.parked(connection, {person.client_id}):
        return PreviewPage(items=[], held_back=[], stands_still="parked")
    if hold.standing(connection).cause is not None:
        return PreviewPage(items=[], held_back=[], stands_still="restored")
    ahead = ahead_of(connection, vault, person, clinic, now)
    return _shown(ahead.until(now + timedelta(days=days)), person, clinic, HER_LINK if links else None)


def ahead_of(connection: Connection, vault: Vault, person: Person, clinic: Clinic, now: datetime) -> Ahead:
    """Her days from now on, beginning with all that the ledger knows of her."""
    sent = count.lately(connection, person.client_id, now - LOOKED_BACK)
    stands = {channel: standing(connection, vault, person, channel, now) for channel in CHANNELS}
    known = planned.keys_since(connection, person.client_id, now - MOVED)
    ahead = Ahead(person, clinic, now, sent, stands, known)
    for one in planned.of_client(connection, person.client_id):
        ahead.wait(one.occasion, one.channel, max(one.at, now))
    return ahead


def _shown(outcomes: Iterable[Outcome], person: Person, clinic: Clinic, link: str | None) -> PreviewPage:
    items, held_back = list[Coming](), list[HeldBack]()
    put_off = dict[tuple[str, Channel], Cause]()
    for outcome in outcomes:
        match outcome:
            case PutOff():
                put_off[(outcome.occasion.key, outcome.channel)] = outcome.verdict.cause
            case Going():
                causes = (put_off.get((one.key, outcome.channel)) for one in outcome.occasions)
                items.append(_coming(outcome, next(filter(None, causes), None), person, clinic, link))
            case Dropped():
                held_back.append(_held_back(outcome, person))
    return PreviewPage(items=items, held_back=held_back, stands_still=None)


def _coming(
    going: Going, put_off_by: Cause | None, person: Person, clinic: Clinic, link: str | None
) -> Coming:
    said = words.compose(
        going.occasions, clinic, person, going.channel, person.client_id.int, link=link, page=link
    )
    return Coming(
        at=_by_her_clock(going.at, person),
        due_at=_by_her_clock(min(one.due_at for one in going.occasions), person),
        put_off_by=put_off_by,
        channel=going.channel,
        kinds=sorted({one.kind for one in going.occasions}),
        subject=said.subject,
        text=said.text,
    )


def _held_back(dropped: Dropped, person: Person) -> HeldBack:
    return HeldBack(
        at=_by_her_clock(dropped.at, person),
        channel=dropped.channel,
        kind=dropped.occasion.kind,
        cause=dropped.verdict.cause,
    )


def _by_her_clock(moment: datetime, person: Person) -> Rfc3339:
    return moment.astimezone(ZoneInfo(person.time_zone)).isoformat(timespec="seconds")
