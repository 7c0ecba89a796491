"""How the door says no: problem details (RFC 9457) that point at what is wrong, never in a caller's words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import Flask, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from services.goals.handle import Busy
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused, Stale
from shared.vault import KeyDestroyed

CONTENT_TYPE = "application/problem+json"
STATUS = {Invalid: 422, Forbidden: 403, NotThere: 404, Stale: 412}
"""The status of each kind of refusal; any other is 409."""
WORDS = {
    404: "There is nothing here by this id.",
    405: "This address does not know that method; the header Allow names those that it knows.",
    413: "The body is too large; at most 1 MiB is read.",
}
log = structlog.get_logger()


class Wrong(msgspec.Struct, frozen=True):
    """A field that is wrong: where it is, as a JSON pointer into the body, and what would be right."""

    pointer: str
    detail: str


class Problem(Exception):
    """A request that the door itself turns away."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: tuple[Wrong, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def invalid(errors: tuple[Wrong, ...], where: str = "body") -> Problem:
    """422 for fields that are wrong, each named."""
    named = "; ".join(f"{wrong.pointer[2:] or where}: {wrong.detail}" for wrong in errors[:3])
    return Problem(422, f"The {where} is not right. {named}", errors)


def answer(problem: Problem) -> Response:
    """The response that tells of a problem."""
    body: dict[str, Any] = {
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = msgspec.to_builtins(problem.errors)
    response = Response(msgspec.json.encode(body), problem.status, content_type=CONTENT_TYPE)
    response.headers.update(problem.headers)
    return response


def install(app: Flask) -> None:
    """Makes every way of failing a problem detail."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Busy, lambda _: _away("Others are writing to this record; try again.", 1))
    app.register_error_handler(KeyDestroyed, lambda _: answer(Problem(409, "This record was erased.")))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _refused(refusal: Refused) -> Response:
    status = STATUS.get(type(refusal), 409)
    errors = (Wrong(refusal.pointer, refusal.detail),) if refusal.pointer else ()
    return answer(Problem(status, refusal.detail, errors))


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # a redirect of the router
        return Response(error.get_response().response, error.code, dict(error.get_headers()))
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    problem = Problem(status, WORDS.get(status, f"{phrase}."))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        problem.headers["Allow"] = ", ".join(sorted(allowed))
    return answer(problem)


def _unforeseen(error: Exception) -> Response:
    if isinstance(error, OperationalError | InterfaceError | NoConnectionFree):
        log.warning("database_away", error=type(error).__name__)
        return _away("The database cannot be reached just now; nothing was changed.", 5)
    log.error("request_failed", exc_info=error)
    return answer(Problem(500, "Something went wrong on our side; it has been noted."))


def _away(detail: str, seconds: int) -> Response:
    return answer(Problem(503, detail, headers={"Retry-After": str(seconds)}))
