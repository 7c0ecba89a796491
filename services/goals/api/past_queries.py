"""What may be asked of the past: a moment, a version, an axis, and which entries of a history."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from services.goals.api.bodies import needed
from services.goals.api.fields import Choice, Id, Instant, LocalDay
from services.goals.api.queries import PageQuery, Query
from services.goals.rules.choosing import KINDS
from shared.events import ActorKind, AdjustmentKind, ReasonCode, Via

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERSION = re.compile(r"[0-9]{1,18}")
_UNESCAPED = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")
"""Where the plus of a zone stood: in an address an unescaped + is a space."""
_ID = re.compile(r"[0-9a-f-]{36}", re.IGNORECASE)

AXIS = "What was `known` then (by when it was recorded), or what was `true` then by all that is known now."
SEVERAL = "Several with commas between."
ADJUSTMENTS: tuple[str, ...] = get_args(AdjustmentKind)
ACTORS: tuple[str, ...] = get_args(ActorKind)


class When(fields.Field[date | datetime]):
    """A time with its zone, or a day."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date | datetime:
        text = _UNESCAPED.sub("+", str(value))
        return LocalDay().deserialize(text) if _DAY.fullmatch(text) else Instant().deserialize(text)


class Version(fields.Field[int]):
    """A version of a goal's stream."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not _VERSION.fullmatch(str(value)):
            raise ValidationError("A version is expected: a whole number, as in the goal's history.")
        return int(value)


class Point(fields.Field[int | date | datetime]):
    """A version, a time with its zone, or a day."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | date | datetime:
        return int(value) if _VERSION.fullmatch(str(value)) else When().deserialize(value)


class Words(fields.Field[frozenset[str]]):
    """One or more words that are known, with commas between; an id too where `or_id` is set."""

    def __init__(self, *words: str, right: str = "", or_id: bool = False) -> None:
        self.words, self.or_id = frozenset(words), or_id
        self.right = right or f"one of {', '.join(words)}"
        super().__init__(metadata={"description": f"{self.right[0].upper()}{self.right[1:]}. {SEVERAL}"})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[str]:
        return frozenset(self._word(part) for part in str(value).split(","))

    def _word(self, part: str) -> str:
        if part in self.words:
            return part
        if self.or_id and _ID.fullmatch(part):
            named: UUID = Id().deserialize(part)
            return str(named)
        raise ValidationError(f"What is expected is {self.right}.")


def _axis(what: str = AXIS) -> Choice:
    return Choice("known", "true", metadata={"description": what, "default": "known"})


class AsOfQuery(Query):
    """A moment of the past; none is now."""

    as_of = When(
        metadata={
            "description": "A time, or a day (to its end, where she was): as it was then; else as it is now."
        }
    )
    axis = _axis()


class GoalQuery(AsOfQuery):
    """A moment, or a version."""

    version = Version(
        metadata={"description": "As it was at this version of its history; not together with `as_of`."}
    )

    @validates_schema
    def one_of_them(self, query: dict[str, Any], **_: Any) -> None:
        """A version is a moment already."""
        if "version" in query and "as_of" in query:
            raise ValidationError("version and as_of both say when: give one of them.", "version")


class DifferenceQuery(Query):
    """From when to when."""

    from_ = Point(
        data_key="from",
        **needed(),
        metadata={"description": "A version, a time, or a day (to its end, where she was)."},
    )
    to = Point(metadata={"description": "The same, and not before `from`; else now."})
    axis = _axis()


class HistoryQuery(PageQuery):
    """A page of a history, and which of its entries."""

    kind = Words(
        *KINDS,
        *KINDS.values(),
        *ADJUSTMENTS,
        right=f"a type, such as goal.adjusted, or a kind of adjustment: {', '.join(ADJUSTMENTS)}",
    )
    person = Words(*ACTORS, right=f"the id of a person, or one of {', '.join(ACTORS)}", or_id=True)
    reason = Words(*get_args(ReasonCode))
    way = Words(*get_args(Via))
    from_ = When(
        data_key="from", metadata={"description": "From this time on, or from the beginning of this day."}
    )
    to = When(metadata={"description": "Up to this time, or to the end of this day."})
    axis = _axis(f"Of which time `from` and `to` speak. {AXIS}")
