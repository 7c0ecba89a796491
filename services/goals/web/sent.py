"""What a form sent, read by the same shapes that the operations take; what is wrong is said by field."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import Schema

from services.goals.api.body import load
from services.goals.rules.refusal import Refused
from services.goals.web.language import say
from shared.problems import Problem

Wrongs = dict[str, str]
"""By the name of the field what would be right; under "" what no field is to blame for."""


def text(name: str) -> str | None:
    """What a field holds; None where it is empty. A browser ends lines with CR LF, the log keeps LF."""
    value = request.form.get(name, "").replace("\r\n", "\n").strip()
    return value or None


def texts(*names: str) -> dict[str, Any]:
    """What these fields hold, those left out that are empty."""
    return {name: value for name in names if (value := text(name)) is not None}


def read(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body by the schema of its operation. Raises Problem 422."""
    return load(schema, body)


def wrongs(error: Problem | Refused) -> Wrongs:
    """What is wrong, by the field of the form; its first word of a pointer is the field's name."""
    if isinstance(error, Problem):
        return {_field(one.pointer): say(one.detail) for one in error.errors} or {"": say(error.detail)}
    return {_field(error.pointer): say(error.detail)}


def _field(pointer: str | None) -> str:
    return (pointer or "").removeprefix("#").removeprefix("/").partition("/")[0]
