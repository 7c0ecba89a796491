"""Who calls: the bearer token of a request, read into the person that the rules know."""

from __future__ import annotations

from datetime import datetime

from flask import Request

from services.goals.api.reason import reason_of
from services.goals.rules.access import Who
from shared.bearer import claims_of
from shared.tokens import STAFF, Keys


def caller(request: Request, keys: Keys, now: datetime) -> Who:
    """Who the token says it is, with the reason given. Raises Problem 401 where no token holds, and 422."""
    claims = claims_of(request, keys, now)
    reason = reason_of(request) if claims.role in STAFF else None
    return Who(claims.role, claims.sub, claims.clinic, claims.client, reason)
