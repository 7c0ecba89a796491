"""Setting a goal: the five SMART parts, and the dates that hold them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.goals.rules.commands.goal import DraftGoal, SetGoal
from services.goals.rules.focus import check_room
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import Moment, Proposed, local_day, setting
from services.goals.rules.record import Record, once
from services.goals.rules.refusal import Invalid, Refused
from shared.events import Agreed, GoalDrafted, GoalSet, Measure, Number, fact_id


def draft(record: Record, command: DraftGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Keeps the client's own words; a draft may be changed until it is set."""
    record.known_client()
    goal = record.goals.get(command.goal_id)
    if goal is not None and goal.status != "draft":
        raise Refused(f"This goal is {goal.status}; it changes by adjustments.", "#/status")
    event = GoalDrafted(theme=command.theme, statement=command.statement, reflection=command.reflection)
    if goal is not None and (goal.theme, goal.statement, goal.reflection) == (
        command.theme,
        command.statement,
        command.reflection,
    ):
        return ()
    return (setting("goal", command.goal_id, event, record.version, moment),)


def set_goal(record: Record, command: SetGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Makes a goal active with all five SMART parts (invariants 2 and 3)."""
    client = record.known_client()
    goal = record.goals.get(command.goal_id)
    today = local_day(moment.now, client.time_zone)
    agreed: Agreed = command.agreed or ("client" if moment.actor.kind == "client" else "therapist")

    def build(seen: GoalSet | None) -> GoalSet:
        start_on = command.start_on or (seen.start_on if seen else today)
        return GoalSet(
            specific=command.specific,
            measure=command.measure,
            baseline=command.baseline,
            target=command.target,
            confidence=command.confidence,
            relevance=command.relevance,
            start_on=start_on,
            end_on=command.end_on,
            review_on=command.review_on or default_reviews(start_on, command.end_on),
            cadence=command.cadence,
            if_then=command.if_then,
            focus=command.focus,
            agreed=agreed,
        )

    words = GoalDrafted(theme=command.theme, statement=command.statement, reflection=command.reflection)
    if fact_id(command.goal_id, "goal.set", command.goal_id) in record.facts and goal is not None:
        same_words = all(
            said is None or said == kept
            for said, kept in (
                (words.theme, goal.theme),
                (words.statement, goal.statement),
                (words.reflection, goal.reflection),
            )
        )
        if not same_words:
            raise Refused(
                "This goal is set already, with other words; it changes by adjustments.", "#/status"
            )
    proposed = once(
        record,
        command.goal_id,
        "goal.set",
        command.goal_id,
        build,
        moment,
        otherwise="This goal is set already; it changes by adjustments.",
    )
    if not proposed:
        return ()
    snapshot = proposed[0].data
    assert isinstance(snapshot, GoalSet)
    check_amounts(snapshot.measure, snapshot.baseline, snapshot.target)
    check_parts(snapshot.measure, snapshot.start_on, snapshot.end_on, snapshot.review_on)
    if command.focus:
        check_room(record, moment)
    if goal is None or (words != GoalDrafted() and words != _words_of(goal)):
        kept = _words_of(goal) if goal else GoalDrafted()
        drafted = GoalDrafted(
            theme=words.theme or kept.theme,
            statement=words.statement or kept.statement,
            reflection=words.reflection or kept.reflection,
        )
        return (setting("goal", command.goal_id, drafted, record.version, moment), *proposed)
    return proposed


def default_reviews(start_on: date, end_on: date) -> tuple[date, ...]:
    """Midway and at the end."""
    midway = start_on + timedelta(days=(end_on - start_on).days // 2)
    return (midway, end_on) if start_on < midway < end_on else (end_on,)


def check_amounts(measure: Measure, baseline: Number | None, target: Number) -> None:
    """Raises Invalid where a rating leaves its scale, or there is nothing to reach."""
    if measure.kind != "rating":
        if target <= 0:
            raise Invalid("target must be more than 0.", "#/target")
        return
    for field, value in (("target", target), ("baseline", baseline)):
        if value is not None and not 0 <= value <= 10:
            raise Invalid(f"A rating goes from 0 to 10, and so does its {field}.", f"#/{field}")


def check_parts(measure: Measure, start_on: date, end_on: date, review_on: tuple[date, ...]) -> None:
    """Raises Invalid where the parts do not fit together (invariant 2)."""
    if (measure.kind == "per_period") != (measure.period is not None):
        raise Invalid(
            "period is day or week where kind is per_period, and absent otherwise.", "#/measure/period"
        )
    if end_on <= start_on:
        raise Invalid(f"end_on must be after start_on ({start_on}).", "#/end_on")
    if end_on > a_year_after(start_on):
        raise Invalid(f"A goal lasts at most 12 months: until {a_year_after(start_on)}.", "#/end_on")
    outside = [day for day in review_on if not start_on <= day <= end_on]
    if outside or not review_on:
        raise Invalid(f"A review day lies between {start_on} and {end_on}.", "#/review_on")


def a_year_after(day: date) -> date:
    """The last day that a goal may end on that starts on this day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _words_of(goal: Goal) -> Any:
    return GoalDrafted(theme=goal.theme, statement=goal.statement, reflection=goal.reflection)
