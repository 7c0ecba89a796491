"""A record's events as rows: what was done, when, by whom, and each field from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.goals.export.fhir.chosen import Chosen
from services.goals.export.sheet.words import CODES, word
from services.goals.rules.voids import voided_by
from shared.events import CareEnded, Change, GoalAdjusted, Recorded
from shared.personal import SEALED_FIELDS, SEALED_GOAL_FIELDS

COLUMNS = ("recorded", "true at", "who", "way", "goal", "what", "field", "from", "to", "reason", "taken back")
OF_THE_ROW = frozenset({"reason", "reason_code", "changes", "via", "on", "effective_on"})
"""Fields that have a column of their own, or say again what one says."""
OF_THE_LOG = frozenset({"epoch", "ruleset", "evidence", "message_ref", "text_version"})
"""Fields that tell a program something, and a reader nothing; so do ids."""

CHOSEN = frozenset({"theme"})
"""Personal fields that are nevertheless a word of ours: one of a few was chosen."""

Row = tuple[str, ...]


class Sheet:
    """Makes the rows of one record, in her language and her time."""

    def __init__(self, events: Sequence[Recorded], locale: str, zone: str, names: Mapping[str, str]) -> None:
        self._events = events
        self._locale = locale
        self._zone = ZoneInfo(zone)
        self._names = names
        """By their ids, who is named: the staff, and herself."""
        own = dict.fromkeys(event.stream_id for event in events if event.stream_id != event.record_id)
        self._goals = {goal_id: str(number) for number, goal_id in enumerate(own, 1)}
        self._voided = {
            fact: event.time
            for event in events
            if (fact := voided_by(event.stream_id, event.data)) is not None
        }

    def head(self) -> Row:
        """The names of the columns; the times are in her zone, which is said."""
        zone = str(self._zone)
        return tuple(
            f"{self._say(name)} ({zone})" if name in ("recorded", "true at") else self._say(name)
            for name in COLUMNS
        )

    def rows(self, chosen: Chosen) -> Iterator[Row]:
        """One row a change; one for what changes nothing else than that it happened."""
        for event in self._events:
            if chosen.goal_id in (None, event.stream_id) and chosen.holds(event.recorded_at):
                for field, before, after in self._changes(event) or [("", "", "")]:
                    yield self._row(event, field, before, after)

    def _row(self, event: Recorded, field: str, before: str, after: str) -> Row:
        actor, data = event.actor, event.data
        reasons = (getattr(data, "reason_code", None), getattr(data, "reason", None))
        coded = self._say(reasons[0]) if reasons[0] else ""
        voided = self._voided.get(event.event_id)
        return (
            self._at(event.recorded_at),
            self._true_at(event),
            self._names.get(actor.id, self._say(actor.kind)),
            self._say(actor.via),
            self._goals.get(event.stream_id, ""),
            self._say(data.TYPE.removeprefix("cairn.").rpartition(".")[0]),
            self._say(field) if field else "",
            before,
            after,
            ": ".join(part for part in (coded, self._why(data, reasons[1])) if part),
            self._at(voided) if voided else "",
        )

    def _changes(self, event: Recorded) -> list[tuple[str, str, str]]:
        data = event.data
        changes = data.changes if isinstance(data, GoalAdjusted) else _fields(data)
        whole = SEALED_GOAL_FIELDS if isinstance(data, GoalAdjusted) else frozenset()
        hers = (SEALED_FIELDS[type(data)] | whole) - CHOSEN
        return [
            (c.field, _words(c.from_), _words(c.to))
            if c.field in hers
            else (c.field, self._text(c.from_), self._text(c.to))
            for c in changes
        ]

    def _why(self, data: msgspec.Struct, reason: str | None) -> str:
        """The reason as it was written; why care ended is one of a few, and a word of ours."""
        return self._text(reason) if isinstance(data, CareEnded) else _words(reason)

    def _true_at(self, event: Recorded) -> str:
        day = getattr(event.data, "effective_on", None) or getattr(event.data, "on", None)
        return str(day) if day else self._at(event.time)

    def _at(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def _say(self, code: str) -> str:
        return word(code, self._locale)

    def _text(self, value: Any) -> str:
        """A value as one reads it; a code of ours in words, what somebody wrote as it stands."""
        match value:
            case None:
                return ""
            case bool():
                return self._say("yes" if value else "no")
            case datetime():
                return self._at(value)
            case UUID():
                return self._names.get(str(value), str(value))
            case dict():
                parts = ((name, part) for name, part in value.items() if part is not None)
                return " ".join(part if name == "unit" else self._text(part) for name, part in parts)
            case list() | tuple():
                return ", ".join(self._text(part) for part in value)
            case msgspec.Struct():
                return self._text(msgspec.structs.asdict(value))
            case _:
                text = str(value)
                return self._say(text) if text in CODES else text


def _words(value: str | None) -> str:
    """What somebody wrote, as it stands."""
    return value or ""


def _fields(data: msgspec.Struct) -> list[Change]:
    """What an event sets, each from nothing; but a change of focus says from what."""
    values = {f.encode_name: getattr(data, f.name) for f in msgspec.structs.fields(type(data))}
    if "from" in values:
        return [Change("focus", values["from"], values["to"])]
    return [
        Change(name, None, value)
        for name, value in values.items()
        if value not in (None, ())
        and not name.endswith("_id")
        and name not in OF_THE_ROW
        and name not in OF_THE_LOG
    ]
