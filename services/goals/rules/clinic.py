"""A clinic: its settings and its staff."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from services.goals.rules.commands.clinic import ClinicCommand, RemoveStaff, SetClinic, SetStaff
from services.goals.rules.proposal import Moment, Proposed, setting
from services.goals.rules.refusal import NotThere
from shared.events import ClinicSet, Clock, Event, Recorded, StaffLeft, StaffRole, StaffSet


class Member(msgspec.Struct, frozen=True):
    """Somebody of the staff."""

    role: StaffRole
    name: str | None
    email: str | None


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """A clinic as it is now."""

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


def evolve(clinic: Clinic | None, clinic_id: UUID, event: Event) -> Clinic | None:
    """The clinic after one more event."""
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


def fold(clinic_id: UUID, events: Iterable[Recorded]) -> Clinic | None:
    """The clinic that its events add up to."""
    clinic: Clinic | None = None
    for event in events:
        clinic = evolve(clinic, clinic_id, event.data)
    return clinic


def decide(
    clinic: Clinic | None, clinic_id: UUID, version: int, command: ClinicCommand, moment: Moment
) -> tuple[Proposed, ...]:
    """The events that the command makes of the clinic; none when it is so already. Raises Refused."""
    event: Event
    match command:
        case SetClinic():
            event = ClinicSet(
                name=command.name,
                sender=command.sender,
                phone=command.phone,
                country=command.country,
                locale=command.locale,
                time_zone=command.time_zone,
                quiet_start=command.quiet_start,
                quiet_end=command.quiet_end,
                cover_email=command.cover_email,
            )
        case SetStaff():
            if clinic is None:
                raise NotThere
            event = StaffSet(
                staff_id=command.staff_id, role=command.role, name=command.name, email=command.email
            )
        case RemoveStaff():
            if clinic is not None and command.staff_id in clinic.left:
                return ()
            if clinic is None or command.staff_id not in clinic.staff:
                raise NotThere
            event = StaffLeft(staff_id=command.staff_id)
    if clinic is not None and evolve(clinic, clinic_id, event) == clinic:
        return ()
    return (setting("clinic", clinic_id, event, version, moment),)
