"""Who works with a client, as a lead sets it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Response, request, url_for

from services.goals import lately
from services.goals.api.bodies import TeamBody
from services.goals.rules.access import clinic_of
from services.goals.rules.commands.client import SetTeam
from services.goals.rules.refusal import Refused
from services.goals.web import sent
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit
from shared.events import TeamSet
from shared.problems import Problem


class TeamChange(NamedTuple):
    """A client's team from then on, who set it, and why."""

    at: datetime
    by: str
    staff_ids: tuple[UUID, ...]
    reason: str | None


@page("/clients/<uuid:client>/team")
def team(visit: Visit, client: UUID) -> Response:
    """Who is on her team, and who could be."""
    return _team(visit, client)


@form("/clients/<uuid:client>/team")
def team_sent(visit: Visit, client: UUID) -> Response:
    """Her team, whole."""
    try:
        body = sent.read(TeamBody(), sent.texts("reason") | {"staff_ids": request.form.getlist("staff_ids")})
        command = SetTeam(**(body | {"staff_ids": tuple(body["staff_ids"])}))
        visit.handle_client(client, command)
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _team(visit, client, sent.wrongs(error))
    return redirected(url_for("room.client", client=client, saved=""))


def _team(visit: Visit, client_id: UUID, wrong: sent.Wrongs | None = None) -> Response:
    her = standing_of(visit, client_id).client
    members = {name: one for name, one in visit.clinic.staff.items() if one.role != "operator"}
    chosen = {UUID(one) for one in request.form.getlist("staff_ids")} if wrong else set(her.team)
    status = 422 if wrong else 200
    return shown(
        "room/team.html",
        status,
        her=her,
        members=members,
        chosen=chosen,
        changes=_changes(visit, client_id),
        wrong=wrong,
        zone=visit.clinic.time_zone,
    )


def _changes(visit: Visit, client_id: UUID) -> list[TeamChange]:
    """All of them, the latest first."""
    house = visit.rooms.house
    with house.engine.connect() as connection:
        events = lately.teams_of(connection, house.vault, clinic_of(visit.who), client_id)
    return [
        TeamChange(event.time, event.actor.id, event.data.staff_ids, event.data.reason)
        for event in reversed(events)
        if isinstance(event.data, TeamSet)
    ]
