"""What the service says of itself: OpenAPI 3.1 at /openapi.json, and the same to read at /docs."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask, Response, jsonify

from services.reminders.api.examples import ANSWERS, FORM
from services.reminders.api.health import Health
from services.reminders.api.operations import OPERATIONS, Operation
from services.reminders.api.outbox import OutboxItem, OutboxPage
from services.reminders.ledger.decide import Decided
from services.reminders.ledger.inbound import AnswerState, MessagePage
from services.reminders.ledger.read import MessageState
from services.reminders.ledger.texts import TextPage, TextState, Unread, UnreadPage
from services.reminders.ledger.unknown import UnknownMessage, UnknownPage
from services.reminders.scheduling.preview import Coming, HeldBack, PreviewPage
from shared.described import ALWAYS, BEARER, docs, refused, schemas
from shared.key_set import KeySet
from shared.problems import ProblemDetails
from shared.unchanged import HELD, SAME

INFO = {
    "title": "Cairn reminders",
    "version": "1",
    "description": "What was said to each client, what waits, and why. Never words nor addresses, but what a "
    "client wrote herself, for the goals service alone, and in the outbox of a machine whose channels are "
    "local. Errors are problem details.",
}
TAGS = {
    "messages": "Messages: what was said, what waits, and why.",
    "texts": "Texts: what clients wrote that somebody of their team is to read.",
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
    "Text": TextState,
    "TextPage": TextPage,
    "Unread": Unread,
    "UnreadPage": UnreadPage,
    "Decided": Decided,
    "OutboxItem": OutboxItem,
    "OutboxPage": OutboxPage,
    "Health": Health,
    "KeySet": KeySet,
    "Problem": ProblemDetails,
}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")


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
