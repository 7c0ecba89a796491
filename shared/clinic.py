"""A clinic as both services know it: its settings and its staff, as its events add up."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shared.events import ClinicSet, Clock, Event, StaffLeft, StaffRole, StaffSet


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


def evolve(clinic: Clinic | None, clinic_id: UUID, event: Event) -> Clinic | None:
    """The clinic after one more event of its record; what is not a clinic's leaves it as it is."""
    match event:
        case ClinicSet():
            fields = msgspec.structs.asdict(event)
            return Clinic(
                clinic_id=clinic_id,
                staff=clinic.staff if clinic else {},
                left=clinic.left if clinic else (),
                **fields,
            )
        case StaffSet() if clinic:
            member = Member(event.role, event.name, event.email)
            left = tuple(one for one in clinic.left if one != event.staff_id)
            return msgspec.structs.replace(clinic, staff=clinic.staff | {event.staff_id: member}, left=left)
        case StaffLeft() if clinic:
            rest = {k: v for k, v in clinic.staff.items() if k != event.staff_id}
            return msgspec.structs.replace(clinic, staff=rest, left=(*clinic.left, event.staff_id))
        case _:
            return clinic
