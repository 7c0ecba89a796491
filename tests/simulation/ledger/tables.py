"""The tables of the reminder database in memory: rows by their keys, and a way back for a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from tests.simulation.ledger import rows
from tests.simulation.ledger.rows import Row

R = TypeVar("R", bound=Row)
Undo = list[tuple["Table[Any]", Hashable, Any]]


class Table(Generic[R]):
    """Rows by their primary key, and those of each value of `by`, in the order in which they came."""

    def __init__(self, shape: type[R], undo: Undo, by: str | None = None) -> None:
        self.shape = shape
        self.rows: dict[Hashable, R] = {}
        self.groups: dict[Any, dict[Hashable, None]] = defaultdict(dict)
        self._by = by
        self._undo = undo

    def get(self, key: Hashable) -> R | None:
        """The row of this key."""
        return self.rows.get(key)

    def put(self, key: Hashable, row: R) -> None:
        """Writes a row whole."""
        old = self.rows.get(key)
        self._undo.append((self, key, old))
        self._set(key, old, row)

    def change(self, key: Hashable, row: R, **changes: Any) -> R:
        """Another row in its place."""
        new = replace(row, **changes)
        self._undo.append((self, key, row))
        self._set(key, row, new)
        return new

    def drop(self, key: Hashable) -> None:
        """Removes a row."""
        old = self.rows.get(key)
        if old is not None:
            self._undo.append((self, key, old))
            self._set(key, old, None)

    def of(self, value: Any) -> Iterator[R]:
        """The rows whose `by` is this."""
        return (self.rows[key] for key in tuple(self.groups.get(value, ())))

    def all(self) -> list[R]:
        """Every row."""
        return list(self.rows.values())

    def restore(self, key: Hashable, old: R | None) -> None:
        """Takes a change back."""
        self._set(key, self.rows.get(key), old)

    def _set(self, key: Hashable, old: R | None, new: R | None) -> None:
        if self._by is not None:
            before = getattr(old, self._by) if old is not None else None
            after = getattr(new, self._by) if new is not None else None
            if old is not None and (new is None or before != after):
                del self.groups[before][key]
            if new is not None and (old is None or before != after):
                self.groups[after][key] = None
        if new is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = new


class Messages(Table[rows.Message]):
    """Messages by client, and the keys of those that somebody may have to take up: by state, and to ask."""

    def __init__(self, undo: Undo) -> None:
        super().__init__(rows.Message, undo, "client_id")
        self.in_state: dict[str, dict[Hashable, None]] = defaultdict(dict)
        self.to_ask: dict[Hashable, None] = {}
        self.moved: list[tuple[rows.Message | None, rows.Message | None]] = []
        """Each change of a state since somebody last looked."""

    def _set(self, key: Hashable, old: rows.Message | None, new: rows.Message | None) -> None:
        super()._set(key, old, new)
        before, after = old.state if old else None, new.state if new else None
        if before != after:
            self.moved.append((old, new))
            if before is not None:
                del self.in_state[before][key]
            if after is not None:
                self.in_state[after][key] = None
        if new is not None and new.reconcile_at is not None:
            self.to_ask[key] = None
        else:
            self.to_ask.pop(key, None)

    def states(self, *states: str) -> list[rows.Message]:
        """Those in one of these."""
        return [self.rows[key] for state in states for key in self.in_state.get(state, ())]


class Tables:
    """All of them. What is done since `keep` is undone by `undo`."""

    def __init__(self) -> None:
        log: Undo = []
        self._log = log
        self.checkpoint = Table(rows.Checkpoint, log)
        self.parked_record = Table(rows.ParkedRecord, log)
        self.parked_event = Table(rows.ParkedEvent, log, "record_id")
        self.clinic = Table(rows.Clinic, log)
        self.person = Table(rows.Person, log)
        self.reminder = Table(rows.Reminder, log, "client_id")
        self.prompt = Table(rows.Prompt, log, "client_id")
        self.digest = Table(rows.Digest, log)
        self.occasion = Table(rows.Occasion, log, "client_id")
        self.message = Messages(log)
        self.link = Table(rows.Link, log, "message_id")
        self.direct = Table(rows.Direct, log)
        self.callback = Table(rows.Callback, log)
        self.opt_out = Table(rows.OptOut, log)
        self.dead_address = Table(rows.DeadAddress, log)
        self.contact = Table(rows.Contact, log, "client_id")
        self.inbound = Table(rows.Inbound, log, "client_id")
        self.quiet = Table(rows.Quiet, log, "client_id")
        self.question = Table(rows.Question, log, "client_id")
        self.flag = Table(rows.Flag, log)
        self.outgoing = Table(rows.Outgoing, log, "record_id")
        self.erased = Table(rows.Erased, log)
        self.hold = Table(rows.Hold, log)
        self.sequence = 0
        """The last number that `outgoing` gave; one that is given is not given again."""
        for lane in range(256):
            self.checkpoint.rows[lane] = rows.Checkpoint(lane)
        self.hold.rows[True] = rows.Hold()

    def keep(self) -> None:
        """What was done is done."""
        self._log.clear()

    def undo(self) -> None:
        """As it was."""
        for table, key, old in reversed(self._log):
            table.restore(key, old)
        self._log.clear()
        self.message.moved.clear()

    def named(self) -> dict[str, Table[Any]]:
        """Each by its name here."""
        return {name: one for name, one in vars(self).items() if isinstance(one, Table)}
