"""What about a client wants a therapist's eye now: a flag, a review, a silence; and what went well lately."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import local_day

LOOKED_BACK = timedelta(days=35)
"""Of entries: the month that a list can tell of."""
QUIET_DAYS = 7
"""Whole days without an entry (DOMAIN, "Reminders")."""
REVIEW_AHEAD = timedelta(days=3)
"""From here on a review is due: a session may be before the day itself."""


@dataclass(frozen=True)
class Lately:
    """An entry of hers: its kind as in an event's type (`win.recorded`), when, and what of it is in clear."""

    kind: str
    time: datetime
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Attention:
    """What matters now. `quiet_days` is None where she is not quiet, `quiet_for_long` where no entry is known
    of as far back as was looked.
    """

    flags: int = 0
    unread: int = 0
    review_due: date | None = None
    quiet_days: int | None = None
    quiet_for_long: bool = False
    wins: int = 0
    practices: int = 0
    erasure: bool = False
    ended: bool = False

    @property
    def order(self) -> tuple[bool, bool, bool, date, bool, bool]:
        """By which it comes in a list: what is pressing first, whose care has ended last."""
        return (
            self.ended,
            not self.flags,
            not self.unread,
            self.review_due or date.max,
            not self.erasure,
            self.quiet_days is None and not self.quiet_for_long,
        )


def attention(
    client: Client, goals: Collection[Goal], lately: Collection[Lately], now: datetime, *, unread: int = 0
) -> Attention:
    """What matters about a client, of what she and her goals are, of her entries since LOOKED_BACK, and of
    how many texts of hers nobody has read.
    """
    today = local_day(now, client.time_zone)
    ended = any(end.resumed_at is None and end.on <= today for end in client.care_ends.values())
    going = [goal for goal in goals if goal.status == "active" and not ended]
    held = _held(lately)
    days = _quiet_days(held, client, today)
    registered = (today - local_day(client.registered_at, client.time_zone)).days
    is_quiet = bool(going) and registered > QUIET_DAYS
    monday = today - timedelta(days=today.weekday())
    return Attention(
        flags=sum(flag.reviewed_at is None for flag in client.flags.values()),
        unread=unread,
        review_due=min(filter(None, (review_due(goal, today) for goal in going)), default=None),
        quiet_days=days if is_quiet and days is not None and days >= QUIET_DAYS else None,
        quiet_for_long=is_quiet and days is None,
        wins=_since(held, "win.recorded", monday),
        practices=_since(held, "practice.logged", monday),
        erasure=any(erasure.under_way and not erasure.decision for erasure in client.erasures.values()),
        ended=ended,
    )


def review_due(goal: Goal, today: date) -> date | None:
    """The latest review day that is here, or nearly, and for which nobody has looked at the goal."""
    kept = {review.review_on for review in goal.reviews}
    here = [day for day in goal.review_on if day <= today + REVIEW_AHEAD]
    latest = max(here, default=None)
    return latest if latest is not None and latest not in kept else None


def _held(lately: Collection[Lately]) -> list[Lately]:
    """The entries that were not voided."""
    voided = {(one.kind.partition(".")[0], _name(one)) for one in lately if one.kind.endswith(".voided")}
    return [
        one
        for one in lately
        if not one.kind.endswith(".voided") and (one.kind.partition(".")[0], _name(one)) not in voided
    ]


def _name(one: Lately) -> object:
    return one.data.get(f"{one.kind.partition('.')[0]}_id")


def _day(one: Lately, client: Client) -> date:
    on = one.data.get("on")
    return date.fromisoformat(on) if isinstance(on, str) else local_day(one.time, client.time_zone)


def _quiet_days(held: list[Lately], client: Client, today: date) -> int | None:
    """Whole days since her last entry; None where none is known of."""
    last = max((_day(one, client) for one in held), default=None)
    return None if last is None else (today - last).days - 1


def _since(held: list[Lately], kind: str, monday: date) -> int:
    return sum(one.kind == kind and date.fromisoformat(one.data["on"]) >= monday for one in held)
