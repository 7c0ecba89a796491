"""How an operation is declared, once: its address, what it takes and answers, and that one signs in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from flask import Response, g, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema

from services.goals.access import Unlogged
from services.goals.api import reason
from services.goals.api.body import load, read_json
from services.goals.api.call import Call, rooms
from services.goals.api.caller import caller
from services.goals.api.example_bodies import BODIES
from services.goals.api.queries import Query, once
from services.goals.rules.refusal import Refused
from shared import described
from shared.described import ALWAYS
from shared.problems import CONTENT_TYPE, Problem
from shared.unchanged import ETAG as OF_THE_ANSWER
from shared.unchanged import HELD, SAME, unless_held

P = ParamSpec("P")
View = Callable[Concatenate[Call, P], Response]
SIGNED_IN = ALWAYS | {429: "You have as many requests under way as one caller may; come back later."}
WITH_BODY = (400, 409, 413, 415, 422)
PROBLEMS = SIGNED_IN | {
    400: "The body is no JSON.",
    403: "This is not for whom the token names; or not without a reason.",
    409: "The rules refuse.",
    410: "The record was erased; the tombstone says when.",
    412: "The goal moved since it was read.",
    413: "The body is above 1 MiB.",
    415: "The body is not called JSON.",
    422: "Fields are wrong, and the errors point at each; or a header is.",
    428: "If-Match is needed.",
}
OF_A_RECORD = re.compile(r"<uuid:(client|goal)>|/v1/access")
"""In the address of what is about one client's record."""
ETAG = {
    "ETag": {
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{1,32}"$'},
        "description": "The version of the goal's stream, for If-Match; of an answer from the past its own.",
    }
}


def header(name: str, what: str, *, required: bool = False) -> dict[str, Any]:
    """A header that an operation takes, as OpenAPI describes it."""
    return {
        "in": "header",
        "name": name,
        "required": required,
        "schema": {"type": "string"},
        "description": what,
    }


AS_A_FILE = {
    "Content-Disposition": {
        "schema": {"type": "string"},
        "description": "A name for the file, of ids alone.",
    }
}
REASON = header(reason.NAME, "Why a therapist looks who is not on her team; 1 to 200 characters in UTF-8.")


