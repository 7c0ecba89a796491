"""What happens around every request: its correlation id, its line in the log, its count, its headers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from flask import Flask, Request, Response, g, request

from shared import tracing
from shared.tracing import TRACEPARENT

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Count = Callable[[str, str, int, float], None]
"""Counts a request: its route's template, its method, its status, its seconds."""
CORRELATION = "Cairn-Correlation-Id"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)
"""On every answer that does not say otherwise."""
SECURE_HEADERS = (*HEADERS, ("Strict-Transport-Security", "max-age=31536000"))
"""The same, where the request came encrypted."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
FAILED = 500
UNTOLD = frozenset({"/healthz", "/readyz", "/metrics", "/v1/events"})
"""Whoever asks there asks every few seconds, and on nobody's way."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Trace:
    """By which a request is found again in logs and events."""

    correlation_id: str
    traceparent: str | None


def trace_of(asked: Request) -> Trace:
    """The trace that a request names, or a new one; what is no id is not taken over."""
    traceparent = TRACEPARENT.fullmatch(asked.headers.get("traceparent", ""))
    named = _ID.fullmatch(asked.headers.get(CORRELATION, ""))
    return Trace(
        correlation_id=named[0] if named else traceparent[1] if traceparent else str(uuid4()),
        traceparent=traceparent[0] if traceparent else None,
    )


def install(app: Flask, count: Count | None = None) -> None:
    """Puts the log line, the count and the headers around every request of the app.

    Whoever finds out the caller's role puts it into `g.role`, for the line.
    """
    app.wsgi_app = _headed(app.wsgi_app)  # type: ignore[method-assign, assignment]  # as Flask's documentation has it

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()
        g.trace = trace_of(request)
        g.role = None
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=g.trace.correlation_id)
        _tell()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.monotonic() - g.began
        route = request.url_rule.rule if request.url_rule else "none"
        if count:
            count(route, request.method, response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            role=g.role,
        )
        g.step.set_attribute("http.response.status_code", response.status_code)
        if response.status_code >= FAILED:
            tracing.failed(g.step, str(response.status_code))
        response.headers[CORRELATION] = g.trace.correlation_id
        return response

    @app.teardown_request
    def over(_error: BaseException | None) -> None:
        told: ExitStack | None = g.pop("told", None)
        if told is not None:
            told.close()


def _headed(app: WSGIApplication) -> WSGIApplication:
    """The same, with the headers that an answer does not give itself: added as they are sent, in a list."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        more = SECURE_HEADERS if environ["wsgi.url_scheme"] == "https" else HEADERS

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            given = {name for name, _ in headers}
            return start_response(status, headers + [one for one in more if one[0] not in given], *error)

        return app(environ, start)

    return answer


def _tell() -> None:
    """The request is a step of its caller's trace; what is appended for it carries that step on."""
    route = request.url_rule.rule if request.url_rule else "none"
    g.step, g.told = tracing.UNTOLD, ExitStack()
    if not tracing.is_on() or route in UNTOLD:
        return
    says = {
        "http.request.method": request.method,
        "http.route": route,
        "cairn.correlation_id": g.trace.correlation_id,
    }
    step = tracing.span(f"{request.method} {route}", says, kind=tracing.SERVER, parent=g.trace.traceparent)
    g.step = g.told.enter_context(step)
    g.trace = replace(g.trace, traceparent=tracing.traceparent(g.step))
