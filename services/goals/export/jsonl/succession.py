"""Whether the events of an export are all there are, in their order."""

from __future__ import annotations

from services.goals.export.jsonl.form import Begun
from services.goals.export.jsonl.proven import Untrue
from services.goals.log.chain import Row


class Succession:
    """Takes the events in turn: those of a record, or of one goal; no gap but for what is withheld."""

    def __init__(self, begun: Begun) -> None:
        self._begun = begun
        self._withheld = frozenset(begun.withheld)
        self._last = 0 if begun.first is None else None
        self._position = 0
        self._events = 0

    def take(self, row: Row) -> None:
        """The next event. Raises Untrue where it is not the one that must follow."""
        begun = self._begun
        if (row.clinic_id, row.record_id) != (begun.clinic_id.bytes, begun.record_id.bytes):
            raise Untrue("is of another record than the export")
        if begun.goal_id is not None and row.stream_id != begun.goal_id.bytes:
            raise Untrue("is of another goal than the export")
        number = row.record_version if begun.goal_id is None else row.version
        following = number if self._last is None else self._after(self._last)
        if number != following:
            raise Untrue(f"is missing: version {following} comes before version {number}")
        if row.position <= self._position:
            raise Untrue("comes after one that was written later")
        self._last, self._position = number, row.position
        self._events += 1

    def missing(self) -> str | None:
        """What is not there once the end has come; None where all is."""
        if self._events != self._begun.events:
            return f"ends {self._events} events, and {self._begun.events} were exported"
        return None

    def _after(self, last: int) -> int:
        following = last + 1
        while following in self._withheld and self._begun.goal_id is None:
            following += 1
        return following
