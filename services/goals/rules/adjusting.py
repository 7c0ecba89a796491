"""Adjusting a goal: which fields, from what to what, and why."""

from __future__ import annotations

import msgspec

from services.goals.rules.commands.goal import AdjustGoal
from services.goals.rules.goal import ADJUSTABLE, Goal, evolve, typed
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Invalid, Refused
from services.goals.rules.smart import check_amounts, check_parts
from shared.events import Agreed, Change, GoalAdjusted, Measure

OPTIONAL = ("baseline", "cadence", "if_then")
AMOUNTS = ("baseline", "target")
"""What is counted in the measure."""


def adjust(record: Record, command: AdjustGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Changes fields of an active or paused goal (invariant 4)."""
    goal = record.known_goal(command.goal_id)
    today = local_day(moment.now, record.known_client().time_zone)
    agreed: Agreed = command.agreed or ("client" if moment.actor.kind == "client" else "therapist")

    def build(seen: GoalAdjusted | None) -> GoalAdjusted:
        return GoalAdjusted(
            adjustment_id=command.adjustment_id,
            kind=command.kind,
            changes=tuple(sorted(command.changes, key=lambda change: change.field)),
            reason_code=command.reason_code,
            reason=command.reason,
            effective_on=command.effective_on or (seen.effective_on if seen else today),
            epoch=seen.epoch if seen else _epoch(goal, command),
            agreed=agreed,
        )

    if moment.actor.kind != "client" and not command.reason:
        raise Invalid("Say why, in words: the client can read it.", "#/reason")
    proposed = fact(record, command, build, moment)
    if proposed:
        _check(goal, command, proposed)
    return proposed


def _check(goal: Goal, command: AdjustGoal, proposed: tuple[Proposed, ...]) -> None:
    if goal.status not in ("active", "paused"):
        raise Refused(f"This goal is {goal.status}; only one that is set and not closed can be adjusted.")
    if not command.changes:
        raise Invalid("At least one change is needed.", "#/changes")
    anew = _epoch(goal, command) != goal.epoch
    seen: set[str] = set()
    for index, change in enumerate(command.changes):
        pointer = f"#/changes/{index}"
        if change.field not in ADJUSTABLE:
            known = ", ".join(sorted(ADJUSTABLE))
            raise Invalid(f"A goal has no field to adjust by that name; it has {known}.", f"{pointer}/field")
        if change.field in seen:
            raise Invalid("A field is changed once in an adjustment.", f"{pointer}/field")
        seen.add(change.field)
        _check_change(goal, change, pointer, restated=anew and change.field in AMOUNTS)
    after = evolve(goal, goal.goal_id, goal.client_id, proposed[0].data, proposed[0].time, proposed[0].by)
    assert after.measure
    assert after.start_on
    assert after.end_on
    assert after.target is not None
    _check_target(goal.measure, after.measure, seen, _pointer(command, "#/measure"))
    try:
        check_amounts(after.measure, after.baseline, after.target)
        check_parts(after.measure, after.start_on, after.end_on, after.review_on)
    except Invalid as wrong:
        raise Invalid(wrong.detail, _pointer(command, wrong.pointer)) from wrong
    holds_on = command.effective_on
    if holds_on is not None and not after.start_on <= holds_on <= after.end_on:
        raise Invalid(
            f"effective_on is a day of the goal: {after.start_on} to {after.end_on}.", "#/effective_on"
        )


def _check_change(goal: Goal, change: Change, pointer: str, *, restated: bool) -> None:
    """With another measure an amount may be `restated`: 2 of something else is another 2."""
    try:
        before = typed(change.field, change.from_)
    except msgspec.ValidationError as error:
        raise Invalid(f"from is not a {change.field}: {error}", f"{pointer}/from") from error
    try:
        after = typed(change.field, change.to)
    except msgspec.ValidationError as error:
        raise Invalid(f"to is not a {change.field}: {error}", f"{pointer}/to") from error
    if after is None and change.field not in OPTIONAL:
        raise Invalid(f"{change.field} is one of the SMART parts; it cannot be empty.", f"{pointer}/to")
    if change.field == "confidence" and not 0 <= change.to <= 10:
        raise Invalid("confidence is a whole number from 0 to 10.", f"{pointer}/to")
    if before != getattr(goal, change.field):
        raise Refused(f"from is not what {change.field} is now.", f"{pointer}/from")
    if after == before and not restated:
        raise Refused(f"{change.field} is so already; to must differ from from.", f"{pointer}/to")


def _pointer(command: AdjustGoal, part: str | None) -> str:
    """Where in the adjustment a part of the goal became wrong: at its own change, else at the first."""
    field = (part or "").removeprefix("#/").partition("/")[0]
    fields = [change.field for change in command.changes]
    return f"#/changes/{fields.index(field) if field in fields else 0}/to"


def _check_target(before: Measure | None, after: Measure, changed: set[str], pointer: str) -> None:
    """A number of times is no number of a scale, so that the one is not carried over as the other."""
    if before is None or "target" in changed or "rating" not in (before.kind, after.kind):
        return
    if before.kind != after.kind:
        raise Refused(f"A target of {before.kind} is none of {after.kind}: change target as well.", pointer)


def _epoch(goal: Goal, command: AdjustGoal) -> int:
    """Another kind, unit or period of the measure starts a new epoch (invariant 5).

    A unit or a period that is put right starts none: it holds from the start, so nothing has changed.
    """
    for change in command.changes:
        if change.field == "measure" and isinstance(change.to, dict):
            try:
                measured = msgspec.convert(change.to, Measure)
            except msgspec.ValidationError:
                return goal.epoch
            put_right = command.kind == "corrected" and goal.measure and measured.kind == goal.measure.kind
            return goal.epoch + (measured != goal.measure and not put_right)
    return goal.epoch
