"""What follows from a button on her own page: how she is from now on, and what the log must know. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.reminders.rules.cadence import instant
from services.reminders.rules.hours import Hours, hours_of, local_day
from services.reminders.rules.own_page import What, is_over, switchable
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Consent, Person, Reminder, consents_to
from services.reminders.rules.responding import Bring
from shared import paths
from shared.clinic import Clinic
from shared.events import Channel, Clock
from shared.limits import PRACTICE_EXPIRES

AGREED = "page-start-1"
"""The wording that she agrees to beside the button: "page start ask" of the catalogues."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="act"):
    """A form of the page, by its field `act`; none of them takes words."""


class Rest(Asked, frozen=True, tag="pause"):
    """All her reminders rest for so many days, today among them."""

    days: Annotated[int, msgspec.Meta(ge=1, le=90)]


class GoOn(Asked, frozen=True, tag="resume"):
    """They go on."""


class KeepHours(Asked, frozen=True, tag="hours"):
    """Quiet from then to then, by her clock."""

    start: Clock
    end: Clock


class Switch(Asked, frozen=True, tag="switch"):
    """Her reminders, or celebrations, on a channel, on or off."""

    what: What
    channel: Channel
    to: Literal["on", "off"]


class Stop(Asked, frozen=True, tag="stop"):
    """Nothing more on a channel."""

    channel: Channel


class Start(Asked, frozen=True, tag="start"):
    """She agrees to be written to on a channel, again."""

    channel: Channel


Form = Rest | GoOn | KeepHours | Switch | Stop | Start


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is known as she presses. `fresh` names what begins by it."""

    person: Person
    clinic: Clinic
    now: datetime
    fresh: UUID
    stopped: Collection[Channel] = ()
    pauses: Collection[UUID] = ()
    """Rests that are on their way to the log, and so not among hers yet."""


class Follows(msgspec.Struct, frozen=True, kw_only=True):
    """All that follows. A button that says how things are already changes nothing, pressed twice or late."""

    person: Person
    facts: tuple[Bring, ...] = ()
    rests_until: datetime | None = None
    goes_on: bool = False


def press(form: Form, about: About) -> Follows:
    """What follows from a form."""
    match form:
        case Rest():
            return _rest(form, about)
        case GoOn():
            return _go_on(about)
        case KeepHours():
            return _keep_hours(form, about)
        case Switch():
            return _switch(form, about)
        case Stop():
            return _stop(form, about)
        case Start():
            return _start(form, about)


def _rest(form: Rest, about: About) -> Follows:
    person = about.person
    last = local_day(person.time_zone, about.now) + timedelta(days=form.days - 1)
    if any(pause.until == last for pause in person.pauses.values()):
        return Follows(person=person)
    begun = Bring(
        "reminders.paused", "PUT", paths.pause(person.client_id, about.fresh), {"until": last.isoformat()}
    )
    resting = msgspec.structs.replace(person, pauses=person.pauses | {about.fresh: Pause(last)})
    ends = instant(ZoneInfo(person.time_zone), last + timedelta(days=1), "00:00")
    return Follows(person=resting, facts=(begun,), rests_until=ends)


def _go_on(about: About) -> Follows:
    person, today = about.person, local_day(about.person.time_zone, about.now)
    held = [key for key, one in person.pauses.items() if one.until is None or one.until >= today]
    ended = [
        Bring("reminders.resumed", "DELETE", paths.pause(person.client_id, pause))
        for pause in dict.fromkeys([*held, *about.pauses])
    ]
    return Follows(person=msgspec.structs.replace(person, pauses={}), facts=tuple(ended), goes_on=True)


def _keep_hours(form: KeepHours, about: About) -> Follows:
    person = about.person
    now = hours_of(person, about.clinic)
    if (now.start, now.end) == (form.start, form.end):
        return Follows(person=person)
    after = msgspec.structs.replace(person, quiet_start=form.start, quiet_end=form.end)
    path = paths.preferences(person.client_id)
    return Follows(person=after, facts=(Bring("client.preferences_set", "PUT", path, _preferences(after)),))


def _preferences(person: Person) -> dict[str, Any]:
    """All of them, for they are set whole."""
    return {
        "time_zone": person.time_zone,
        "locale": person.locale,
        "quiet_start": person.quiet_start,
        "quiet_end": person.quiet_end,
        "daily_cap": person.daily_cap,
        "weekly_cap": person.weekly_cap,
        "label": person.label,
    }


def _switch(form: Switch, about: About) -> Follows:
    person, to = about.person, form.to == "on"
    theirs = {key: one for key, one in person.reminders.items() if one.channel == form.channel}
    if form.what == "celebrations":
        meant = {key: one for key, one in theirs.items() if one.kind == "celebration"}
        if not meant and not to:
            meant = {about.fresh: Reminder("celebration", form.channel)}
    else:
        hours = hours_of(person, about.clinic)
        meant = {
            key: one
            for key, one in theirs.items()
            if switchable(one) and not (to and _held(one, person, hours))
        }
    changed = {key: msgspec.structs.replace(one, active=to) for key, one in meant.items() if one.active != to}
    facts = [_planned(person, key, reminder) for key, reminder in changed.items()]
    after = msgspec.structs.replace(person, reminders=person.reminders | changed)
    return Follows(person=after, facts=tuple(facts))


def _planned(person: Person, reminder_id: UUID, reminder: Reminder) -> Bring:
    body = msgspec.to_builtins(reminder)
    return Bring("reminder.planned", "PUT", paths.reminder(person.client_id, reminder_id), body)


def _held(reminder: Reminder, person: Person, hours: Hours) -> bool:
    """Whether the log would not plan it: its goal has ended, or her quiet hours let it expire."""
    if is_over(reminder, person):
        return True
    times = reminder.cadence.times if reminder.kind == "practice" and reminder.cadence else ()
    return any(_expires(time, hours) for time in times)


def _expires(time: Clock, hours: Hours) -> bool:
    wait, quiet = (_minutes(hours.end) - _minutes(one) for one in (time, hours.start))
    day, most = 24 * 60, PRACTICE_EXPIRES // timedelta(minutes=1)
    return most <= wait % day <= quiet % day


def _minutes(clock: Clock) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _stop(form: Stop, about: About) -> Follows:
    person = about.person
    consents = {
        key: msgspec.structs.replace(one, in_force=False) if one.scope == form.channel else one
        for key, one in person.consents.items()
    }
    if form.channel in about.stopped and consents == person.consents:
        return Follows(person=person)
    return Follows(person=msgspec.structs.replace(person, consents=consents))


def _start(form: Start, about: About) -> Follows:
    person = about.person
    contact = next(
        (key for key, one in person.contacts.items() if one.channel == form.channel and one.address), None
    )
    agreed = contact is not None and bool(consents_to(person, form.channel, [contact]))
    if contact is None or (agreed and form.channel not in about.stopped):
        return Follows(person=person)
    path = paths.consent(person.client_id, form.channel, about.fresh)
    given = Bring("consent.given", "PUT", path, {"text_version": AGREED, "contact_id": str(contact)})
    consents = person.consents | {about.fresh: Consent(contact, form.channel, True, AGREED)}
    return Follows(person=msgspec.structs.replace(person, consents=consents), facts=(given,))
