"""Conditional GETs (RFC 9110, 13.1.2): an answer that the caller has already is not sent again."""

from __future__ import annotations

import hashlib

from flask import Request, Response

NAME = "If-None-Match"
ETAG = {
    "ETag": {"schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'}, "description": "Of this answer."}
}
"""How OpenAPI describes the tag that `unless_held` gives."""
HELD = {
    "in": "header",
    "name": NAME,
    "schema": {"type": "string"},
    "description": "The ETag of the answer that one has; 304 without a body while it is the same.",
}
"""How OpenAPI describes the header."""
SAME = {"description": "It is as the caller has it.", "headers": ETAG}
"""How OpenAPI describes a 304."""


def has_it(request: Request, etag: str) -> bool:
    """Whether If-None-Match names this tag; a weak one does, too (RFC 9110, 13.1.2)."""
    tags = request.if_none_match
    return bool(tags) and (tags.star_tag or tags.contains_weak(etag.strip('"')))


def unless_held(request: Request, response: Response) -> Response:
    """The answer under a strong ETag of its bytes, or 304 without a body where the caller has it. Of what has
    a tag already, or is no 200, nothing is changed.
    """
    if response.status_code != 200 or "ETag" in response.headers:
        return response
    etag = f'"{hashlib.sha256(response.get_data()).hexdigest()[:32]}"'
    answer = Response(status=304) if has_it(request, etag) else response
    answer.headers["ETag"] = etag
    return answer
