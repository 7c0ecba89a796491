"""If-Match: which version of a goal the caller has read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request

from services.goals.handle import UNREAD

NEVER = 0
"""No goal that is there is at this version."""


def version_read(request: Request, version_now: Callable[[], int]) -> int | None:
    """The version that If-Match names; None for `*`, any version will do; UNREAD without one.

    Of a list it is the version that the goal has now, if that is in it. A weak tag never matches (RFC 9110,
    8.8.3.2): it names NEVER. Whether the adjustment is a repeat is judged before any of them.
    """
    tags = request.if_match
    if not tags:
        return UNREAD
    if tags.star_tag:
        return None
    versions = {int(tag) for tag in tags.as_set() if tag.isascii() and tag.isdigit() and len(tag) < 18}
    if len(versions) > 1:
        now = version_now()
        return now if now in versions else max(versions)
    return versions.pop() if versions else NEVER
