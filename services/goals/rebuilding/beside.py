"""The tables beside the live ones: what is put there for each record, and the swap.

The service's role has them under row-level security, clinic by clinic, as it has the live ones. What a killed
rebuild left there is nobody's, and the next one begins by emptying them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, text

from services.goals.log.stored import state_place
from services.goals.rebuilding.built import Built
from services.goals.rebuilding.compare import digests
from shared import arrays
from shared.sealing import Key
from shared.vault import Vault

COLUMNS = "stream_id, record_id, clinic_id, kind, version, record_version, state"
"""Of a state."""

_EMPTY = text("TRUNCATE cairn.rebuilt_record, cairn.rebuilt_current, cairn.rebuilt_address")
_FOR_CLINIC = text("SELECT set_config('cairn.clinic', CAST(:clinic AS text), true)")
_FORGET = [
    text(f"DELETE FROM cairn.{table} WHERE record_id = ANY(CAST(:records AS uuid[]))")  # noqa: S608  our own
    for table in ("rebuilt_record", "rebuilt_current", "rebuilt_address")
]
_RECORDS = text(
    "INSERT INTO cairn.rebuilt_record (clinic_id, record_id)"
    " SELECT :clinic, record FROM unnest(CAST(:records AS uuid[])) AS record"
)
_STATES = text(
    f"INSERT INTO cairn.rebuilt_current ({COLUMNS})"  # noqa: S608  our own columns
    " SELECT stream, record, :clinic, kind, version, record_version, state FROM unnest("
    " CAST(:streams AS uuid[]), CAST(:of_records AS uuid[]), CAST(:kinds AS text[]),"
    " CAST(:versions AS int8[]), CAST(:record_versions AS int8[]), CAST(:states AS bytea[]))"
    " AS made (stream, record, kind, version, record_version, state)"
)
_ADDRESSES = text(
    "INSERT INTO cairn.rebuilt_address (clinic_id, channel, digest, record_id)"
    " SELECT :clinic, channel, digest, record FROM unnest("
    " CAST(:channels AS text[]), CAST(:digests AS bytea[]), CAST(:holders AS uuid[]))"
    " AS made (channel, digest, record)"
)
_TAKE_OUT = [
    text(
        f"DELETE FROM cairn.{table} kept USING cairn.rebuilt_record made"  # noqa: S608  our own tables
        " WHERE kept.record_id = made.record_id"
    )
    for table in ("current", "address")
]
_PUT_IN = [
    text(f"INSERT INTO cairn.current ({COLUMNS}) SELECT {COLUMNS} FROM cairn.rebuilt_current"),  # noqa: S608  our own columns
    text(
        "INSERT INTO cairn.address (clinic_id, channel, digest, record_id)"
        " SELECT clinic_id, channel, digest, record_id FROM cairn.rebuilt_address"
    ),
]


class Beside:
    """What is to take the place of the live rows of some records, once it is swapped in."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._vault = vault
        self._held: set[tuple[UUID, UUID]] = set()

    def __len__(self) -> int:
        """How many records are held."""
        return len(self._held)

    def empty(self) -> None:
        """Leaves nothing there."""
        with self._engine.begin() as connection:
            connection.execute(_EMPTY)
        self._held.clear()

    def hold(self, made: Sequence[tuple[Built, Key | None]]) -> None:
        """Holds what each of these records comes to, in place of what was held of it."""
        by_clinic: dict[UUID, list[tuple[Built, Key | None]]] = defaultdict(list)
        for built, key in made:
            by_clinic[built.clinic_id].append((built, key))
        self.let_go((built.clinic_id, built.record_id) for built, _ in made)
        with self._engine.begin() as connection:
            for clinic_id, records in by_clinic.items():
                connection.execute(_FOR_CLINIC, {"clinic": clinic_id})
                self._put(connection, clinic_id, records)
        self._held |= {(built.clinic_id, built.record_id) for built, _ in made}

    def let_go(self, records: Iterable[tuple[UUID, UUID]]) -> None:
        """Holds nothing of these records of clinics: what is live is right."""
        by_clinic: dict[UUID, list[UUID]] = defaultdict(list)
        for clinic_id, record_id in self._held.intersection(records):
            by_clinic[clinic_id].append(record_id)
        if not by_clinic:
            return
        with self._engine.begin() as connection:
            for clinic_id, of_clinic in by_clinic.items():
                connection.execute(_FOR_CLINIC, {"clinic": clinic_id})
                for statement in _FORGET:
                    connection.execute(statement, {"records": of_clinic})
        self._held -= {(clinic_id, record_id) for clinic_id, of in by_clinic.items() for record_id in of}

    def swap(self, connection: Connection) -> None:
        """Puts what is held in the place of what is live; the transaction has the lock of the live tables."""
        clinics = sorted({clinic_id for clinic_id, _ in self._held})
        # First all out, then all in: what was kept under the wrong clinic would stand in the way.
        for statements in (_TAKE_OUT, _PUT_IN):
            for clinic_id in clinics:
                connection.execute(_FOR_CLINIC, {"clinic": clinic_id})
                for statement in statements:
                    connection.execute(statement)
        connection.execute(_EMPTY)

    def _put(
        self, connection: Connection, clinic_id: UUID, records: Sequence[tuple[Built, Key | None]]
    ) -> None:
        ids = [built.record_id for built, _ in records]
        connection.execute(_RECORDS, {"clinic": clinic_id, "records": arrays.ids(ids)})
        states = [
            (stream_id, built, state, key)
            for built, key in records
            if key is not None
            for stream_id, state in built.states.items()
        ]
        values = {
            "clinic": clinic_id,
            "streams": arrays.ids(stream_id for stream_id, *_ in states),
            "of_records": arrays.ids(built.record_id for _, built, *_ in states),
            "kinds": arrays.texts(state.kind for *_, state, _ in states),
            "versions": arrays.numbers(state.version for *_, state, _ in states),
            "record_versions": arrays.numbers(built.version for _, built, *_ in states),
            "states": arrays.blobs(
                key.seal(msgspec.json.encode(state.state), state_place(stream_id, state.version))
                for stream_id, _, state, key in states
            ),
        }
        connection.execute(_STATES, values)
        held = [(built.record_id, claim) for built, _ in records for claim in digests(built, self._vault)]
        addresses = {
            "clinic": clinic_id,
            "channels": arrays.texts(channel for _, (_, channel, _) in held),
            "digests": arrays.blobs(digest for _, (_, _, digest) in held),
            "holders": arrays.ids(record_id for record_id, _ in held),
        }
        connection.execute(_ADDRESSES, addresses)
