"""The keys of the house in memory: what is sealed opens where it belongs, until its key is gone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from shared.sealing import Part, Unopenable, digest
from shared.vault import KeyDestroyed

INDEX = b"i" * 32


class Key:
    """Keeps things in clear, each with the place where it belongs: a simulation has no secrets."""

    __slots__ = ("_mine",)

    def __init__(self, record_id: UUID) -> None:
        self._mine = record_id.bytes

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """What opens at this place only, with this key."""
        return self._mine + len(place).to_bytes(2, "big") + place + plain

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed there. Raises Unopenable."""
        begin = 18 + len(place)
        if sealed[:16] != self._mine or sealed[18:begin] != place:
            raise Unopenable("another's, or from elsewhere")
        return sealed[begin:]


class Keys:
    """Stands for the vault."""

    def __init__(self) -> None:
        self._keys: dict[UUID, Key] = {}
        self._gone: set[UUID] = set()

    def create(self, record_id: UUID) -> Key:
        """The record's key. Raises KeyDestroyed."""
        if record_id in self._gone:
            raise KeyDestroyed
        if record_id not in self._keys:
            self._keys[record_id] = Key(record_id)
        return self._keys[record_id]

    def ready(self, record_ids: Iterable[UUID]) -> None:
        """Makes those that are missing and may be."""
        for one in record_ids:
            if one not in self._gone:
                self.create(one)

    def key(self, record_id: UUID) -> Key | None:
        """The record's key, if it has one."""
        return self._keys.get(record_id)

    def keys(self, record_ids: Iterable[UUID]) -> dict[UUID, Key]:
        """Those of many."""
        return {one: self._keys[one] for one in record_ids if one in self._keys}

    def destroyed(self, record_ids: Iterable[UUID]) -> set[UUID]:
        """Those whose keys are destroyed."""
        return self._gone.intersection(record_ids)

    def destroy(self, record_id: UUID) -> None:
        """For ever."""
        self._gone.add(record_id)
        self._keys.pop(record_id, None)

    def digest(self, *parts: Part) -> bytes:
        """The keyed hash."""
        return _digest(parts)

    def own(self, purpose: str) -> bytes:
        """The key for a purpose."""
        return digest(INDEX, purpose)


@lru_cache(maxsize=10_000)
def _digest(parts: tuple[Part, ...]) -> bytes:
    return digest(INDEX, *parts)
