"""How personal data is sealed: AES-256-GCM, keys that wrap keys, and the keyed hash that finds an address."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12

Part = str | bytes | int | UUID
Random = Callable[[int], bytes]
"""Gives so many random bytes."""


class Unopenable(Exception):
    """The ciphertext was changed, moved from where it belongs, or sealed under another key."""


class Key:
    """A record's key: seals and opens, and never shows itself."""

    __slots__ = ("_cipher", "_random", "key_id")

    def __init__(self, key_id: UUID, secret: bytes, random: Random = os.urandom) -> None:
        self.key_id = key_id
        self._cipher = AESGCM(secret)
        self._random = random

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """The nonce and the ciphertext of `plain`, which open only at the same `place` (see `place`)."""
        nonce = self._random(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed at this place. Raises Unopenable."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except (InvalidTag, ValueError) as error:
            raise Unopenable("sealed under another key or for another place, or changed since") from error


def place(what: str, *parts: Part) -> bytes:
    """Where a ciphertext belongs, as associated data: each part behind its length in four bytes."""
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in map(_raw, (what, *parts)))


def derive(master_key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose only (HKDF-SHA256); other purposes learn nothing of it."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"cairn {purpose}".encode()).derive(
        master_key
    )


def digest(index_key: bytes, *parts: Part) -> bytes:
    """The keyed hash (HMAC-SHA256, 32 bytes) under which something is found without being stored."""
    return hmac.new(index_key, place("digest", *parts), sha256).digest()


def hide(key: bytes, plain: bytes, place: bytes) -> bytes:
    """`plain` so that nobody reads or alters it, 16 bytes longer; the same is hidden the same each time.

    AES-SIV (RFC 5297), under a key of `derive`.
    """
    return AESSIV(key).encrypt(plain, [place])


def show(key: bytes, hidden: bytes, place: bytes) -> bytes:
    """What was hidden at this place. Raises Unopenable."""
    try:
        return AESSIV(key).decrypt(hidden, [place])
    except (InvalidTag, ValueError) as error:
        raise Unopenable("hidden under another key or for another place, or changed since") from error


def _raw(part: Part) -> bytes:
    match part:
        case UUID():
            return part.bytes
        case int():
            return part.to_bytes(8, "big", signed=True)
        case str():
            return part.encode()
        case bytes():
            return part
