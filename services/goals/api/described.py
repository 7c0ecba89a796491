"""What the service says of itself: OpenAPI 3.1 at /openapi.json, and the same to read at /docs."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

import msgspec
from flask import Flask, Response, render_template
from flask_smorest import Api  # type: ignore[import-untyped]
from marshmallow import Schema

from services.goals.api import clients, clinics, events, fields, goals, queries, reading
from services.goals.api.answers import SHAPES, ClientPage, HistoryPage
from services.goals.api.problems import Wrong

VERSION = "1"
SAID: dict[Any, tuple[Any, str | None]] = {
    fields.Text: ("string", None),
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
}
"""The type and the format of each kind of field."""
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: #1d2327; background: #fff; }
code, .rule { font-family: ui-monospace, monospace; }
section { border-top: 1px solid #d5d9dd; padding: .75rem 0; }
.method { font-weight: 700; display: inline-block; min-width: 4.5rem; }
table { border-collapse: collapse; margin: .5rem 0; }
td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
summary { cursor: pointer; }
"""


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
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    _shapes(api)
    for door in (clinics.door, clients.door, goals.door, reading.door, events.door):
        api.register_blueprint(door.blueprint)
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

    @app.get("/docs")
    def docs() -> Response:
        page = render_template("docs.html", spec=api.spec.to_dict(), style=STYLE)
        allowed = f"default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'"
        return Response(page, headers={"Content-Security-Policy": allowed}, mimetype="text/html")


def _shapes(api: Any) -> None:
    whole = [*SHAPES.values(), ClientPage, HistoryPage, Wrong]
    _, found = msgspec.json.schema_components(whole, ref_template="#/components/schemas/{name}")
    outward = {shape.__name__: name for name, shape in SHAPES.items()}
    text = msgspec.json.encode(found).decode()
    for inner, name in outward.items():
        text = text.replace(f'/{inner}"', f'/{name}"')
    for name, schema in msgspec.json.decode(text).items():
        api.spec.components.schema(outward.get(name, name), schema)
    api.spec.components.schema(
        "Problem",
        {
            "type": "object",
            "description": "RFC 9457.",
            "required": ["title", "status", "detail"],
            "properties": {
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Wrong"}},
            },
        },
    )
    api.spec.components.schema("CloudEvents", {"type": "array", "items": {"type": "object"}})


def _bounds(_: Any, field: Any, **__: Any) -> dict[str, Any]:
    return {"minLength": 1, "maxLength": field.most} if isinstance(field, fields.Text) else {}
