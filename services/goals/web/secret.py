"""A secret that only its bearer has: what is given out, and what is kept of it."""

from __future__ import annotations

import secrets
from hashlib import sha256


def fresh() -> str:
    """One that nobody guesses: 256 bits, fit for an address and a cookie."""
    return secrets.token_urlsafe(32)


def kept(secret: str) -> bytes:
    """What is kept of it: whoever reads that has no secret."""
    return sha256(secret.encode()).digest()
