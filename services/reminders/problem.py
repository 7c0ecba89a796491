"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, jsonify
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException


def problem(status: int, detail: str, **headers: str) -> Response:
    """An `application/problem+json` answer."""
    answer = jsonify(type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def answer_in_problems(app: Flask) -> None:
    """Makes the application's own refusals (404, 405, 413 …) problem details too."""

    def refuse(error: HTTPException) -> Response:
        answer = problem(error.code or 500, error.description or "")
        answer.headers.extend(
            (name, value) for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")
        )
        return answer

    def away(_: OperationalError) -> Response:
        return problem(503, "the reminder database cannot be reached", Retry_After="5")

    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(OperationalError, away)
    app.register_error_handler(PoolTimeout, away)
