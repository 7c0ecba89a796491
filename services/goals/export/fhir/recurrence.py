"""A cadence as others read it: recurrence rules (RFC 5545), in the client's local time."""

from __future__ import annotations

from itertools import groupby

from shared.events import Cadence


def rules(cadence: Cadence) -> str:
    """A rule a line: one for all times at the same minute, for a rule pairs every hour with every minute."""
    days = ",".join(day[:2].upper() for day in cadence.days)
    by_minute = sorted(cadence.times, key=lambda time: (time[3:], time))
    return "\n".join(
        f"FREQ=WEEKLY;BYDAY={days};BYHOUR={_hours(times)};BYMINUTE={int(minute)}"
        for minute, times in ((m, list(g)) for m, g in groupby(by_minute, key=lambda time: time[3:]))
    )


def _hours(times: list[str]) -> str:
    return ",".join(str(int(time[:2])) for time in times)
