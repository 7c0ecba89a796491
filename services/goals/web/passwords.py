"""Passwords: which ones will do, and how one is kept so that nobody can read it."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 200
"""Characters. Length is what counts, so no kinds of signs are asked for (NIST SP 800-63B, 5.1.1.2)."""
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id at the costs that OWASP's Password Storage Cheat Sheet names first: 19 MiB, two passes."""


def fits(password: str) -> bool:
    """Whether it may be chosen: long enough, of several signs, and no more than is hashed at once."""
    return LEAST <= len(password) <= MOST and len(set(password)) >= 4


def hashed(password: str) -> str:
    """What is kept of it, with its salt and its costs."""
    return HASHER.hash(password)


def is_it(kept: str | None, password: str) -> bool:
    """Whether it is the password. Where none is kept it takes as long to say no."""
    try:
        HASHER.verify(kept or _nobodys(), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed at other costs than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe())
