"""Under what a number or an address is kept: a hash that only the holder of the key can make."""

from __future__ import annotations

from uuid import UUID

from shared.events import Channel
from shared.vault import Vault


def digest_of(vault: Vault, clinic_id: UUID, channel: Channel, address: str) -> bytes:
    """The digest, the same however the address is written: 32 bytes."""
    return vault.digest(clinic_id, channel, address.strip().casefold())
