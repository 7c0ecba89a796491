"""Whether an occasion may be said now, on this channel: judged at the moment of sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from services.reminders.rules.cadence import ONE_DAY
from services.reminders.rules.caps import (
    Sent,
    celebrated_today,
    day_is_full,
    week_is_full,
)
from services.reminders.rules.causes import Cause
from services.reminders.rules.hours import closes_at, hours_of, is_quiet, local_day, morning_of, opens_at
from services.reminders.rules.pause import is_resting
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.relevance import not_due
from shared.clinic import Clinic
from shared.events import Channel
from shared.limits import DAILY_CAP, WEEKLY_CAP

CLINIC_WAIT = timedelta(minutes=1)
"""A clinic travels in another lane than its clients, and may come a moment later."""


QuietCause = Literal["after_flag", "resting", "paused"]


class Quiet(NamedTuple):
    """Nothing is initiated until then: she rests, has paused, or wrote a phrase of despair."""

    until: datetime
    cause: QuietCause


class Standing(NamedTuple):
    """What a channel allows whatever her record says; see `judge_together`."""

    opted_out: bool = False
    dead: bool = False
    quiet: Quiet | None = None


class Send(msgspec.Struct, frozen=True):
    """Say it now, to this contact; the provider may try for `valid_for`."""

    contact_id: UUID
    valid_for: timedelta


class Later(msgspec.Struct, frozen=True):
    """Judge it again then."""

    until: datetime
    cause: Cause


class Suppress(msgspec.Struct, frozen=True):
    """It is never said on this channel."""

    cause: Cause


class Expire(msgspec.Struct, frozen=True):
    """Its time is over, or will be before it may be said."""

    cause: Cause = "stale"


Verdict = Send | Later | Suppress | Expire


def judge_together(
    person: Person,
    clinic: Clinic | None,
    channel: Channel,
    waiting: Sequence[Occasion],
    sent: Sent,
    now: datetime,
    *,
    opted_out: bool = False,
    dead: bool = False,
    quiet: Quiet | None = None,
) -> tuple[tuple[Occasion, Verdict], ...]:
    """A verdict for each of the occasions that would go in one message; what expires first is judged first.

    `sent` holds all that was said to her within caps.LOOKED_BACK, on any channel, but not this message;
    `opted_out` says that she, or the provider for her, refused this address, whatever her record says;
    `dead` that nobody is reached there, `quiet` that nothing is initiated for a while.
    """
    verdicts: list[tuple[Occasion, Verdict]] = []
    beside = sent.beside
    for occasion in sorted(waiting, key=lambda one: (one.expires_at, one.key)):
        so_far = msgspec.structs.replace(sent, beside=beside)
        verdict = judge(
            person, clinic, channel, occasion, so_far, now, opted_out=opted_out, dead=dead, quiet=quiet
        )
        if isinstance(verdict, Send):
            beside = (*beside, occasion)
        verdicts.append((occasion, verdict))
    return tuple(verdicts)


def judge(
    person: Person,
    clinic: Clinic | None,
    channel: Channel,
    occasion: Occasion,
    sent: Sent,
    now: datetime,
    *,
    opted_out: bool = False,
    dead: bool = False,
    quiet: Quiet | None = None,
) -> Verdict:
    """Whether she may be told this now, on this channel; the first rule that objects decides."""
    if now >= occasion.expires_at:
        return Expire()
    if clinic is None:
        return Later(now + CLINIC_WAIT, "clinic_unknown")
    refusal = _not_hers(person, now) or not_due(person, channel, occasion, sent, now)
    if refusal:
        return Suppress(refusal)
    if opted_out:
        return Suppress("opted_out")
    if quiet is not None and now < quiet.until:
        return _kept_quiet(occasion, quiet)
    contact = _contact(person, channel, occasion)
    if not isinstance(contact, UUID):
        return Suppress(contact)
    if dead:
        return Suppress("address_dead")
    return _held(person, clinic, channel, occasion, sent, now) or Send(
        contact, _valid_for(person, clinic, occasion, now)
    )


def _contact(person: Person, channel: Channel, occasion: Occasion) -> UUID | Cause:
    """Where it may go: a welcome to the contact that it asks about alone, all else to a verified one."""
    found = consented_contact(person, channel, unverified=occasion.kind == "welcome")
    if occasion.kind != "welcome" or not isinstance(found, UUID):
        return found
    if found != occasion.detail.contact_id:
        return "no_consent"
    return "already_verified" if person.contacts[found].verified else found


def consented_contact(person: Person, channel: Channel, *, unverified: bool = False) -> UUID | Cause:
    """The verified contact that a consent in force names for this channel, or why there is none;
    `unverified` takes one that is not verified yet as well.
    """
    named = {
        consent.contact_id
        for consent in person.consents.values()
        if consent.in_force and consent.scope == channel
    }
    for contact_id in named & person.contacts.keys():
        contact = person.contacts[contact_id]
        if contact.channel != channel:
            continue
        if not contact.verified and not unverified:
            return "contact_unverified"
        return contact_id if contact.address else "no_address"
    return "no_consent"


def _not_hers(person: Person, now: datetime) -> Cause | None:
    if person.care_ended:
        return "care_ended"
    if is_resting(person.pauses, local_day(person.time_zone, now)):
        return "paused"
    return None


def _held(
    person: Person, clinic: Clinic, channel: Channel, occasion: Occasion, sent: Sent, now: datetime
) -> Verdict | None:
    hours, zone = hours_of(person, clinic), person.time_zone
    if is_quiet(hours, now):
        opens = opens_at(hours, now)
        return Later(opens, "quiet_hours") if opens < occasion.expires_at else Expire("quiet_hours")
    today = local_day(zone, now)
    tomorrow, monday = today + ONE_DAY, today + (7 - today.weekday()) * ONE_DAY
    if occasion.kind == "celebration" and celebrated_today(zone, channel, occasion, sent, now):
        return _wait(occasion, morning_of(hours, tomorrow), "one_celebration_a_day")
    weekly_cap = WEEKLY_CAP if person.weekly_cap is None else person.weekly_cap
    if week_is_full(zone, weekly_cap, occasion, sent, now):
        return _wait(occasion, morning_of(hours, monday), "weekly_cap")
    daily_cap = DAILY_CAP if person.daily_cap is None else person.daily_cap
    if day_is_full(zone, daily_cap, occasion, sent, now):
        return _wait(occasion, morning_of(hours, tomorrow), "daily_cap")
    return None


def _kept_quiet(occasion: Occasion, quiet: Quiet) -> Later | Suppress:
    """What she put off for a day may wait for it; a pause, and a phrase of despair, let nothing wait."""
    if quiet.cause == "resting":
        return _wait(occasion, quiet.until, quiet.cause)
    return Suppress(quiet.cause)


def _wait(occasion: Occasion, until: datetime, cause: Cause) -> Later | Suppress:
    """What would have expired by then is not kept waiting."""
    return Later(until, cause) if until < occasion.expires_at else Suppress(cause)


def _valid_for(person: Person, clinic: Clinic, occasion: Occasion, now: datetime) -> timedelta:
    quiet_from = closes_at(hours_of(person, clinic), now)
    return min(occasion.expires_at, quiet_from or occasion.expires_at) - now
