"""Which cadences are refused: above her cap, or with slots that her quiet hours would always let expire."""

from __future__ import annotations

from datetime import timedelta

from services.goals.rules.client import Client
from services.goals.rules.commands.client import PlanReminder
from services.goals.rules.refusal import Refused
from shared.clinic import Clinic
from shared.events import Cadence, Day
from shared.limits import DAILY_CAP, PRACTICE_EXPIRES


def check_cadence(command: PlanReminder, cadence: Cadence, client: Client, clinic: Clinic | None) -> None:
    """Raises Refused where the reminder cannot be as it is planned.

    One slot on two channels is one (DOMAIN, "Caps"). Of the kinds, only a practice reminder expires soon.
    """
    slots: set[tuple[Day, str]] = {(day, time) for day in cadence.days for time in cadence.times}
    for other_id, other in client.reminders.items():
        if other_id != command.reminder_id and other.active and other.cadence and other.kind != "digest":
            slots |= {(day, time) for day in other.cadence.days for time in other.cadence.times}
    cap = client.preferences.daily_cap if client.preferences.daily_cap is not None else DAILY_CAP
    fullest = max(sum(day == d for d, _ in slots) for day in cadence.days)
    if fullest > cap:
        raise Refused(
            f"That makes {fullest} reminders on one day; at most {cap} a day are sent. Choose fewer times.",
            "#/cadence",
        )
    if command.kind == "practice":
        _check_expiry(cadence, client, clinic)


def _check_expiry(cadence: Cadence, client: Client, clinic: Clinic | None) -> None:
    start = client.preferences.quiet_start or (clinic.quiet_start if clinic else None)
    end = client.preferences.quiet_end or (clinic.quiet_end if clinic else None)
    if start is None or end is None:
        return
    for time in cadence.times:
        wait = (_minutes(end) - _minutes(time)) % (24 * 60)
        quiet = (_minutes(end) - _minutes(start)) % (24 * 60)
        if 0 < wait <= quiet and timedelta(minutes=wait) >= PRACTICE_EXPIRES:
            raise Refused(
                f"A reminder at {time} falls into quiet hours ({start}-{end}) and would expire "
                f"after {PRACTICE_EXPIRES // timedelta(hours=1)} hours, before {end}. "
                "Choose a time outside them.",
                "#/cadence/times",
            )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
