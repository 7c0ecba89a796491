"""How a page is declared, once: its address, that one signs in, and that nothing is taken from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from flask import Blueprint, Response, g, redirect, request, url_for
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from services.goals.access import Unlogged
from services.goals.web import cookie_key, wrong
from services.goals.web.shown import shown
from services.goals.web.visit import Visit, signed_in, visit_of

P = ParamSpec("P")
View = Callable[Concatenate[Visit, P], Response]
Bare = Callable[P, Response]

csrf = CSRFProtect()
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
"""Beside what every answer has: nothing inline, nothing from elsewhere."""

room = Blueprint(
    "room", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)

room.register_error_handler(Exception, wrong.answer)


def page(rule: str, *, of_record: bool = True) -> Callable[[View[P]], View[P]]:
    """A page to look at. What shows a client's record is answered after `visit.shows` wrote the look down;
    without it nothing is answered, unless the page is not `of_record`.
    """
    return _signed_in(rule, "GET", of_record=of_record)


def form(rule: str, *, of_record: bool = True) -> Callable[[View[P]], View[P]]:
    """What a form is sent to. It answers by a redirect, or by the form again with what is wrong."""
    return _signed_in(rule, "POST", of_record=of_record)


def open_page(rule: str) -> Callable[[Bare[P]], Bare[P]]:
    """A page for who is not signed in."""
    return room.get(rule)


def open_form(rule: str) -> Callable[[Bare[P]], Bare[P]]:
    """What a form of somebody is sent to who is not signed in."""
    return room.post(rule)


def _signed_in(rule: str, method: str, *, of_record: bool) -> Callable[[View[P]], View[P]]:
    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def respond(**ids: Any) -> Response:
            session = signed_in()
            if session is None:
                return _to_sign_in(method)
            visit = visit_of(session, view.__name__)
            g.visit, g.role, g.language = visit, visit.who.role, session.language
            structlog.contextvars.bind_contextvars(role=visit.who.role)
            if "client" in ids:
                visit.is_about(ids["client"])
            response = view(visit, **ids)  # type: ignore[call-arg]
            if of_record and not visit.judged:
                raise Unlogged
            return response

        room.add_url_rule(rule, view.__name__, respond, methods=[method])
        return view

    return declare


def _to_sign_in(method: str) -> Response:
    """To where one signs in, and back to here; what was sent meanwhile is not kept, and that is said."""
    if method == "POST":
        return shown("room/signed-out.html", 401)
    path = request.full_path.rstrip("?")
    return redirected(url_for("room.sign_in", next=path if path != "/" else None))


def redirected(address: str) -> Response:
    """The answer that leads there by a GET."""
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


@room.before_request
def _only_from_here() -> None:
    """A form is taken only from a page of ours."""
    g.language = None
    cookie_key.make_known()
    csrf.protect()


@room.after_request
def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
