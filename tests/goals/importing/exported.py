"""Records as an export of ours has them: the real one, and one that is made of events alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.goals.beats import House
from services.goals.export.fhir.chosen import Chosen
from services.goals.export.jsonl.made import made
from services.goals.log.proven import record
from services.goals.rules.access import Who
from services.goals.seals.folder import Folder
from services.goals.seals.published import Published
from shared.events import Recorded
from shared.wire import to_cloudevent
from tests import controls as c
from tests.goals.asking import ANA

Lines = list[dict[str, Any]]


def exported(house: House, client: UUID, place: Path, who: Who = ANA, chosen: Chosen | None = None) -> Lines:
    """Her record as somebody exports it, by a house that has sealed nothing yet."""
    events = record(house.engine, house.vault, c.CLINIC, client)
    lines = made(
        house.engine, Published(Folder(place / "seals"), ()).proving, events, who, chosen or Chosen(),
        purpose="transfer", key=b"s" * 32, now=house.now(), export_id=uuid4(),
    )  # fmt: skip
    return [json.loads(line) for line in lines]


def as_exported(events: Iterable[Recorded]) -> Lines:
    """The lines of these events, without proofs."""
    return [_line(event) for event in events]


def _line(event: Recorded) -> dict[str, Any]:
    item = to_cloudevent(event, msgspec.to_builtins(event.data), None, granted=False)
    line: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(item))
    return line
