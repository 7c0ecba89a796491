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
    left: tuple[UUID, ...] = ()
    """Who worked here once."""

    def has_ended(self, staff_id: UUID, role: str) -> bool:
        """Whether a token of the staff for this role has ended: she left, or has another role by now.

        A lead may act as a therapist, and who was never in the list is who her token says.
        """
        now = self.staff.get(staff_id)
        if now is None:
            return staff_id in self.left
        return now.role != role and (now.role, role) != ("lead", "therapist")


def evolve(clinic: Clinic | None, event: Recorded) -> Clinic | None:
    """The clinic after one more event of its record; what is not a clinic's leaves it as it is."""
    data = event.data
    match data:
        case ClinicSet():
            settings = msgspec.structs.asdict(data)
            staff, left = (clinic.staff, clinic.left) if clinic else ({}, ())
            return Clinic(clinic_id=event.record_id, staff=staff, left=left, **settings)
        case StaffSet() if clinic:
            member = Member(data.role, data.name, data.email)
            left = tuple(one for one in clinic.left if one != data.staff_id)
            return msgspec.structs.replace(clinic, staff=clinic.staff | {data.staff_id: member}, left=left)
        case StaffLeft() if clinic:
            rest = {key: member for key, member in clinic.staff.items() if key != data.staff_id}
            return msgspec.structs.replace(clinic, staff=rest, left=(*clinic.left, data.staff_id))
        case _:
            return clinic
