"""Who is calling, and whose messages they may see."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, make_response, request

from services.reminders.problem import problem
from shared import tokens
from shared.tokens import Claims

MAY_READ = frozenset({"therapist", "lead", "service"})


def caller(token_key: tokens.Key) -> Claims:
    """The claims of the request's bearer token; answers 401 without a good one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise tokens.TokenRefused("no bearer token")
        return tokens.read(token_key, token.strip(), datetime.now(UTC))
    except tokens.TokenRefused:
        refusal = problem(401, "a bearer token of this installation is needed", WWW_Authenticate="Bearer")
        abort(make_response(refusal))


def must_reach(claims: Claims, clinic_id: UUID | None) -> None:
    """Answers 403 to a role that reads no messages, 404 where the client is not of the caller's clinic."""
    if claims.role not in MAY_READ:
        abort(make_response(problem(403, f"the role {claims.role} may not read messages")))
    # A service token without a clinic is the other house's own.
    everywhere = claims.role == "service" and claims.clinic is None
    if clinic_id is None or not (everywhere or claims.clinic == clinic_id):
        abort(make_response(problem(404, "no such client")))
