"""How a page says that something is wrong: in words, with a way back, and never in a caller's words."""

from __future__ import annotations

from flask import Response, g, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from services.goals.api.problems import problem_of
from services.goals.rules.access import OFF_TEAM
from services.goals.rules.refusal import Forbidden, Gone, Refused, SignedOut
from services.goals.web.shown import shown
from services.goals.web.visit import signed_in

OPEN = {"room.sign_in_sent", "room.welcome_sent"}
"""What is sent by who is not signed in yet."""


def answer(error: Exception) -> Response:
    """The page that tells of a failure."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return Response(error.get_response().response, error.code, dict(error.get_headers()))
    if isinstance(error, SignedOut) or (isinstance(error, CSRFError) and _needs_a_session()):
        return shown("room/signed-out.html", 401)
    if isinstance(error, Gone):
        return shown("room/gone.html", 410, erased=error)
    if isinstance(error, Forbidden) and error.detail == OFF_TEAM:
        return why(error)
    problem = problem_of(error)
    response = shown("room/wrong.html", problem.status, problem=problem, refused=isinstance(error, Refused))
    response.headers.update({k: v for k, v in problem.headers.items() if k == "Retry-After"})
    return response


def _needs_a_session() -> bool:
    """Whether it was sent to where one signs in first, by who is not: with the session its token is gone."""
    return request.endpoint not in OPEN and signed_in() is None


def why(error: Forbidden) -> Response:
    """The question that somebody is asked who is not on a client's team."""
    ids = request.view_args or {}
    client_id = ids.get("client") or g.get("client_id")
    if client_id is None:
        return shown("room/wrong.html", 403, problem=problem_of(error), refused=True)
    back = request.full_path.rstrip("?") if request.method == "GET" else f"/clients/{client_id}"
    return shown("room/why.html", 403, client_id=client_id, back=back)
