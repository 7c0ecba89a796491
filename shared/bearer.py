"""The bearer token of a request: read into its claims, or the one answer to whoever has none that holds."""

from __future__ import annotations

from datetime import datetime

from flask import Request

from shared.problems import Problem
from shared.tokens import Claims, Keys, TokenRefused, read

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="cairn"'}
INVALID_TOKEN = {"WWW-Authenticate": 'Bearer realm="cairn", error="invalid_token"'}


def claims_of(request: Request, keys: Keys, now: datetime) -> Claims:
    """What the token says. Raises Problem 401 where there is none, or none that holds."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "Sign in: send Authorization: Bearer <token>.", headers=CHALLENGE)
    try:
        return read(keys, token.strip(), now)
    except TokenRefused as error:
        words = "This token does not hold: it is not ours, has expired, or names no role."
        raise Problem(401, words, headers=INVALID_TOKEN) from error
