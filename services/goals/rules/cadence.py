"""Which cadences are refused: above her cap, or with slots that her quiet hours would always let expire."""

from __future__ import annotations

from uuid import UUID

from services.goals.rules.client import Client
from services.goals.rules.clinic import Clinic
from services.goals.rules.refusal import Invalid, Refused
from shared.events import Cadence, Day

DAILY_CAP = 3
PRACTICE_EXPIRES_MINUTES = 120


def refusal_of(
    reminder_id: UUID, cadence: Cadence | None, client: Client, clinic: Clinic | None
) -> Refused | None:
    """Why this practice reminder cannot be, or None. One slot on two channels is one (DOMAIN, "Caps")."""
    if cadence is None:
        return Invalid("A practice reminder needs a cadence: its days and its times.", "#/cadence")
    slots: set[tuple[Day, str]] = {(day, time) for day in cadence.days for time in cadence.times}
    for other_id, other in client.reminders.items():
        if other_id != reminder_id and other.active and other.kind == "practice" and other.cadence:
            slots |= {(day, time) for day in other.cadence.days for time in other.cadence.times}
    cap = client.preferences.daily_cap if client.preferences.daily_cap is not None else DAILY_CAP
    fullest = max(sum(day == d for d, _ in slots) for day in cadence.days)
    if fullest > cap:
        return Refused(
            f"That makes {fullest} reminders on one day; at most {cap} a day are sent. Choose fewer times.",
            "#/cadence",
        )
    return _always_expiring(cadence, client, clinic)


def _always_expiring(cadence: Cadence, client: Client, clinic: Clinic | None) -> Refused | None:
    start = client.preferences.quiet_start or (clinic.quiet_start if clinic else None)
    end = client.preferences.quiet_end or (clinic.quiet_end if clinic else None)
    if start is None or end is None:
        return None
    for time in cadence.times:
        wait = (_minutes(end) - _minutes(time)) % (24 * 60)
        quiet = (_minutes(end) - _minutes(start)) % (24 * 60)
        if 0 < wait <= quiet and wait >= PRACTICE_EXPIRES_MINUTES:
            return Refused(
                f"A reminder at {time} falls into quiet hours ({start}-{end}) and would expire "
                f"after 2 hours, before {end}. Choose a time outside them.",
                "#/cadence/times",
            )
    return None


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
