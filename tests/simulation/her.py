"""A client as whoever reads the events sees her: written down again, apart from the service's own rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.events import (
    CareEnded,
    CareResumed,
    ClientErased,
    ClinicSet,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    PreferencesSet,
    RemindersPaused,
    RemindersResumed,
)


@dataclass
class Contact:
    """A number or an address of hers."""

    contact_id: UUID
    address: str
    verified: bool


@dataclass
class Consent:
    """What she agreed to."""

    contact_id: UUID
    channel: str
    holds: bool = True


@dataclass
class Her:
    """What holds for her by the events so far, and by what she pressed on her page."""

    zone: str
    quiet: tuple[str, str]
    clinic_quiet: tuple[str, str]
    daily: int = 3
    weekly: int = 5
    contacts: dict[str, Contact] = field(default_factory=dict)
    consents: dict[UUID, Consent] = field(default_factory=dict)
    pauses: dict[UUID, date | None] = field(default_factory=dict)
    care_ended: bool = False
    erased: bool = False

    def hears(self, event: Any) -> None:
        """One more event of hers."""
        match event:
            case ClinicSet():
                self.clinic_quiet = (event.quiet_start, event.quiet_end)
            case ContactSet():
                self.contacts[event.channel] = Contact(
                    event.contact_id, event.address or "", event.verified_by is not None
                )
            case ContactRemoved():
                known = self.contacts.get(event.channel)
                if known is not None and known.contact_id == event.contact_id:
                    del self.contacts[event.channel]
            case ConsentGiven():
                self.consents[event.consent_id] = Consent(event.contact_id, event.scope)
            case ConsentWithdrawn():
                if event.consent_id in self.consents:
                    self.consents[event.consent_id].holds = False
            case PreferencesSet():
                self.zone = event.time_zone
                self.quiet = (event.quiet_start or "", event.quiet_end or "")
                self.daily = 3 if event.daily_cap is None else event.daily_cap
                self.weekly = 5 if event.weekly_cap is None else event.weekly_cap
            case RemindersPaused():
                self.pauses[event.pause_id] = event.until
            case RemindersResumed():
                self.pauses.pop(event.pause_id, None)
            case CareEnded() | CareResumed():
                self.care_ended = isinstance(event, CareEnded)
            case ClientErased():
                self.erased = True
            case _:
                pass

    def agrees(self, channel: str, address: str, *, to_a_welcome: bool) -> bool:
        """Whether a consent of hers names the contact that this goes to; a welcome asks the unverified."""
        contact = self.contacts.get(channel)
        if contact is None or contact.address != address:
            return False
        if not contact.verified and not to_a_welcome:
            return False
        return any(
            one.holds and one.channel == channel and one.contact_id == contact.contact_id
            for one in self.consents.values()
        )

    def rests(self, now: datetime) -> bool:
        """Whether she rests on this day of hers."""
        today = self.day(now)
        return any(until is None or today <= until for until in self.pauses.values())

    def day(self, at: datetime) -> date:
        """The day that it is for her."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def is_quiet(self, at: datetime) -> bool:
        """Whether her clock shows a quiet time."""
        start, end = (mine or theirs for mine, theirs in zip(self.quiet, self.clinic_quiet, strict=True))
        local = at.astimezone(ZoneInfo(self.zone))
        shown = local.hour * 60 + local.minute
        begins, over = _minutes(start), _minutes(end)
        if begins <= over:
            return begins <= shown < over
        return not over <= shown < begins

    def midnight(self, now: datetime, *, days: int) -> datetime:
        """The beginning of a day of hers to come."""
        day = self.day(now) + timedelta(days=days)
        return datetime.combine(day, time(0), ZoneInfo(self.zone))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
