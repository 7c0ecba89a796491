"""How a service says no: problem details (RFC 9457) that say what is wrong, never in a caller's words."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
import structlog
from flask import Flask, Response, current_app
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"
WORDS = {
    404: "There is nothing here by this id.",
    405: "This address does not know that method; the header Allow names those that it knows.",
}
TWICE = "Each parameter is given once."
log = structlog.get_logger()


class Wrong(msgspec.Struct, frozen=True):
    """A field that is wrong: where it is, as a JSON pointer into the body, and what would be right."""

    pointer: str
    detail: str


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457; `errors` is there where fields are wrong."""

    title: str
    status: int
    detail: str
    errors: tuple[Wrong, ...] = ()


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


def answer(problem: Problem) -> Response:
    """The response that tells of a problem."""
    title = HTTPStatus(problem.status).phrase
    details = ProblemDetails(title, problem.status, problem.detail, problem.errors)
    response = Response(msgspec.json.encode(details), problem.status, content_type=CONTENT_TYPE)
    response.headers.update(problem.headers)
    return response


def away(detail: str, seconds: int) -> Problem:
    """The 503 that says when to come back."""
    return Problem(503, detail, headers={"Retry-After": str(seconds)})


def problem_of(error: Exception) -> Problem:
    """What a failure is to whoever asked: ours, the framework's, or what nobody foresaw, which is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, OperationalError | InterfaceError | NoConnectionFree):
        log.warning("database_away", error=type(error).__name__)
        return away("The database cannot be reached just now; nothing was changed.", 5)
    log.error("request_failed", exc_info=error)
    return Problem(500, "Something went wrong on our side; it has been noted.")


def answer_in_problems(app: Flask) -> None:
    """Makes every way of failing a problem detail: ours, the framework's, and what nobody foresaw."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, lambda error: answer(problem_of(error)))


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # a redirect of the router
        return Response(error.get_response().response, error.code, dict(error.get_headers()))
    return answer(_of_http(error))


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    words = _too_large() if status == 413 else WORDS.get(status, f"{HTTPStatus(status).phrase}.")
    problem = Problem(status, words)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        problem.headers["Allow"] = ", ".join(sorted(allowed))
    return problem


def _too_large() -> str:
    kibibytes = current_app.config["MAX_CONTENT_LENGTH"] // 1024
    most = f"{kibibytes} KiB" if kibibytes % 1024 else f"{kibibytes // 1024} MiB"
    return f"The body is too large; at most {most} is read."
