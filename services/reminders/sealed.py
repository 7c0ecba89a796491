"""Sealing under a record's key of this house, and opening again."""

from __future__ import annotations

from uuid import UUID

from shared.vault import Vault


def seal(vault: Vault, record_id: UUID, plain: bytes, place: bytes) -> bytes:
    """The ciphertext, which opens only at the same place. Raises KeyDestroyed for what was erased."""
    return vault.create(record_id).seal(plain, place)


def unseal(vault: Vault, record_id: UUID, sealed: bytes, place: bytes) -> bytes | None:
    """What was sealed there; None once the record is erased. Raises Unopenable."""
    key = vault.key(record_id)
    return key.open(sealed, place) if key is not None else None
