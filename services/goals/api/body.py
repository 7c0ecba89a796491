"""Reading what was sent: strictly JSON, then strictly the shape, every wrong field named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from services.goals.api.problems import invalid
from shared.problems import Problem, Wrong

MOST_BYTES = 1024 * 1024
"""The largest body that is read."""
MOST_DRAINED_BYTES = 64 * 1024 * 1024
"""How much of a body that is too large is read away, so that its sender gets to hear why it was refused."""
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class Twice(ValueError):
    """An object names something twice: which one is meant, nobody can know."""


def read_json(request: Request) -> object:
    """The JSON of a request's body. Raises Problem: 400, 413 or 415."""
    if request.mimetype and request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise Problem(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        raw = request.get_data(cache=False)
        if request.content_length is None and len(raw) >= MOST_BYTES:
            raise RequestEntityTooLarge  # sent in chunks, and cut off at the limit
    except RequestEntityTooLarge:
        _drain(request)
        raise
    try:
        value: object = json.loads(
            raw.decode("utf-8"), parse_constant=no_constant, object_pairs_hook=once_each
        )
    except Twice as error:
        raise Problem(400, "A name stands twice in an object of the body; each is said once.") from error
    except RecursionError as error:
        raise Problem(400, "The body is nested too deeply to be read.") from error
    except ValueError as error:
        raise Problem(400, "The body is no JSON in UTF-8; a JSON object is expected.") from error
    return value


def load(schema: Schema, data: object, where: str = "body") -> dict[str, Any]:
    """The fields of a body or a query by their schema. Raises Problem 422 that names each wrong one."""
    try:
        loaded: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise invalid(tuple(wrongs(error.messages, "#")), where) from error
    return loaded


def wrongs(messages: object, pointer: str) -> Iterator[Wrong]:
    """Each field that a schema found wrong, and never a name that is none of ours."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            name = str(key)
            if name == "_schema":
                yield from wrongs(inner, pointer)
            elif PLAIN_NAME.fullmatch(name) or isinstance(key, int):
                yield from wrongs(inner, f"{pointer}/{name}")
            else:  # what is no name may be anything, somebody's words too: it is not repeated
                yield from wrongs(inner, pointer)
    elif isinstance(messages, list):
        for inner in messages:
            yield from wrongs(inner, pointer)
    else:
        yield Wrong(pointer, str(messages))


def _drain(request: Request) -> None:
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or MOST_DRAINED_BYTES, MOST_DRAINED_BYTES)
    while left > 0 and (piece := stream.read(min(left, 65536))):
        left -= len(piece)


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. Raises Twice."""
    named = dict(pairs)
    if len(named) != len(pairs):
        raise Twice
    return named


def no_constant(_: str) -> None:
    """Raises ValueError for what other readers take for a number."""
    raise ValueError("NaN and Infinity are no JSON")
