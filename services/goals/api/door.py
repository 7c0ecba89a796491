"""How an operation is declared, once: its address, what it takes and answers, and that one signs in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from flask import Response, g, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema

from services.goals.api.body import load, read_json
from services.goals.api.call import Call, rooms
from services.goals.api.caller import caller
from services.goals.api.queries import Query
from shared import described
from shared.described import ALWAYS

P = ParamSpec("P")
View = Callable[Concatenate[Call, P], Response]
WITH_BODY = (400, 409, 413, 415, 422)
PROBLEMS = ALWAYS | {
    400: "The body is no JSON.",
    409: "The rules refuse.",
    412: "The goal moved since it was read.",
    413: "The body is above 1 MiB.",
    415: "The body is not called JSON.",
    422: "Fields are wrong; `errors` points at each.",
    428: "If-Match is needed.",
}
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version of the goal's stream."}}


def header(name: str, what: str, *, required: bool = False) -> dict[str, Any]:
    """A header that an operation takes, as OpenAPI describes it."""
    return {
        "in": "header",
        "name": name,
        "required": required,
        "schema": {"type": "string"},
        "description": what,
    }


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
        doc = _doc(told, (*ALWAYS, *(WITH_BODY if bodies else (409,)), *problems), list(parameters))
        if bodies:
            content = bodies[0] if len(bodies) == 1 else {"oneOf": list(bodies)}
            doc["requestBody"] = {"required": True, "content": {"application/json": {"schema": content}}}
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
    ) -> Callable[[View[P]], View[P]]:
        """A GET that answers with a state or a list; a parameter that it does not know is refused."""
        headers = (ETAG if shape == "Goal" else {}) | (answered_with or {})
        described = [*parameters, *([{"in": "query", "schema": query}] if query is not Query else [])]
        doc = _doc({200: ("What is there.", shape, headers)}, (*ALWAYS, 422), described, content_type)
        return self._declare("GET", rule, doc, (), query)

    def ask(
        self, rule: str, shape: str, body: type[Schema], example: tuple[dict[str, Any], dict[str, Any]]
    ) -> Callable[[View[P]], View[P]]:
        """A POST that stores nothing: it answers to what is in its body, for an address may not hold it.

        `example` is a body, and the answer to it.
        """
        sent, answered = example
        doc = _doc({200: ("The answer.", shape, {})}, (*ALWAYS, *WITH_BODY), [])
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
    ) -> Callable[[View[P]], View[P]]:
        body = bodies[0]() if len(bodies) == 1 else None
        asked = query() if query else None

        def declare(view: View[P]) -> View[P]:
            @wraps(view)
            def respond(**ids: Any) -> Response:
                behind = rooms()
                who = caller(request, behind.token_key, behind.house.now())
                g.role = who.role
                structlog.contextvars.bind_contextvars(role=who.role)
                sent = read_json(request) if bodies else None
                call = Call(
                    who=who,
                    rooms=behind,
                    trace=g.trace,
                    body=load(body, sent) if body else {},
                    query=load(asked, request.args.to_dict(), "query") if asked else {},
                    sent=sent,
                )
                return view(call, **ids)  # type: ignore[call-arg]

            named = self.blueprint.doc(operationId=view.__name__, security=[{"bearer": []}], **doc)
            self.blueprint.route(rule, methods=[method], endpoint=view.__name__)(named(respond))
            return view

        return declare


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
    answers |= {str(status): described.refused(PROBLEMS[status]) for status in sorted(problems)}
    return {"responses": answers} | ({"parameters": parameters} if parameters else {})
