"""What her own page shows: counts, her label, what is coming and what she can switch. Never words of hers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.reminders.rules.ahead import Ahead, Going
from services.reminders.rules.hours import Hours, hours_of, local_day
from services.reminders.rules.person import Person, Reminder, consents_to
from services.reminders.rules.plan import is_switched_off
from services.reminders.rules.policy import Quiet
from services.reminders.rules.saying import neutral_label
from shared.clinic import Clinic
from shared.events import Channel

What = Literal["reminders", "celebrations"]
AHEAD = timedelta(days=14)
MOST = 5


class Coming(msgspec.Struct, frozen=True):
    """A message that is to come, by her clock."""

    at: datetime
    channel: Channel


class Way(msgspec.Struct, frozen=True):
    """A channel of hers. Where it is off nothing comes by it. `reminders` is None where she has none."""

    channel: Channel
    is_on: bool
    reminders: bool | None
    celebrations: bool


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The page."""

    label: str | None
    practices: int
    wins: int
    """Both of this week, from her Monday on."""
    coming: tuple[Coming, ...]
    rests: bool
    back_on: date | None
    """The day on which reminders go on; None where they rest until she says so."""
    hours: Hours
    ways: tuple[Way, ...]


def coming(ahead: Ahead, now: datetime) -> tuple[Coming, ...]:
    """The next few messages of the coming two weeks."""
    zone = ZoneInfo(ahead.person.time_zone)
    found = (one for one in ahead.until(now + AHEAD) if isinstance(one, Going))
    return tuple(Coming(one.at.astimezone(zone), one.channel) for one in islice(found, MOST))


def shown(
    person: Person,
    clinic: Clinic,
    stopped: Collection[Channel],
    silence: Quiet | None,
    to_come: tuple[Coming, ...],
    now: datetime,
) -> Shown:
    """The page of a client, given the channels that she has opted out of, the silence that holds, and what
    is to come.
    """
    today = local_day(person.time_zone, now)
    monday = today - timedelta(days=today.weekday())
    practices = [p for goal in person.goals.values() for p in goal.practices if p.on >= monday]
    ways = _ways(person, stopped)
    rests, back_on = _rest(person, silence, today)
    return Shown(
        label=neutral_label(person.label),
        practices=len(practices),
        wins=sum(on >= monday for on in person.wins.values()),
        coming=to_come,
        rests=rests,
        back_on=back_on,
        hours=hours_of(person, clinic),
        ways=ways,
    )


def is_over(reminder: Reminder, person: Person) -> bool:
    """Whether the goal that it is about has ended."""
    goal = person.goals.get(reminder.goal_id) if reminder.goal_id else None
    return goal is not None and goal.ended


def switchable(reminder: Reminder) -> bool:
    """Whether it is a reminder of hers, and neither a celebration nor a letter to the staff."""
    return reminder.kind not in ("celebration", "digest")


def _ways(person: Person, stopped: Collection[Channel]) -> tuple[Way, ...]:
    reached = {contact.channel: key for key, contact in person.contacts.items() if contact.address}
    return tuple(
        _way(person, channel, reached[channel], is_stopped=channel in stopped)
        for channel in sorted(reached, reverse=True)
    )


def _way(person: Person, channel: Channel, contact_id: UUID, *, is_stopped: bool) -> Way:
    agreed = bool(consents_to(person, channel, [contact_id]))
    theirs = [r for r in person.reminders.values() if r.channel == channel and switchable(r)]
    planned = [reminder.active for reminder in theirs if not is_over(reminder, person)]
    return Way(
        channel,
        is_on=agreed and not is_stopped,
        reminders=any(planned) if planned else None,
        celebrations=not is_switched_off(person, "celebration", channel),
    )


def _rest(person: Person, silence: Quiet | None, today: date) -> tuple[bool, date | None]:
    """Whether she has let her reminders rest, and the first day after it. A flag's silence is not shown."""
    lasts = [one.until for one in person.pauses.values() if one.until is None or one.until >= today]
    if None in lasts:
        return True, None
    ends = [last + timedelta(days=1) for last in lasts if last]
    if silence is not None and silence.cause != "after_flag":
        ends.append(local_day(person.time_zone, silence.until))
    return bool(ends), max(ends, default=None)
