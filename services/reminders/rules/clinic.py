"""A clinic as the reminder service knows it: who is speaking, from when to when, and who is told."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shared.events import ClinicSet, Clock, Recorded, StaffLeft, StaffRole, StaffSet


class Member(msgspec.Struct, frozen=True):
    """Somebody of the staff."""

    role: StaffRole
    name: str | None
    email: str | None


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """A clinic as it is now. `sender` is its neutral name, the only one that messages show."""

    clinic_id: UUID
    name: str
    sender: str
    phone: str
    country: str
    locale: str
    time_zone: str
    quiet_start: Clock
    quiet_end: Clock
    cover_email: str | None = None
    staff: dict[UUID, Member] = {}


def evolve(clinic: Clinic | None, event: Recorded) -> Clinic | None:
    """The clinic after one more event of its record; what is not a clinic's leaves it as it is."""
    data = event.data
    match data:
        case ClinicSet():
            settings = msgspec.structs.asdict(data)
            return Clinic(clinic_id=event.record_id, staff=clinic.staff if clinic else {}, **settings)
        case StaffSet() if clinic:
            member = Member(data.role, data.name, data.email)
            return msgspec.structs.replace(clinic, staff=clinic.staff | {data.staff_id: member})
        case StaffLeft() if clinic:
            rest = {key: member for key, member in clinic.staff.items() if key != data.staff_id}
            return msgspec.structs.replace(clinic, staff=rest)
        case _:
            return clinic
