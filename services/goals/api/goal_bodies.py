"""The bodies of what is asked about goals and wins, by the names of the events' fields."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from marshmallow import ValidationError, fields, post_load

from services.goals.api.bodies import (
    AGREED,
    REASON_CODES,
    Body,
    CadenceBody,
    at_most,
    needed,
    there,
    unique,
)
from services.goals.api.fields import Choice, Id, Instant, Line, LocalDay, Locale, Quantity, Text, Whole
from services.goals.api.fields import Flag as TrueOrFalse
from shared.events import (
    AdjustmentKind,
    Change,
    Measure,
    MeasureKind,
    Outcome,
    Rater,
    ReviewOutcome,
    Theme,
    WinKind,
)


class MeasureBody(Body):
    """What is counted; `period` only where the kind is per_period."""

    kind = Choice(*get_args(MeasureKind), **needed())
    unit = Line(40, **needed())
    period = Choice("day", "week")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Measure:
        """The measure."""
        return Measure(**data)


class DraftBody(Body):
    """A goal in the client's own words, not yet SMART."""

    status = Choice("draft", **needed())
    theme = Choice(*get_args(Theme))
    statement = Text()
    reflection = Text()


class GoalBody(DraftBody):
    """The whole SMART goal, active from now on."""

    status = Choice("active", **needed())
    specific = Text(**needed())
    measure = fields.Nested(MeasureBody, **needed())
    baseline = Quantity()
    target = Quantity(**needed())
    confidence = Whole(0, 10, **needed())
    relevance = Text(**needed())
    start_on = LocalDay()
    end_on = LocalDay(**needed())
    review_on = fields.List(LocalDay(), validate=[unique, at_most(53)])
    cadence = fields.Nested(CadenceBody)
    if_then = Text()
    focus = TrueOrFalse(load_default=False)
    agreed = Choice(*AGREED)


class WordingBody(Body):
    """A goal as far as it is written; the advice is given in `locale`."""

    locale = Locale(load_default="en")
    statement = Text()
    specific = Text()
    measure = fields.Nested(MeasureBody)
    baseline = Quantity()
    target = Quantity()
    confidence = Whole(0, 10)
    relevance = Text()
    start_on = LocalDay()
    end_on = LocalDay()


class StatusBody(Body):
    """Which of the two it is."""

    status = Choice("draft", "active", **needed())


ADJUSTED = {
    name: GoalBody().load_fields[name]
    for name in (
        "specific", "measure", "baseline", "target", "confidence", "relevance", "start_on", "end_on",
        "review_on", "cadence", "if_then",
    )
}  # fmt: skip
"""How the value of each field that an adjustment may change is read."""


class ChangeBody(Body):
    """One field of a goal, from one whole value to another."""

    field = Choice(*ADJUSTED, **needed())
    from_ = fields.Raw(data_key="from", allow_none=True, **there("What it has now is needed; null is none."))
    to = fields.Raw(allow_none=True, **there("What it gets is needed; null is none."))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Change:
        """The change, its values in their one form."""
        name = data["field"]
        return Change(name, _whole(name, data["from_"], "from"), _whole(name, data["to"], "to"))


class AdjustmentBody(Body):
    """Fields of an active goal, from what they are to something else, for a reason."""

    kind = Choice(*get_args(AdjustmentKind), **needed())
    changes = fields.List(fields.Nested(ChangeBody), validate=[at_most(len(ADJUSTED))], **needed())
    reason_code = Choice(*REASON_CODES, **needed())
    reason = Text()
    effective_on = LocalDay()
    agreed = Choice(*AGREED)
    time = Instant()

    @post_load
    def at_least_one(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An adjustment changes something."""
        if not data["changes"]:
            raise ValidationError("At least one change is needed.", "changes")
        return data


class FocusBody(Body):
    """A goal comes into focus, or leaves it; `reason` overrides how many may be in focus at once."""

    from_ = TrueOrFalse(data_key="from", **needed())
    to = TrueOrFalse(**needed())
    reason = Text()
    time = Instant()


class PracticeBody(Body):
    """She practised; without `on` it is today, where she is."""

    on = LocalDay()
    quantity = Quantity(load_default=1)
    note = Text()
    time = Instant()


class WinBody(Body):
    """Something worth holding on to."""

    kind = Choice(*get_args(WinKind), load_default="other")
    text = Text()
    on = LocalDay()
    time = Instant()


class RatingBody(Body):
    """How far it feels; `rater` is who says it, when it is not who sends it."""

    value = Whole(0, 10, **needed())
    rater = Choice(*get_args(Rater))
    session_id = Id()
    time = Instant()


class ReviewBody(Body):
    """What came of looking at the goal together."""

    review_on = LocalDay(**needed())
    outcome = Choice(*get_args(ReviewOutcome), **needed())
    note = Text()
    time = Instant()


class PauseBody(Body):
    """The goal rests; `until` is the last day of it."""

    until = LocalDay()
    reason_code = Choice(*REASON_CODES)
    reason = Text()
    time = Instant()


class ClosureBody(Body):
    """How a goal ends."""

    outcome = Choice("achieved", *get_args(Outcome), **needed())
    agreed = Choice(*AGREED)
    reason_code = Choice(*REASON_CODES)
    reason = Text()
    learned = Text()
    time = Instant()


def _whole(name: str, value: Any, side: str) -> Any:
    """A field's value in the form that the log keeps; null is none."""
    if value is None:
        return None
    try:
        read = ADJUSTED[name].deserialize(value)
    except ValidationError as error:
        raise ValidationError({side: error.messages}) from error
    return msgspec.to_builtins(read)
