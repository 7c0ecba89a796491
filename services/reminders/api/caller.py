"""Who is calling, and whose messages they may see."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import g, request

from services.reminders.rules.person import Person
from shared.bearer import INVALID_TOKEN, claims_of
from shared.clinic import Clinic
from shared.problems import Problem
from shared.tokens import STAFF, Claims, Keys

MAY_READ = frozenset({"therapist", "lead", "client", "service"})
OFF_TEAM = (
    "You are not on this client's team. Her messages need that, whatever the reason, for no log of looks is "
    "kept here; a lead of the clinic can add you."
)


def caller(token_keys: Keys) -> Claims:
    """The claims of the request's bearer token. Raises Problem 401 without one that holds."""
    claims = claims_of(request, token_keys, datetime.now(UTC))
    g.role = claims.role
    return claims


def must_still_work(claims: Claims, clinic: Clinic | None) -> None:
    """Raises Problem 401 for somebody of the staff who left, or has another role by now."""
    if claims.role in STAFF and clinic is not None and clinic.has_ended(UUID(claims.sub), claims.role):
        words = "This token has ended: you no longer work here, or in another role. Sign in anew."
        raise Problem(401, words, headers=INVALID_TOKEN)


def must_reach(claims: Claims, person: Person | None) -> Person:
    """The client. Raises Problem 403 for an operator and for a therapist who is not on her team; 404 for
    another client, and where the client is not of the token's clinic.
    """
    if claims.role not in MAY_READ:
        raise Problem(403, f"The role {claims.role} may not read messages.")
    # A service token without a clinic is the other house's own.
    everywhere = claims.role == "service" and claims.clinic is None
    if person is None or not (everywhere or claims.clinic == person.clinic_id):
        raise Problem(404, "There is no such client.")
    if claims.role == "client" and claims.client != person.client_id:
        raise Problem(404, "There is no such client.")
    if claims.role == "therapist" and claims.sub not in {str(member) for member in person.team}:
        raise Problem(403, OFF_TEAM)
    return person


def must_log_looks(claims: Claims) -> Claims:
    """The claims. Raises Problem 403 for all but a service: the goals service shows words to her team, and
    keeps the log of looks.
    """
    if claims.role != "service":
        raise Problem(403, "Her words are read in the therapist's room, where each look is written down.")
    return claims


def must_operate(claims: Claims) -> Claims:
    """The claims. Raises Problem 403 for everyone but an operator."""
    if claims.role != "operator":
        raise Problem(403, f"The role {claims.role} may not list messages nor settle them; an operator may.")
    return claims
