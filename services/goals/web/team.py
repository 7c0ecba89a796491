"""Who works with a client, as a lead sets it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from services.goals.api.bodies import TeamBody
from services.goals.rules.commands.client import SetTeam
from services.goals.rules.refusal import Refused
from services.goals.web import sent
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit
from shared.problems import Problem


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
    return shown("room/team.html", status, her=her, members=members, chosen=chosen, wrong=wrong)
