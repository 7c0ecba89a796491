"""What may be asked of a list: where to begin, and how much of it."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from services.goals.api.bodies import needed
from services.goals.api.fields import Id
from services.goals.api.problems import invalid
from shared import pages
from shared.lanes import LANES
from shared.problems import TWICE, Wrong
from shared.wire import MAX_PAGE, MAX_WAIT_SECONDS

_CURSOR = re.compile(pages.CURSOR)
STREAM_VERSION = re.compile(r"[1-9][0-9]{0,9}")
"""A place in a history: the version of the entry before it."""
_RANGE = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")


class Count(fields.Field[int]):
    """A whole number in digits, within bounds."""

    def __init__(self, least: int, most: int, what: str, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"minimum": least, "maximum": most, "description": what}, **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", str(value)) or not self.least <= int(value) <= self.most:
            raise ValidationError(f"A whole number from {self.least} to {self.most} is expected.")
        return int(value)


class Cursor(fields.Field[str]):
    """A cursor as an earlier answer gave it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not _CURSOR.fullmatch(str(value)):
            raise ValidationError("A cursor that an earlier answer gave is expected; leave it out to begin.")
        return str(value)


class Lanes(fields.Field[frozenset[int]]):
    """Lanes as single numbers and ranges: 0-15,32."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[int]:
        lanes: set[int] = set()
        for part in str(value).split(",", LANES):
            found = _RANGE.fullmatch(part)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
            if not first <= last < LANES:
                raise ValidationError(f"Lanes from 0 to {LANES - 1} are expected, e.g. 0-15,32.")
            lanes |= set(range(first, last + 1))
        return frozenset(lanes)


ALL_LANES = frozenset(range(LANES))


class Query(Schema):
    """Parameters that are all known."""

    class Meta:
        """What is not known is refused."""

        unknown = RAISE

    error_messages = {"unknown": "There is no such parameter here."}  # noqa: RUF012  # marshmallow's way


class PageQuery(Query):
    """A page of a list."""

    after = Cursor(metadata={"description": "`next` of the page before."})
    limit = Count(1, 200, "How many at most.", load_default=50)


class AccessQuery(PageQuery):
    """A page of who looked at whose record."""

    client = Id(**needed(), metadata={"description": "Whose record."})


class FeedQuery(Query):
    """A page of the feed."""

    lanes = Lanes(metadata={"description": "Which lanes, e.g. 0-15,32; else all."})
    after = Cursor(metadata={"description": "`Cairn-Cursor` of the page before; else from the start."})
    limit = Count(1, MAX_PAGE, "How many at most.", load_default=MAX_PAGE)
    wait = Count(0, MAX_WAIT_SECONDS, "For how many seconds an empty page waits.", load_default=0)


def once(args: MultiDict[str, str]) -> dict[str, str]:
    """The parameters of a query, each given once. Raises Problem 422."""
    if any(len(values) > 1 for values in args.listvalues()):
        raise invalid((Wrong("#", TWICE),), "query")
    return args.to_dict()


def unpack(cursor: str, form: re.Pattern[str]) -> str:
    """The place of a cursor, if it has the form. Raises Problem 422."""
    try:
        return pages.unpack(cursor, form)[0]
    except pages.BadPlace as error:
        raise invalid((Wrong("#/after", str(error)),), "query") from error
