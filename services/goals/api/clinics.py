"""The operations on clinics and their staff."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.api.answers import removed, written
from services.goals.api.bodies import ClinicBody, StaffBody
from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.rules.commands.clinic import RemoveStaff, SetClinic, SetStaff

door = Door("clinics", "Clinics and who works there.")


@door.write("PUT", "/v1/clinics/<uuid:clinic>", "Clinic", ClinicBody)
def put_clinic(call: Call, clinic: UUID) -> Response:
    """Sets a clinic up, or changes its settings. By an operator."""
    return written(call.handle_clinic(clinic, SetClinic(**call.body)))


@door.write("PUT", "/v1/clinics/<uuid:clinic>/staff/<uuid:staff>", "Clinic", StaffBody)
def put_staff(call: Call, clinic: UUID, staff: UUID) -> Response:
    """Somebody works at the clinic, in this role. By an operator or a lead."""
    return written(call.handle_clinic(clinic, SetStaff(staff_id=staff, **call.body)))


@door.write("DELETE", "/v1/clinics/<uuid:clinic>/staff/<uuid:staff>", "Clinic")
def delete_staff(call: Call, clinic: UUID, staff: UUID) -> Response:
    """Somebody works at the clinic no more. By an operator or a lead."""
    return removed(call.handle_clinic(clinic, RemoveStaff(staff_id=staff)))
