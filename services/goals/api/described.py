"""What the service says of itself: OpenAPI 3.1 at /openapi.json, and the same to read at /docs."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Flask
from flask_smorest import Api  # type: ignore[import-untyped]
from marshmallow import Schema

from services.goals.api import (
    access_log,
    care,
    clients,
    clinics,
    erasures,
    events,
    export,
    fields,
    goals,
    past,
    past_queries,
    queries,
    reading,
    seals,
    smart,
)
from services.goals.api.cloud_events import FEED
from services.goals.api.example_answers import ANSWERS
from services.goals.api.gone import Tombstone
from services.goals.api.shapes import SHAPES, AccessPage, ClientPage, DifferenceState, HistoryPage, SealPage
from services.goals.rules.wording.advice import Advice
from shared.described import BEARER, docs, schemas
from shared.problems import ProblemDetails

VERSION = "1"
SAID: dict[Any, tuple[Any, str | None]] = {
    fields.Text: ("string", None),
    fields.Reference: ("string", None),
    fields.Choice: ("string", None),
    fields.Whole: ("integer", None),
    fields.Flag: ("boolean", None),
    fields.Quantity: (["integer", "string"], None),
    fields.Id: ("string", "uuid"),
    fields.LocalDay: ("string", "date"),
    fields.Instant: ("string", "date-time"),
    fields.WallClock: ("string", None),
    fields.Zone: ("string", None),
    fields.Locale: ("string", None),
    fields.Country: ("string", None),
    fields.Phone: ("string", "e164"),
    fields.Email: ("string", "email"),
    queries.Count: ("integer", None),
    queries.Cursor: ("string", None),
    queries.Lanes: ("string", None),
    past_queries.When: ("string", None),
    past_queries.Version: ("integer", None),
    past_queries.Point: ("string", None),
    past_queries.Words: ("string", None),
}
"""The type and the format of each kind of field."""


class Description(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's description of the operations; errors are ours, as problem details."""

    ERROR_SCHEMA: ClassVar[type[Schema]] = Schema
    DEFAULT_ERROR_RESPONSE_NAME: ClassVar[None] = None

    def _register_error_handlers(self) -> None:
        pass


def install(app: Flask) -> None:
    """Registers every operation and its description."""
    app.config |= {
        "API_TITLE": "Cairn goals",
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = Description(app)
    api.spec.options["info"] = {
        "description": "Therapy goals as a record of immutable events. Every write is a PUT or DELETE of a "
        "thing that the caller named by a UUID; sending it again is free. Errors are problem details."
    }
    for kind, said in SAID.items():
        api.register_field(kind, *said)
    api.ma_plugin.converter.add_attribute_function(_bounds)
    for name, scheme in BEARER.items():
        api.spec.components.security_scheme(name, scheme)
    shapes = SHAPES | {
        "ClientPage": ClientPage,
        "Difference": DifferenceState,
        "HistoryPage": HistoryPage,
        "AccessPage": AccessPage,
        "SealPage": SealPage,
        "Advice": Advice,
        "Problem": ProblemDetails,
        "Tombstone": Tombstone,
    }
    for name, schema in (schemas(shapes) | FEED).items():
        shown = {"examples": [ANSWERS[name]]} if name in ANSWERS else {}
        api.spec.components.schema(name, schema | shown)
    doors = (clinics, clients, care, erasures, goals, reading, past, access_log, export, seals, smart, events)
    for door in (module.door for module in doors):
        api.register_blueprint(door.blueprint)
    app.register_blueprint(docs(api.spec.to_dict))


def _bounds(_: Any, field: Any, **__: Any) -> dict[str, Any]:
    return {"minLength": 1, "maxLength": field.most} if isinstance(field, fields.Text) else {}
