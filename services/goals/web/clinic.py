"""The clinic's own page, for a lead: how messages are signed, hours, staff and their sign-ins, erasures."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request, url_for

from services.goals import current
from services.goals.api.bodies import ClinicBody, StaffBody
from services.goals.log.read import load
from services.goals.rules.client import Client
from services.goals.rules.commands.clinic import ClinicCommand, RemoveStaff, SetClinic, SetStaff
from services.goals.rules.refusal import Forbidden, Refused
from services.goals.web import sent
from services.goals.web.accounts import Somebody
from services.goals.web.clinic_changes import Changed, changes
from services.goals.web.inviting import invited
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.problems import Problem

SETTINGS = (
    "name", "sender", "phone", "country", "locale", "time_zone", "quiet_start", "quiet_end", "cover_email",
)  # fmt: skip
LATEST = 30
"""Changes that the page tells of."""


@page("/clinic", of_record=False)
def clinic(visit: Visit) -> Response:
    """The clinic as it is, and what a lead decides."""
    return _clinic(visit)


@form("/clinic", of_record=False)
def clinic_sent(visit: Visit) -> Response:
    """Its settings, whole."""
    return _attempted(visit, lambda: SetClinic(**sent.read(ClinicBody(), sent.texts(*SETTINGS))), "settings")


@form("/clinic/staff/<uuid:staff>", of_record=False)
def staff_sent(visit: Visit, staff: UUID) -> Response:
    """Somebody works here, in this role."""

    def member() -> ClinicCommand:
        return SetStaff(staff_id=staff, **sent.read(StaffBody(), sent.texts("role", "name", "email")))

    return _attempted(visit, member, "staff")


@form("/clinic/staff/<uuid:staff>/leave", of_record=False)
def staff_left(visit: Visit, staff: UUID) -> Response:
    """Somebody works here no more: she is signed out with that."""
    return _attempted(visit, lambda: RemoveStaff(staff_id=staff), "staff")


@form("/clinic/staff/<uuid:staff>/invite", of_record=False)
def staff_invited(visit: Visit, staff: UUID) -> Response:
    """A link by which she chooses a password, shown to who asks for it and to nobody again."""
    _leads(visit)
    member = visit.clinic.staff.get(staff)
    if member is not None and member.role == "operator":
        raise Forbidden("An operator is given a link by whoever runs Cairn: cairn staff invite.")
    token = invited(visit.rooms.house, Somebody(visit.session.who.clinic_id, staff))
    link = url_for("room.welcome", token=token, _external=True)
    return _clinic(visit, link=(visit.name_of(staff), link))


def _leads(visit: Visit) -> None:
    if visit.who.role != "lead":
        raise Forbidden("This page is for a lead of the clinic.")


def _attempted(visit: Visit, command: Any, at: str) -> Response:
    _leads(visit)
    try:
        visit.handle_clinic(visit.session.who.clinic_id, command())
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _clinic(visit, sent.wrongs(error), at)
    return redirected(url_for("room.clinic", saved="", _anchor=at))


def _clinic(
    visit: Visit,
    wrong: sent.Wrongs | None = None,
    at: str | None = None,
    link: tuple[str | None, str] | None = None,
) -> Response:
    _leads(visit)
    everybody = _clients(visit)
    to_decide = [client for client in everybody if _waits(client)]
    of_nobody = [client for client in everybody if visit.clinic.staff.keys().isdisjoint(client.team)]
    visit.lists(tuple({client.client_id for client in (*to_decide, *of_nobody)}))
    return shown(
        "room/clinic.html",
        422 if wrong else 200,
        clinic=visit.clinic,
        me=visit.session.who.staff_id,
        to_decide=to_decide,
        of_nobody=of_nobody,
        teams=Counter(one for client in everybody for one in client.team),
        changes=_changes(visit),
        new_staff=uuid4(),
        link=link,
        typed=request.form if wrong else {},
        wrong=wrong,
        at=at,
    )


def _clients(visit: Visit) -> list[Client]:
    """All that are not erased."""
    house, clinic_id = visit.rooms.house, visit.session.who.clinic_id
    with house.engine.connect() as connection:
        clients = current.every_client(connection, house.vault, clinic_id)
        return [one for one in clients if not one.erased]


def _changes(visit: Visit) -> list[Changed]:
    house, clinic_id = visit.rooms.house, visit.session.who.clinic_id
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_id, clinic_id)
    return changes(found.events)[:LATEST] if found else []


def _waits(client: Client) -> bool:
    return any(one.under_way and one.decision is None for one in client.erasures.values())
