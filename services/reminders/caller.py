"""Who is calling, and whose messages they may see."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import g, request

from shared import tokens
from shared.problems import Problem
from shared.tokens import Claims

MAY_READ = frozenset({"therapist", "lead", "service"})


def caller(token_key: tokens.Key) -> Claims:
    """The claims of the request's bearer token. Raises Problem 401 without one that holds."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise tokens.TokenRefused("no bearer token")
        claims = tokens.read(token_key, token.strip(), datetime.now(UTC))
    except tokens.TokenRefused as error:
        needed = "A bearer token of this installation is needed."
        raise Problem(401, needed, headers={"WWW-Authenticate": "Bearer"}) from error
    g.role = claims.role
    return claims


def must_reach(claims: Claims, clinic_id: UUID | None) -> None:
    """Raises Problem 403 for a role that reads no messages, 404 where the client is not of its clinic."""
    if claims.role not in MAY_READ:
        raise Problem(403, f"The role {claims.role} may not read messages.")
    # A service token without a clinic is the other house's own.
    everywhere = claims.role == "service" and claims.clinic is None
    if clinic_id is None or not (everywhere or claims.clinic == clinic_id):
        raise Problem(404, "There is no such client.")


def must_operate(claims: Claims) -> None:
    """Raises Problem 403 for everyone but an operator."""
    if claims.role != "operator":
        raise Problem(403, f"The role {claims.role} may not list messages; an operator may.")
