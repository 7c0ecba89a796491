"""How much is enough: what was said to her lately, and which cap one more would break."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from services.reminders.rules.hours import local_day
from services.reminders.rules.plan import Occasion, OccasionKind
from shared.events import Channel

LOOKED_BACK = timedelta(days=31)
"""How far back `Sent` must reach: a week of hers for the caps, a month of nobody answering for the taper."""


class Said(msgspec.Struct, frozen=True):
    """An occasion that was said, or may have been; a row for each channel. `at` is by its own clock."""

    key: str
    kind: OccasionKind
    due_at: datetime
    channel: Channel
    at: datetime
    by_her: bool = False
    """Whether she scheduled it herself."""


class Sent(msgspec.Struct, frozen=True):
    """What was said to her in the last days, and what goes in the very message that is judged."""

    said: tuple[Said, ...] = ()
    beside: tuple[Occasion, ...] = ()
    heard_at: datetime | None = None
    """When she last wrote to us."""


def celebrated_today(zone: str, channel: Channel, occasion: Occasion, sent: Sent, now: datetime) -> bool:
    """Whether she had another celebration today: on this channel, or one that this was not part of."""
    today = local_day(zone, now)
    had = [s for s in sent.said if s.kind == "celebration" and local_day(zone, s.at) == today]
    return any(s.channel == channel for s in had) or (bool(had) and all(s.key != occasion.key for s in had))


def day_is_full(zone: str, cap: int, occasion: Occasion, sent: Sent, now: datetime) -> bool:
    """Whether her day has had as many occasions as it may, and this would be one more."""
    today = local_day(zone, now)
    counted = {token for day, _, token in _counted(zone, sent, now) if day == today}
    return _is_one_more(zone, occasion, sent, counted, now) and len(counted) >= cap


def week_is_full(zone: str, cap: int, occasion: Occasion, sent: Sent, now: datetime) -> bool:
    """The same for her week, from Monday on, and the occasions that she did not schedule herself."""
    if occasion.by_her:
        return False
    week = local_day(zone, now).isocalendar()[:2]
    counted = {
        token
        for day, by_her, token in _counted(zone, sent, now)
        if not by_her and day.isocalendar()[:2] == week
    }
    return _is_one_more(zone, occasion, sent, counted, now) and len(counted) >= cap


def _counted(zone: str, sent: Sent, now: datetime) -> list[tuple[date, bool, str]]:
    """Each occasion once, when it was first said: her day, whether it was by her, and as what it counts."""
    first: dict[str, tuple[datetime, bool, OccasionKind, datetime]] = {}
    for said in sorted(sent.said, key=lambda s: s.at):
        first.setdefault(said.key, (said.at, said.by_her, said.kind, said.due_at))
    for occasion in sent.beside:
        first.setdefault(occasion.key, (now, occasion.by_her, occasion.kind, occasion.due_at))
    return [
        (local_day(zone, at), by_her, _counts_as(zone, kind, due_at, at))
        for at, by_her, kind, due_at in first.values()
    ]


def _is_one_more(zone: str, occasion: Occasion, sent: Sent, counted: set[str], now: datetime) -> bool:
    if any(said.key == occasion.key for said in sent.said):
        return False
    return _counts_as(zone, occasion.kind, occasion.due_at, now) not in counted


def _counts_as(zone: str, kind: OccasionKind, due_at: datetime, at: datetime) -> str:
    """What is of one kind and instant is one occasion, as are the celebrations of a day: each become one
    message.
    """
    if kind == "celebration":
        return f"celebration:{local_day(zone, at)}"
    return f"{kind}:{due_at.timestamp()}"
