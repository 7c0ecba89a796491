"""Where the keys are: one for each record, wrapped by a master key, in a database of their own."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from shared.masters import Given, Masters
from shared.sealing import KEY_BYTES, Key, Part, Random, digest
from shared.wrapped import WrongMasterKey, foreign, own_of, own_place, record_place, secret_of

__all__ = ["CACHE_SECONDS", "KeyDestroyed", "Vault", "WrongMasterKey"]

CACHE_SECONDS = 30.0
"""How long a key is remembered: so long after its destruction another process may still open with it."""
CACHE_SIZE = 10_000

_READ = text(
    "SELECT record_id, key_id, wrapped, master_id FROM record_key"
    " WHERE record_id = ANY(CAST(:records AS uuid[]))"
)
_CREATE = text(
    "INSERT INTO record_key (record_id, key_id, wrapped, master_id)"
    " SELECT record, key, wrapped, :master"
    " FROM unnest(CAST(:records AS uuid[]), CAST(:keys AS uuid[]), CAST(:wrapped AS bytea[]))"
    " AS made (record, key, wrapped) ON CONFLICT (record_id) DO NOTHING RETURNING record_id"
)
_DESTROY = text(
    "INSERT INTO record_key (record_id, key_id, wrapped, master_id, destroyed_at)"
    " VALUES (:record, :key, NULL, :master, now())"
    " ON CONFLICT (record_id) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
    " WHERE record_key.destroyed_at IS NULL"
)
_OWN = text("SELECT wrapped, master_id FROM own_key WHERE purpose = :purpose")
_MAKE_OWN = text(
    "INSERT INTO own_key (purpose, wrapped, master_id) VALUES (:purpose, :wrapped, :master)"
    " ON CONFLICT (purpose) DO NOTHING"
)
_TOMBSTONES = text(
    "SELECT record_id FROM record_key WHERE record_id = ANY(CAST(:records AS uuid[])) AND wrapped IS NULL"
)


class KeyDestroyed(Exception):
    """The record was erased: its key is gone, and it gets no other."""


class Vault:
    """The records' keys. Threads may share it; `clock` gives seconds that only rise.

    One master key alone may be given as its 32 bytes.
    """

    def __init__(
        self,
        engine: Engine,
        masters: Masters | bytes,
        *,
        random: Random = os.urandom,
        clock: Callable[[], float] = time.monotonic,
        fresh: Callable[[], UUID] = uuid4,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._masters = Given([masters]) if isinstance(masters, bytes) else masters
        self._random = random
        self._clock = clock
        self._fresh = fresh
        self._lock = threading.Lock()
        self._known: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()
        self._own: dict[str, bytes] = {}

    def foreign(self) -> str | None:
        """Why these master keys cannot be this vault's, or None; an empty vault is anybody's."""
        with self._engine.connect() as connection:
            return foreign(connection, self._masters)

    def create(self, record_id: UUID) -> Key:
        """The record's key, made now when it has none. Raises KeyDestroyed."""
        if record_id in (known := self._remembered([record_id])):
            return known[record_id]
        self.create_all([record_id])
        key = self.key(record_id)  # of two that make one at once, the first one's holds
        if key is None:
            raise KeyDestroyed
        return key

    def create_all(self, record_ids: Iterable[UUID]) -> None:
        """Makes keys for those of these records that never had one, in one round trip."""
        made = {record_id: (self._fresh(), self._random(KEY_BYTES)) for record_id in record_ids}
        if not made:
            return
        master = self._masters.wrapping()
        values = {
            "records": list(made),
            "keys": [key_id for key_id, _ in made.values()],
            "wrapped": [master.wrap(secret, record_place(r)) for r, (_, secret) in made.items()],
            "master": master.id,
        }
        made_at = self._clock()
        with self._engine.connect() as connection:
            new = connection.scalars(_CREATE, values).all()
        self._remember({r: Key(*made[r], self._random) for r in new}, made_at)

    def ready(self, record_ids: Iterable[UUID]) -> None:
        """Makes and remembers the keys that these records are about to need, all in two round trips."""
        wanted = set(record_ids)
        missing = wanted - self.keys(wanted).keys()
        if missing:
            self.create_all(missing)
            self.keys(missing)

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
        values = {"record": record_id, "key": self._fresh(), "master": self._masters.wrapping().id}
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
        return digest(self.own("index"), *parts)

    def own(self, purpose: str) -> bytes:
        """The key that this vault keeps for a purpose, made when it is first asked for: 32 bytes.

        It stays the same for ever, whichever master key wraps it: what it made is found and believed again.
        """
        if purpose not in self._own:
            with self._engine.connect() as connection:
                row = connection.execute(_OWN, {"purpose": purpose}).one_or_none()
                if row is None:
                    master = self._masters.wrapping()
                    wrapped = master.wrap(self._random(KEY_BYTES), own_place(purpose))
                    made = {"purpose": purpose, "wrapped": wrapped, "master": master.id}
                    connection.execute(_MAKE_OWN, made)
                    # Read again: of two that make one at once, the first one's holds.
                    row = connection.execute(_OWN, {"purpose": purpose}).one()
            self._own[purpose] = own_of(self._masters, purpose, row.wrapped, row.master_id)
        return self._own[purpose]

    def _unwrap(self, row: Any) -> Key:
        return Key(row.key_id, secret_of(self._masters, row), self._random)

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
