"""What was changed at a clinic, when and by whom: its settings, and who works there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.goals.web.language import say
from services.goals.web.names import called
from shared.events import Actor, ClinicSet, Recorded, StaffLeft, StaffSet


class Difference(NamedTuple):
    """A setting before and after."""

    field: str
    was: str
    now: str


class Changed(NamedTuple):
    """One change."""

    at: datetime
    who: str
    what: str
    differences: tuple[Difference, ...]


def changes(events: Iterable[Recorded]) -> list[Changed]:
    """All of them, the latest first; who has left is still called by name."""
    settings: ClinicSet | None = None
    staff: dict[UUID, StaffSet] = {}
    found: list[Changed] = []
    for event in events:
        who = _who(event.actor, staff)
        match event.data:
            case ClinicSet() as now:
                what = say("The clinic's settings") if settings else say("The clinic began")
                found.append(Changed(event.time, who, what, tuple(_differences(settings, now))))
                settings = now
            case StaffSet() as now:
                was = staff.get(now.staff_id)
                what = _said(now, say("was changed") if was else say("works here"))
                found.append(Changed(event.time, who, what, tuple(_differences(was, now))))
                staff[now.staff_id] = now
            case StaffLeft(staff_id=one):
                what = _said(staff[one], say("has left")) if one in staff else say("Somebody has left")
                found.append(Changed(event.time, who, what, ()))
            case _:
                pass
    return found[::-1]


def _differences(was: ClinicSet | StaffSet | None, now: ClinicSet | StaffSet) -> Iterator[Difference]:
    """Nothing of what began with it: all of that is what is there."""
    if was is None:
        return
    before, after = msgspec.structs.asdict(was), msgspec.structs.asdict(now)
    for name, value in after.items():
        if before[name] != value:
            yield Difference(called("setting", name), _shown(name, before[name]), _shown(name, value))


def _shown(setting: str, value: object) -> str:
    if setting == "role":
        return called("role", str(value))
    return str(value or "–")


def _said(one: StaffSet, what: str) -> str:
    return f"{one.name or say('(erased)')} ({called('role', one.role)}): {what}"


def _who(actor: Actor, staff: dict[UUID, StaffSet]) -> str:
    if actor.kind == "operator":
        return say("an operator")
    found = next((one.name for name, one in staff.items() if str(name) == actor.id), None)
    return found or say("somebody of the staff")