class Door:
    """The operations of one group."""

    def __init__(self, name: str, description: str) -> None:
        self.blueprint = Blueprint(name, f"{__name__}.{name}", description=description)

    def write(
        self,
        method: str,
        rule: str,
        shape: str,
        *bodies: type[Schema],
        parameters: tuple[dict[str, Any], ...] = (),
        problems: tuple[int, ...] = (),
    ) -> Callable[[View[P]], View[P]]:
        """A PUT or DELETE that answers with a state. One body schema is read for the view; of several, the
        view chooses by what was sent. The view's docstring is the operation's summary.
        """
        headers = ETAG if shape == "Goal" else {}
        told = {200: ("It is so already." if method == "PUT" else "It is so.", shape, headers)}
        if method == "PUT":
            told[201] = ("It is so from now on.", shape, headers)
        parameters += _reason(rule)
        doc = _doc(told, (*SIGNED_IN, *(WITH_BODY if bodies else (409, 422)), *problems), list(parameters))
        if bodies:
            content = bodies[0] if len(bodies) == 1 else {"oneOf": list(bodies)}
            shown = {body.__name__: {"value": BODIES[body.__name__]} for body in bodies}
            described = {"application/json": {"schema": content, "examples": shown}}
            doc["requestBody"] = {"required": True, "content": described}
        return self._declare(method, rule, doc, bodies, None)

    def read(
        self,
        rule: str,
        shape: str,
        *,
        query: type[Query] = Query,
        parameters: tuple[dict[str, Any], ...] = (),
        answered_with: dict[str, Any] | None = None,
        content_type: str = "application/json",
        problems: tuple[int, ...] = (),
    ) -> Callable[[View[P]], View[P]]:
        """A GET that answers with a state or a list; a parameter that it does not know is refused.

        Who has the answer already is told so by 304; but a page of the feed (any other content type) is new.
        """
        conditional = content_type == "application/json"
        headers = (ETAG if shape == "Goal" else OF_THE_ANSWER if conditional else {}) | (answered_with or {})
        described = [
            *parameters,
            *_reason(rule),
            *([HELD] if conditional else []),
            *([{"in": "query", "schema": query}] if query is not Query else []),
        ]
        told = {200: ("What is there.", shape, headers)}
        doc = _doc(told, (*SIGNED_IN, 422, *problems), described, content_type)
        if conditional:
            doc["responses"]["304"] = SAME | {"headers": headers}
        return self._declare("GET", rule, doc, (), query, conditional=conditional)

    def hand_out(
        self,
        rule: str,
        contents: dict[str, dict[str, Any]],
        *,
        query: type[Query],
        problems: tuple[int, ...] = (),
    ) -> Callable[[View[P]], View[P]]:
        """A GET that answers with a file, in one of several forms; each is made anew, so none is held."""
        doc = _doc({}, (*ALWAYS, 422, *problems), [*_reason(rule), {"in": "query", "schema": query}])
        doc["responses"]["200"] = {"description": "A file.", "headers": AS_A_FILE, "content": contents}
        return self._declare("GET", rule, doc, (), query)

    def ask(
        self, rule: str, shape: str, body: type[Schema], example: tuple[dict[str, Any], dict[str, Any]]
    ) -> Callable[[View[P]], View[P]]:
        """A POST that stores nothing: it answers to what is in its body, for an address may not hold it.

        `example` is a body, and the answer to it.
        """
        sent, answered = example
        doc = _doc({200: ("The answer.", shape, {})}, (*SIGNED_IN, *WITH_BODY), [])
        del doc["responses"]["409"]
        doc["responses"]["200"]["content"]["application/json"]["example"] = answered
        content = {"application/json": {"schema": body, "example": sent}}
        doc["requestBody"] = {"required": True, "content": content}
        return self._declare("POST", rule, doc, (body,), None)

    def _declare(
        self,
        method: str,
        rule: str,
        doc: dict[str, Any],
        bodies: tuple[type[Schema], ...],
        query: type[Schema] | None,
        *,
        conditional: bool = False,
    ) -> Callable[[View[P]], View[P]]:
        body = bodies[0]() if len(bodies) == 1 else None
        asked = query() if query else None
        of_record = OF_A_RECORD.search(rule) is not None

        def declare(view: View[P]) -> View[P]:
            @wraps(view)
            def respond(**ids: Any) -> Response:
                rooms().turns.must_have_room()
                call = _signed_in(view.__name__)
                with call.rooms.turns.turn(call.who):
                    return answered(call, ids)

            def answered(call: Call, ids: dict[str, Any]) -> Response:
                try:
                    call.sent = read_json(request) if bodies else None
                    call.body = load(body, call.sent) if body else {}
                    call.query = load(asked, once(request.args), "query") if asked else {}
                    response = view(call, **ids)  # type: ignore[call-arg]
                except (Refused, Problem):
                    call.must_still_work()  # who left hears that, and nothing else
                    raise
                if of_record and not call.judged:
                    raise Unlogged
                call.must_still_work()
                return unless_held(request, response) if conditional else response

            named = self.blueprint.doc(operationId=view.__name__, security=[{"bearer": []}], **doc)
            self.blueprint.route(rule, methods=[method], endpoint=view.__name__)(named(respond))
            return view

        return declare


def _signed_in(operation: str) -> Call:
    behind = rooms()
    who = caller(request, behind.token_keys, behind.house.now())
    g.role = who.role
    structlog.contextvars.bind_contextvars(role=who.role)
    return Call(who=who, rooms=behind, trace=g.trace, operation=operation)


def _reason(rule: str) -> tuple[dict[str, Any], ...]:
    return (REASON,) if OF_A_RECORD.search(rule) else ()


def _doc(
    told: dict[int, tuple[str, str, dict[str, Any]]],
    problems: tuple[int, ...],
    parameters: list[dict[str, Any]],
    content_type: str = "application/json",
) -> dict[str, Any]:
    answers = {
        str(status): described.told(what, shape, content_type, headers)
        for status, (what, shape, headers) in told.items()
    }
    answers |= {str(status): described.refused(PROBLEMS[status], status) for status in sorted(problems)}
    if 410 in problems:
        answers["410"] = described.told(PROBLEMS[410], "Tombstone", CONTENT_TYPE)
    return {"responses": answers} | ({"parameters": parameters} if parameters else {})
