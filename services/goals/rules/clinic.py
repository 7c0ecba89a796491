"""What may be asked of a clinic, and the events that it makes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.goals.rules.commands.clinic import ClinicCommand, RemoveStaff, SetClinic, SetStaff
from services.goals.rules.proposal import Moment, Proposed, setting
from services.goals.rules.refusal import NotThere
from shared.clinic import Clinic, evolve
from shared.events import ClinicSet, Event, Recorded, StaffLeft, StaffSet


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
