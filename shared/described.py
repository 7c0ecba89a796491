"""How an OpenAPI document is made of our structs, and the page on which a person reads it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template

from shared.problems import CONTENT_TYPE

BEARER = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
"""The security scheme of every operation that one signs in for."""
ALWAYS = {
    401: "No token that holds.",
    403: "This is not for whom the token names.",
    404: "Nothing here by this id.",
    500: "Something went wrong on our side; it has been noted.",
    503: "Come back after Retry-After seconds.",
}
"""How each operation that one signs in for may refuse."""
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: #1d2327; background: #fff; }
code, .rule { font-family: ui-monospace, monospace; }
section { border-top: 1px solid #d5d9dd; padding: .75rem 0; }
.method { font-weight: 700; display: inline-block; min-width: 4.5rem; }
table { border-collapse: collapse; margin: .5rem 0; }
pre { background: #f4f5f6; padding: .5rem .75rem; overflow-x: auto; font-size: .875rem; }
td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
summary { cursor: pointer; }
"""
LATER = {"Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "In seconds."}}
"""The header of a 429 and of a 503."""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"


def docs(document: Callable[[], Mapping[str, Any]]) -> Blueprint:
    """The page /docs over the OpenAPI document that `document` gives, tag by tag; it loads nothing."""
    pages = Blueprint("described", __name__, template_folder="templates")

    @pages.get("/docs")
    def read() -> Response:
        """This description, for people."""
        page = render_template("docs.html", spec=document(), style=STYLE, examples=_examples)
        return Response(page, headers={"Content-Security-Policy": POLICY}, mimetype="text/html")

    return pages


def _examples(told: Mapping[str, Any]) -> list[str]:
    """What a body or a schema is shown as, to read."""
    shown = told.get("examples", [])
    values = [one["value"] for one in shown.values()] if isinstance(shown, dict) else [*shown]
    values += [told["example"]] if "example" in told else []
    return [msgspec.json.format(msgspec.json.encode(value)).decode() for value in values]


def told(
    what: str,
    shape: str | dict[str, Any],
    content_type: str = "application/json",
    headers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """How an answer is described: its shape is a schema, or the name of one."""
    schema = {"$ref": f"#/components/schemas/{shape}"} if isinstance(shape, str) else shape
    answer = {"description": what, "content": {content_type: {"schema": schema}}}
    return answer | ({"headers": headers} if headers else {})


def refused(what: str, status: int) -> dict[str, Any]:
    """How a refusal is described, with an example."""
    answer = told(what, "Problem", CONTENT_TYPE, LATER if status in (429, 503) else None)
    shown = {"title": HTTPStatus(status).phrase, "status": status, "detail": what}
    answer["content"][CONTENT_TYPE]["example"] = shown
    return answer


def schemas(shapes: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schemas of structs under the names that the document gives them; inner ones keep theirs."""
    _, found = msgspec.json.schema_components(shapes.values(), ref_template="#/components/schemas/{name}")
    outward = {shape.__name__: name for name, shape in shapes.items()}
    text = msgspec.json.encode(found).decode()
    for inner, name in outward.items():
        text = text.replace(f'/schemas/{inner}"', f'/schemas/{name}"')
    return {outward.get(name, name): schema for name, schema in msgspec.json.decode(text).items()}
