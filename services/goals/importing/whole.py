"""An export of ours, read again: each client's record with all its events, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.goals.export.jsonl.form import BEGUN, ENDED
from services.goals.importing.bad import Bad
from services.goals.importing.lines import Line
from shared.events import ClientErased, Recorded
from shared.upcasting import UnknownEvent
from shared.wire import BadEvent, from_cloudevent

NO_EVENT = "It is no event as the feed and an export give it."
NOT_WHOLE = "An event of hers is missing before this one: a record is imported whole, from its first."
CUT_OFF = "The export does not come to its end: the file was cut off."
ERASED = "She was erased: nothing of her can be read, and nothing is imported."


@dataclass
class Whole:
    """A client's record as a file has it, event after event."""

    line: int
    client_id: UUID
    told: list[tuple[int, Recorded]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


def is_ours(said: dict[str, Any]) -> bool:
    """Whether a line is of an export of ours: an event, or one about the export itself."""
    return "specversion" in said


def records(lines: Iterable[Line]) -> Iterator[Whole]:
    """Each record of the file, with what is bad among its lines; those of one stand together."""
    reading = _Reading()
    for line in lines:
        before = reading.take(line)
        if before is not None:
            yield before
    if reading.now is not None:
        reading.must_have_ended()
        yield reading.now


class _Reading:
    def __init__(self) -> None:
        self.now: Whole | None = None
        self.last = 0
        self._seen: set[UUID] = set()
        self._open = False

    def take(self, line: Line) -> Whole | None:
        """The record before, where this line begins another."""
        self.last = line.number
        about = None if isinstance(line.said, Bad) else line.said.get("type")
        if about in (BEGUN, ENDED):
            if about == BEGUN:
                self.must_have_ended()
            self._open = about == BEGUN
            return None
        event = line.said if isinstance(line.said, Bad) else _event(line.number, line.said)
        if isinstance(event, Bad):
            self.now = self.now or Whole(line.number, UUID(int=0))
            self.now.bad.append(event)
            return None
        before = self.now
        if before is None or event.record_id != before.client_id:
            self.now = Whole(line.number, event.record_id)
            if event.record_id in self._seen:
                self.now.bad.append(Bad(line.number, "partitionkey", "All lines of a record stand together."))
            self._seen.add(event.record_id)
        else:
            before = None
        assert self.now is not None
        _take(self.now, line.number, event)
        return before

    def must_have_ended(self) -> None:
        """Says so, where an export has begun and not come to its end."""
        if self._open and self.now is not None:
            self.now.bad.append(Bad(self.last, None, CUT_OFF))


def _take(whole: Whole, number: int, event: Recorded) -> None:
    if isinstance(event.data, ClientErased):
        whole.bad.append(Bad(number, None, ERASED))
    if event.record_version != len(whole.told) + 1:
        if not whole.bad:
            whole.bad.append(Bad(number, "recordversion", NOT_WHOLE))
        return
    whole.told.append((number, event))


def _event(number: int, said: dict[str, Any]) -> Recorded | Bad:
    try:
        return from_cloudevent(said)
    except UnknownEvent as error:
        return Bad(number, "type", f"This version does not know {_named(error)}; import with the newest.")
    except BadEvent:
        return Bad(number, None, NO_EVENT)


def _named(error: UnknownEvent) -> str:
    """The type, where it has the form of one; anything else may be words."""
    name = str(error)
    return name if name.startswith("cairn.") and name.isascii() and len(name) < 80 else "this event"
