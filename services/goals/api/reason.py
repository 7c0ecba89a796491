"""Cairn-Reason: why somebody of the staff looks at the record of a client whose team she is not on."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import Request
from marshmallow import ValidationError

from services.goals.api import fields
from shared.problems import Problem

NAME = "Cairn-Reason"
_LINE = fields.Line()
_EXTENDED = re.compile(r"utf-8'[A-Za-z0-9-]*'(.*)", re.IGNORECASE)


def reason_of(request: Request) -> str | None:
    """What the header says; None without one. Raises Problem 422 unless it is a line of 1 to 200 signs.

    In UTF-8 as it stands; or as RFC 8187 has it, where a caller can send ASCII alone: UTF-8''Cubro%20a%20Ana.
    """
    said = request.headers.get(NAME)
    if said is None:
        return None
    try:
        extended = _EXTENDED.fullmatch(said)
        read = unquote(extended[1], errors="strict") if extended else said.encode("latin-1").decode()
        return str(_LINE.deserialize(read))
    except (UnicodeError, ValidationError) as error:
        raise Problem(422, f"{NAME} is one line of 1 to 200 characters, in UTF-8.") from error
