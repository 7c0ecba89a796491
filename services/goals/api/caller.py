"""Who calls: the bearer token of a request, read into the person that the rules know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Request

from services.goals.rules.access import Who
from shared.problems import Problem
from shared.tokens import Claims, Key, TokenRefused, read

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="cairn"'}
REFUSED = {"WWW-Authenticate": 'Bearer realm="cairn", error="invalid_token"'}


def caller(request: Request, key: Key, now: datetime) -> Who:
    """Who the token says it is. Raises Problem 401 where there is none, or none that holds."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "Sign in: send Authorization: Bearer <token>.", headers=CHALLENGE)
    try:
        return _who(read(key, token.strip(), now))
    except (TokenRefused, ValueError) as error:
        raise Problem(
            401, "This token does not hold: it is not ours, has expired, or names no role.", headers=REFUSED
        ) from error


def _who(claims: Claims) -> Who:
    if claims.role in ("therapist", "lead"):
        UUID(claims.sub)  # the log names staff by their ids
    return Who(role=claims.role, sub=claims.sub, clinic_id=claims.clinic, client_id=claims.client)
