"""A place in a list of messages, between a moment of the ledger and the message's id; and its cursor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping

from shared.pages import BadPlace, pack, unpack

LIMIT, MOST = 50, 200
"""How many a page holds, unless it is asked for others; and at most."""
_FORM = re.compile(r"(\d{4}-\d\d-\d\dT[0-9:.]{8,15}[+-]\d\d:\d\d) ([0-9a-f-]{36})")


class Place(NamedTuple):
    """After which message a page begins; its id tells apart those of one moment."""

    moment: datetime
    message_id: UUID


START = Place(datetime.fromisoformat("0001-01-02T00:00:00+00:00"), UUID(int=0))
"""Before all messages."""


def place_of(cursor: str) -> Place:
    """The place that a cursor names. Raises BadPlace."""
    found = unpack(cursor, _FORM)
    try:
        return Place(datetime.fromisoformat(found[1]), UUID(found[2]))
    except ValueError:
        raise BadPlace from None


def values(place: Place, limit: int) -> dict[str, Any]:
    """What a query is asked for one message more than `limit`, to see whether there is more."""
    return {"moment": place.moment, "message": place.message_id, "limit": limit + 1}


def ends(rows: Sequence[RowMapping], limit: int, moment: str) -> str | None:
    """The cursor of what follows the first `limit` rows, ordered by the column `moment`; None at the end."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return pack(f"{last[moment].isoformat()} {last['message_id']}")
