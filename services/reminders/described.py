"""What the service says of itself: OpenAPI 3.1 at /openapi.json, and the same to read at /docs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask, Response, jsonify

from services.reminders.asked import AHEAD, QUERY
from services.reminders.examples import ANSWERS, FORM
from services.reminders.health import Health
from services.reminders.ledger.inbound import AnswerState, MessagePage
from services.reminders.ledger.read import MessageState
from services.reminders.ledger.unknown import UnknownMessage, UnknownPage
from services.reminders.outbox import OutboxItem, OutboxPage
from services.reminders.preview import Coming, HeldBack, PreviewPage
from shared.described import ALWAYS, BEARER, docs, refused, schemas, told
from shared.problems import ProblemDetails
from shared.unchanged import ETAG, HELD, SAME

INFO = {
    "title": "Cairn reminders",
    "version": "1",
    "description": "What was said to each client, what waits, and why. Never words nor addresses, but in the "
    "outbox of a machine whose channels are local. Errors are problem details.",
}
TAGS = {
    "messages": "Messages: what was said, what waits, and why.",
    "webhooks": "What is called without a token: signed callbacks, and the links in messages.",
    "outbox": "The outbox, where a channel is local: for this machine alone, without a token.",
    "service": "The service itself: whether it is well, and this description.",
}
SHAPES = {
    "Message": MessageState,
    "MessagePage": MessagePage,
    "Answer": AnswerState,
    "Coming": Coming,
    "HeldBack": HeldBack,
    "PreviewPage": PreviewPage,
    "UnknownMessage": UnknownMessage,
    "UnknownPage": UnknownPage,
    "OutboxItem": OutboxItem,
    "OutboxPage": OutboxPage,
    "Health": Health,
    "Problem": ProblemDetails,
}
PAGE = {"type": "string"}
Refusals = Mapping[int, str | dict[str, Any]]
"""Why, as a problem, by the status; or what is answered instead of one."""
AWAY: dict[int, str | dict[str, Any]] = {
    503: "The database cannot be reached; come back after Retry-After seconds."
}
NOT_OURS: dict[int, str | dict[str, Any]] = {
    404: told("No such link was ever made: a page that says so.", PAGE, "text/html")
}
ENDED: dict[int, str | dict[str, Any]] = {
    404: told("No such link was ever made: a page that says how to get one.", PAGE, "text/html"),
    410: told("It has ended, or she is known no more: the same page.", PAGE, "text/html"),
}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Operation:
    """An operation: what it is called and is for, what it answers, and how it may refuse."""

    name: str
    tag: str
    summary: str
    answer: dict[str, Any]
    refusals: Refusals = field(default_factory=dict)
    signed: bool = False
    status: int = 200
    query: tuple[dict[str, Any], ...] = ()
    form: dict[str, Any] | None = None


OPERATIONS = {
    ("GET", "/v1/clients/<uuid:client>/messages"): Operation(
        "messages",
        "messages",
        "A client's messages and answers, oldest first. For her, her team, leads of her clinic, services.",
        told("A page of messages, and what she answered meanwhile.", "MessagePage", headers=ETAG),
        ALWAYS | {422: "Another parameter, or a cursor that is none."},
        signed=True,
        query=(HELD, *QUERY),
    ),
    ("GET", "/v1/clients/<uuid:client>/preview"): Operation(
        "preview",
        "messages",
        "What she will get in the coming days if nothing happens meanwhile, and what not, and why. For whom "
        "her messages are.",
        told("What is to come, by her own clock.", "PreviewPage", headers=ETAG),
        ALWAYS | {422: "Another parameter, or days that are no number from 1 to 31."},
        signed=True,
        query=(HELD, *AHEAD),
    ),
    ("GET", "/v1/messages"): Operation(
        "unknownMessages",
        "messages",
        "Messages that may have gone, and nobody can tell: oldest first, ids and times only. For operators.",
        told("A page of them.", "UnknownPage", headers=ETAG),
        {status: what for status, what in ALWAYS.items() if status != 404}
        | {422: "Another state or parameter, or a cursor that is none."},
        signed=True,
        query=(
            {
                "in": "query",
                "name": "state",
                "required": True,
                "schema": {"const": "unknown"},
                "description": "The one state that is listed.",
            },
            HELD,
            *QUERY,
        ),
    ),
    ("POST", "/twilio/status"): Operation(
        "twilioStatus",
        "webhooks",
        "What became of an SMS, told by Twilio and signed by it; told again changes nothing.",
        {"description": "It is written down."},
        {403: "The signature is not Twilio's.", 422: "It is no status callback."} | AWAY,
        status=204,
        query=({"in": "query", "name": "message", "schema": {"type": "string", "format": "uuid"}},),
        form={"MessageSid": {"type": "string"}, "MessageStatus": {"type": "string"}},
    ),
    ("POST", "/twilio/inbound"): Operation(
        "twilioInbound",
        "webhooks",
        "A text that somebody wrote to us, signed by Twilio; brought again it changes nothing.",
        told("Nothing: what is answered goes by the ledger.", PAGE, "text/xml"),
        {403: "The signature is not Twilio's.", 422: "It is no text."} | AWAY,
        form={name: {"type": "string"} for name in ("MessageSid", "From", "To", "Body")},
    ),
    ("GET", "/unsubscribe/<token>"): Operation(
        "unsubscribePage",
        "webhooks",
        "The page behind the link in an e-mail; looking at it changes nothing.",
        told("A page with one button.", PAGE, "text/html"),
        NOT_OURS | AWAY,
    ),
    ("POST", "/unsubscribe/<token>"): Operation(
        "unsubscribe",
        "webhooks",
        "Ends these e-mails, by the page's button or by one click (RFC 8058); again changes nothing.",
        told("A page that says so.", PAGE, "text/html"),
        {404: "No such link was ever made.", 422: "The form lacks its field."} | AWAY,
        form={"List-Unsubscribe": {"const": "One-Click"}},
    ),
    ("GET", "/confirm/<token>"): Operation(
        "confirmPage",
        "webhooks",
        "The page behind the link in a welcome; looking at it changes nothing.",
        told("A page with one button.", PAGE, "text/html"),
        NOT_OURS | AWAY,
    ),
    ("POST", "/confirm/<token>"): Operation(
        "confirm",
        "webhooks",
        "Says that the address is hers, by the page's button; again changes nothing.",
        told("A page that says so, or that the address is no longer the one.", PAGE, "text/html"),
        {404: "No such link was ever made."} | AWAY,
    ),
    ("GET", "/me/<token>"): Operation(
        "clientsPage",
        "webhooks",
        "Her own page, behind the link that PLAN and e-mails give her; looking at it changes nothing.",
        told("Counts, what is coming, and what she can switch.", PAGE, "text/html"),
        ENDED | AWAY,
    ),
    ("POST", "/me/<token>"): Operation(
        "pressOnClientsPage",
        "webhooks",
        "One of the page's buttons: it acts at once, as she; pressed again it changes nothing.",
        {"description": "Back to the page, which says how it is now."},
        ENDED
        | {
            403: "The form is not from this page.",
            422: told("It cannot be read, and nothing changed: the page, which says so.", PAGE, "text/html"),
        }
        | AWAY,
        status=303,
        form={
            "act": {"enum": ["pause", "resume", "hours", "switch", "stop", "start"]},
            "form": {"type": "string"},
        },
    ),
    ("GET", "/outbox"): Operation(
        "outbox",
        "outbox",
        "The phones and the inboxes as clients see them; by Accept as JSON.",
        {
            "description": "What arrived.",
            "content": {
                "text/html": {"schema": PAGE},
                "application/json": {"schema": {"$ref": "#/components/schemas/OutboxPage"}},
            },
        },
        {404: "Asked from another machine, or through a proxy."} | AWAY,
    ),
    ("GET", "/healthz"): Operation("healthz", "service", "The process answers.", told("It does.", "Health")),
    ("GET", "/readyz"): Operation(
        "readyz",
        "service",
        "Requests can be served: the database is reached, and its tables are there.",
        told("They can.", "Health"),
        {503: "Not now; the detail says why."},
    ),
    ("GET", "/metrics"): Operation(
        "metrics",
        "service",
        "What the ledger holds and how late we are, as Prometheus reads it.",
        told("The figures.", PAGE, "text/plain"),
        AWAY,
    ),
    ("GET", "/openapi.json"): Operation(
        "openapi", "service", "This description.", told("An OpenAPI document.", {"type": "object"})
    ),
    ("GET", "/docs"): Operation(
        "docs", "service", "This description, for people.", told("A page.", PAGE, "text/html")
    ),
}
"""Every operation, by its method and its rule."""


def install(app: Flask) -> None:
    """Describes what the app serves, at /openapi.json and at /docs."""

    @cache
    def described() -> dict[str, Any]:
        return document(app)

    @app.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(described())

    app.register_blueprint(docs(described))


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of the operations that the app serves."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        path = _PART.sub(r"{\2}", rule.rule)
        for method in sorted(rule.methods or ()):
            operation = OPERATIONS.get((method, rule.rule))
            if operation:
                paths.setdefault(path, _parameters(rule.rule))[method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "tags": [{"name": name, "description": what} for name, what in TAGS.items()],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": BEARER},
    }


def _schemas() -> dict[str, Any]:
    return {
        name: schema | ({"examples": [ANSWERS[name]]} if name in ANSWERS else {})
        for name, schema in schemas(SHAPES).items()
    }


def _parameters(rule: str) -> dict[str, Any]:
    found = [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "string"} | ({"format": "uuid"} if kind == "uuid" else {}),
        }
        for kind, name in _PART.findall(rule)
    ]
    return {"parameters": found} if found else {}


def _described(operation: Operation) -> dict[str, Any]:
    too_large = {413: "The body is above 64 KiB."} if operation.form else {}
    refusing = {500: ALWAYS[500], **too_large, **operation.refusals}
    refusals = {
        str(status): refused(what, status) if isinstance(what, str) else what
        for status, what in sorted(refusing.items())
    }
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "security": [{"bearer": []}] if operation.signed else [],
        **({"parameters": list(operation.query)} if operation.query else {}),
        **({"requestBody": _form(operation.form)} if operation.form else {}),
        "responses": {str(operation.status): operation.answer}
        | ({"304": SAME} if HELD in operation.query else {})
        | refusals,
    }


def _form(fields: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": sorted(fields)}
    example = {name: FORM[name] for name in fields}
    content = {"application/x-www-form-urlencoded": {"schema": schema, "example": example}}
    return {"required": True, "content": content}
