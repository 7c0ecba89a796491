"""A client's beginning: she is registered; and why somebody looks who is not on her team."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from services.goals.api.bodies import ClientBody
from services.goals.api.fields import Line
from services.goals.rules.commands.client import RegisterClient
from services.goals.rules.refusal import Refused
from services.goals.web import sent
from services.goals.web.back import address_of_ours
from services.goals.web.language import say
from services.goals.web.pages import form, page, redirected
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.problems import Problem


@page("/clients/new", of_record=False)
def register(visit: Visit) -> Response:
    """Where a client is registered."""
    return _registering(uuid4(), {"locale": visit.clinic.locale, "time_zone": visit.clinic.time_zone})


@form("/clients/new/<uuid:client>", of_record=False)
def register_sent(visit: Visit, client: UUID) -> Response:
    """A client begins; who registers her is her first team."""
    body = sent.texts("name", "locale", "time_zone") | {"adult": "adult" in request.form}
    try:
        visit.handle_client(client, RegisterClient(**sent.read(ClientBody(), body)))
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _registering(client, body, sent.wrongs(error))
    return redirected(url_for("room.client", client=client, saved=""))


@form("/clients/<uuid:client>/why", of_record=False)
def say_why(visit: Visit, client: UUID) -> Response:
    """Why she looks at the record of a client whose team she is not on; the access log shows it."""
    back = address_of_ours(sent.text("next"), url_for("room.client", client=client))
    try:
        reason = Line().deserialize(sent.text("reason") or "")
    except ValidationError as error:
        wrong = {"reason": say(str(error.messages[0]))}
        return shown("room/why.html", 422, client_id=client, back=back, wrong=wrong)
    parlour().sessions.say_why(visit.session, client, reason)
    return redirected(back)


def _registering(client_id: UUID, typed: dict[str, object], wrong: sent.Wrongs | None = None) -> Response:
    return shown("room/register.html", 422 if wrong else 200, client_id=client_id, typed=typed, wrong=wrong)
