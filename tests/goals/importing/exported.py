"""A record as an export of ours has it: a CloudEvent a line, all that is personal in clear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from shared.events import Recorded
from shared.wire import to_cloudevent


def exported(events: Iterable[Recorded]) -> list[dict[str, Any]]:
    """The lines of these events."""
    return [_line(event) for event in events]


def _line(event: Recorded) -> dict[str, Any]:
    item = to_cloudevent(event, msgspec.to_builtins(event.data), None, granted=False)
    line: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(item))
    return line
