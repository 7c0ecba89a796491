"""Who of the staff is told about a client: her team, and where none of it is left, the leads."""

from __future__ import annotations

from services.reminders.rules.person import Person
from shared.clinic import Clinic


def told_of(person: Person, clinic: Clinic) -> tuple[str, ...]:
    """Their addresses, each once."""
    team = [clinic.staff[member] for member in person.team if member in clinic.staff]
    told = team or [member for member in clinic.staff.values() if member.role == "lead"]
    return tuple(sorted({member.email for member in told if member.email}))
