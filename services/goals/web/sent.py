"""What a form sent, read by the same shapes that the operations take; what is wrong is said by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from marshmallow import Schema

from services.goals.api.body import load
from services.goals.api.problems import invalid
from services.goals.rules.commands import RecordCommand
from services.goals.rules.refusal import Forbidden, Gone, NotThere, Refused, SignedOut
from services.goals.web.language import say
from shared.problems import Problem, Wrong

Asked = Callable[[], RecordCommand]
"""Reads a command off what was sent. Raises Problem."""
Wrongs = dict[str, str]
"""By the name of the field what would be right; under "" what no field is to blame for."""


def text(name: str) -> str | None:
    """What a field holds; None where it is empty. A browser ends lines with CR LF, the log keeps LF."""
    value = request.form.get(name, "").replace("\r\n", "\n").strip()
    return value or None


def texts(*names: str) -> dict[str, Any]:
    """What these fields hold, those left out that are empty."""
    return {name: value for name in names if (value := text(name)) is not None}


def named(name: str) -> UUID:
    """The id that the form gave to a fact, so that sending it twice is once. Raises Problem 422."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError as error:
        raise invalid((Wrong(f"#/{name}", "Load the page again: this form has lost its number."),)) from error


def whole(name: str) -> int | str | None:
    """A whole number that was typed; what is none stays as it is, and its shape says what is right."""
    value = text(name)
    return (
        int(value) if value and value.isascii() and value.lstrip("-").isdigit() and len(value) < 10 else value
    )


def number(name: str) -> int | str | None:
    """A quantity that was typed, with a point or a comma."""
    value = whole(name)
    return value.replace(",", ".") if isinstance(value, str) else value


def cadence() -> dict[str, list[str]] | None:
    """The days that are ticked and the times that are typed; None where there is neither."""
    days, times = request.form.getlist("days"), [one for one in request.form.getlist("times") if one]
    return {"days": days, "times": times} if days or times else None


def local_moment(name: str, zone: str) -> str | None:
    """A moment that was typed by the clock of a zone, with that zone."""
    value = request.form.get(name, "")
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(zone)).isoformat()
    except ValueError:
        return value or None


def must_be_about_it(error: Problem | Refused) -> None:
    """Raises it again where it is no matter of what was typed: who may not, hears that alone."""
    if isinstance(error, Forbidden | NotThere | SignedOut | Gone):
        raise error
    if isinstance(error, Problem) and error.status not in (409, 422):
        raise error


def read(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body by the schema of its operation. Raises Problem 422."""
    return load(schema, body)


def said(detail: str) -> str:
    """What would be right, in the language of the page where it is known there."""
    return say(detail)


def wrongs(error: Problem | Refused) -> Wrongs:
    """What is wrong, by the field of the form; its first word of a pointer is the field's name."""
    if isinstance(error, Problem):
        return {_field(one.pointer): said(one.detail) for one in error.errors} or {"": said(error.detail)}
    return {_field(error.pointer): said(error.detail)}


def _field(pointer: str | None) -> str:
    return (pointer or "").removeprefix("#").removeprefix("/").partition("/")[0]
