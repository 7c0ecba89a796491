"""Where the keys are: one for each record, wrapped by the master key, in a database of its own."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from shared.sealing import KEY_BYTES, Key, Part, Random, derive, digest, place

CACHE_SECONDS = 30.0
"""How long a key is remembered: so long after its destruction another process may still open with it."""
CACHE_SIZE = 10_000

FOREIGN = "CAIRN_MASTER_KEY is not the key that this vault's keys were wrapped by"
_ANY = text("SELECT master_id FROM record_key LIMIT 1")
_READ = text(
    "SELECT record_id, key_id, wrapped, master_id FROM record_key"
    " WHERE record_id = ANY(CAST(:records AS uuid[]))"
)
_CREATE = text(
    "INSERT INTO record_key (record_id, key_id, wrapped, master_id)"
    " VALUES (:record, :key, :wrapped, :master) ON CONFLICT (record_id) DO NOTHING RETURNING key_id"
)
_DESTROY = text(
    "INSERT INTO record_key (record_id, key_id, wrapped, master_id, destroyed_at)"
    " VALUES (:record, :key, NULL, :master, now())"
    " ON CONFLICT (record_id) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
    " WHERE record_key.destroyed_at IS NULL"
)
_TOMBSTONES = text(
    "SELECT record_id FROM record_key WHERE record_id = ANY(CAST(:records AS uuid[])) AND wrapped IS NULL"
)


class KeyDestroyed(Exception):
    """The record was erased: its key is gone, and it gets no other."""


class WrongMasterKey(Exception):
    """The keys of this vault were wrapped by another master key."""


class Vault:
    """The records' keys. Threads may share it; `clock` gives seconds that only rise."""

    def __init__(
        self,
        engine: Engine,
        master_key: bytes,
        *,
        random: Random = os.urandom,
        clock: Callable[[], float] = time.monotonic,
        fresh: Callable[[], UUID] = uuid4,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._wrapping = Key(UUID(int=0), derive(master_key, "wrap"), random)
        self._index_key = derive(master_key, "index")
        self._master_id = derive(master_key, "id")[:8].hex()
        self._random = random
        self._clock = clock
        self._fresh = fresh
        self._lock = threading.Lock()
        self._known: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()

    def foreign(self) -> str | None:
        """Why this master key cannot be this vault's, or None; one row tells, an empty vault is anybody's."""
        with self._engine.connect() as connection:
            master_id = connection.execute(_ANY).scalar()
        return None if master_id in (None, self._master_id) else FOREIGN

    def create(self, record_id: UUID) -> Key:
        """The record's key, made now when it has none. Raises KeyDestroyed."""
        if record_id in (known := self._remembered([record_id])):
            return known[record_id]
        secret = self._random(KEY_BYTES)
        values = {
            "record": record_id,
            "key": self._fresh(),
            "wrapped": self._wrapping.seal(secret, place("key", record_id)),
            "master": self._master_id,
        }
        with self._engine.connect() as connection:
            connection.execute(_CREATE, values)
        key = self.key(record_id)  # read again: of two that make one at once, the first one's holds
        if key is None:
            raise KeyDestroyed
        return key

    def key(self, record_id: UUID) -> Key | None:
        """The record's key; None when it was never made, or is destroyed."""
        return self.keys([record_id]).get(record_id)

    def keys(self, record_ids: Iterable[UUID]) -> dict[UUID, Key]:
        """The keys of many records, by one query for those not remembered; who has none is left out."""
        wanted = set(record_ids)
        found = self._remembered(wanted)
        missing = [record_id for record_id in wanted if record_id not in found]
        if missing:
            read_at = self._clock()
            with self._engine.connect() as connection:
                rows = connection.execute(_READ, {"records": missing}).all()
            fresh = {row.record_id: self._unwrap(row) for row in rows if row.wrapped is not None}
            self._remember(fresh, read_at)
            found |= fresh
        return found

    def destroyed(self, record_ids: Iterable[UUID]) -> set[UUID]:
        """Those of these records whose keys are destroyed; a record that never had one is not among them."""
        wanted = list(record_ids)
        if not wanted:
            return set()
        with self._engine.connect() as connection:
            return set(connection.scalars(_TOMBSTONES, {"records": wanted}))

    def destroy(self, record_id: UUID) -> None:
        """Destroys the record's key for ever, and leaves a tombstone that forbids another. Again is free."""
        values = {"record": record_id, "key": self._fresh(), "master": self._master_id}
        with self._engine.connect() as connection:
            connection.execute(_DESTROY, values)
        with self._lock:
            self._known.pop(record_id, None)

    def seal(self, record_id: UUID, plain: bytes, place: bytes) -> bytes:
        """Seals something of the record's for one place; made a key if it has none. Raises KeyDestroyed."""
        return self.create(record_id).seal(plain, place)

    def open(self, record_id: UUID, sealed: bytes, place: bytes) -> bytes | None:
        """What was sealed for this place; None once the record's key is destroyed. Raises Unopenable."""
        key = self.key(record_id)
        return None if key is None else key.open(sealed, place)

    def digest(self, *parts: Part) -> bytes:
        """The keyed hash under which something personal is found without being stored: 32 bytes."""
        return digest(self._index_key, *parts)

    def _unwrap(self, row: Any) -> Key:
        if row.master_id != self._master_id:
            raise WrongMasterKey(FOREIGN)
        return Key(row.key_id, self._wrapping.open(row.wrapped, place("key", row.record_id)), self._random)

    def _remembered(self, record_ids: Iterable[UUID]) -> dict[UUID, Key]:
        now = self._clock()
        with self._lock:
            held = {r: self._known[r] for r in record_ids if r in self._known}
        return {r: key for r, (until, key) in held.items() if now < until}

    def _remember(self, keys: dict[UUID, Key], read_at: float) -> None:
        with self._lock:
            for record_id, key in keys.items():
                self._known[record_id] = (read_at + CACHE_SECONDS, key)
                self._known.move_to_end(record_id)
            while len(self._known) > CACHE_SIZE:
                self._known.popitem(last=False)
