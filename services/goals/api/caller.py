"""Who calls: the bearer token of a request, read into the person that the rules know."""

from __future__ import annotations

from datetime import datetime

from flask import Request

from services.goals.rules.access import Who
from shared.bearer import claims_of
from shared.tokens import Key


def caller(request: Request, key: Key, now: datetime) -> Who:
    """Who the token says it is. Raises Problem 401 where there is none, or none that holds."""
    claims = claims_of(request, key, now)
    return Who(role=claims.role, sub=claims.sub, clinic_id=claims.clinic, client_id=claims.client)
