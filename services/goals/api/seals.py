"""The seals, for whoever has a token: what they keep elsewhere, the log can be held to later."""

from __future__ import annotations

import re

from flask import Response

from services.goals.api.answers import as_json
from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.api.queries import PageQuery, unpack
from services.goals.api.shapes import SealPage
from services.goals.seals.place import PlaceAway
from services.goals.seals.seal import BadSeal
from shared.pages import pack
from shared.problems import Problem

door = Door("seals", "The seals over the log.")
NUMBER = re.compile(r"[1-9][0-9]{0,7}")


@door.read("/v1/seals", "SealPage", query=PageQuery)
def get_seals(call: Call) -> Response:
    """The seals, the latest first, and the public keys that they are checked by."""
    after = call.query.get("after")
    before = int(unpack(after, NUMBER)) if after else None
    try:
        page = call.rooms.seals.page(before, call.query["limit"])
    except (BadSeal, PlaceAway) as error:
        raise no_seals(error) from error
    return as_json(SealPage(page.items, pack(str(page.before)) if page.before else None, page.keys))


def no_seals(error: BadSeal | PlaceAway) -> Problem:
    """What is answered where the seals are needed and cannot be had."""
    why = "Where the seals are kept cannot be reached just now; come back in a while."
    if isinstance(error, BadSeal):
        why = f"The seals are not as they were made: {error}. An operator must see to it."
    return Problem(503, why, headers={"Retry-After": "60"})
