"""What can be asked of a clinic's record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.events import Clock, StaffRole


@dataclass(frozen=True, kw_only=True)
class SetClinic:
    """The clinic's settings, whole."""

    name: str
    sender: str
    phone: str
    country: str
    locale: str
    time_zone: str
    quiet_start: Clock
    quiet_end: Clock
    cover_email: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetStaff:
    """Somebody works here, in this role."""

    staff_id: UUID
    role: StaffRole
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class RemoveStaff:
    """Somebody works here no more."""

    staff_id: UUID


ClinicCommand = SetClinic | SetStaff | RemoveStaff
