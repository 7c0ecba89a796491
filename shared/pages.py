"""Cursors of lists: a place in one, packed so that nobody builds on what it says."""

from __future__ import annotations

import base64
import binascii
import re

CURSOR = r"[A-Za-z0-9_=-]{1,4000}"
"""What any cursor looks like."""


class BadPlace(ValueError):
    """This is no cursor of the list."""

    def __init__(self) -> None:
        super().__init__("This is no cursor of this list; leave it out to begin.")


def pack(place: str) -> str:
    """A cursor of a place in a list."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def unpack(cursor: str, form: re.Pattern[str]) -> re.Match[str]:
    """The place of a cursor, if it has the form. Raises BadPlace."""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        place = ""
    found = form.fullmatch(place)
    if found is None:
        raise BadPlace
    return found
