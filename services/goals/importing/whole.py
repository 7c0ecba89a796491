"""An export of ours, read again: each client's record with all its events, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from services.goals.importing.bad import Bad
from services.goals.importing.lines import Line
from shared.events import ClientErased, Recorded
from shared.upcasting import UnknownEvent
from shared.wire import from_cloudevent

NO_EVENT = "It is no event as the feed and an export give it."
NOT_WHOLE = "An event of hers is missing before this one: a record is imported whole, from its first."
ERASED = "She was erased: nothing of her can be read, and nothing is imported."


@dataclass
class Whole:
    """A client's record as a file has it, event after event."""

    line: int
    client_id: UUID
    told: list[tuple[int, Recorded]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


def is_event(said: dict[str, Any]) -> bool:
    """Whether a line is an event; an export has lines about itself besides."""
    return "specversion" in said


def records(lines: Iterable[Line]) -> Iterator[Whole]:
    """Each record of the file, with what is bad among its lines; those of one stand together."""
    seen: set[UUID] = set()
    now: Whole | None = None
    for line in lines:
        if not isinstance(line.said, Bad) and not is_event(line.said):
            continue
        event = line.said if isinstance(line.said, Bad) else _event(line.number, line.said)
        if isinstance(event, Bad):
            now = now or Whole(line.number, UUID(int=0))
            now.bad.append(event)
            continue
        if now is None or event.record_id != now.client_id:
            if now is not None:
                yield now
            now = Whole(line.number, event.record_id)
            if event.record_id in seen:
                now.bad.append(Bad(line.number, "partitionkey", "All lines of a record stand together."))
            seen.add(event.record_id)
        _take(now, line.number, event)
    if now is not None:
        yield now


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
    except (msgspec.ValidationError, KeyError, TypeError, ValueError, AttributeError):
        return Bad(number, None, NO_EVENT)


def _named(error: UnknownEvent) -> str:
    """The type, where it has the form of one; anything else may be words."""
    name = str(error)
    return name if name.startswith("cairn.") and name.isascii() and len(name) < 80 else "this event"
