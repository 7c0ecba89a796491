"""Whether what is kept of a record is what its events add up to, as whoever reads it would see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from services.goals.current import STATES
from services.goals.log.addresses import digest_of
from services.goals.log.stored import state_place
from services.goals.rebuilding.built import Built, BuiltState
from services.goals.rebuilding.walk import Found
from shared.sealing import Key, Unopenable
from shared.vault import Vault


def differing(found: Found, built: Built, key: Key | None, vault: Vault) -> list[UUID]:
    """The streams of which something else is kept, something less or something more, by their ids.

    Where only the numbers and addresses are others, it is the record's own stream.
    """
    kept = {row.stream_id: row for row in found.states}
    wrong = {
        stream_id
        for stream_id in kept.keys() | built.states.keys()
        if not _is_right(kept.get(stream_id), built.states.get(stream_id), built, key)
    }
    if _claims(found) != digests(built, vault):
        wrong.add(built.record_id)
    return sorted(wrong)


def digests(built: Built, vault: Vault) -> set[tuple[UUID, str, bytes]]:
    """The clinic, the channel and the digest of each number and address that is hers."""
    return {
        (built.clinic_id, channel, digest_of(vault, built.clinic_id, channel, address))
        for channel, address in built.addresses
    }


def _claims(found: Found) -> set[tuple[UUID, str, bytes]]:
    return {(row.clinic_id, row.channel, row.digest) for row in found.addresses}


def _is_right(row: Any, state: BuiltState | None, built: Built, key: Key | None) -> bool:
    if row is None or state is None or key is None:
        return False
    if (row.clinic_id, row.kind, row.version) != (built.clinic_id, state.kind, state.version):
        return False
    # A state is kept at the version of the record that its append came to, which may be past its own event.
    if not state.moved_at <= row.record_version <= built.version:
        return False
    try:
        plain = key.open(row.state, state_place(row.stream_id, row.version))
        return plain == (made := msgspec.json.encode(state.state)) or _read(state, plain) == _read(
            state, made
        )
    except (Unopenable, msgspec.DecodeError):
        return False


def _read(state: BuiltState, plain: bytes) -> Any:
    """As it is read: what an older shape lacks has its default."""
    return msgspec.json.decode(plain, type=STATES[state.kind])
