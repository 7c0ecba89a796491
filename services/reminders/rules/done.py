"""Whether she has already done what a practice reminder would remind her of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from services.reminders.rules.cadence import DAYS
from services.reminders.rules.goal import Goal, Practice
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Detail


def already_done(person: Person, slot: Detail) -> bool:
    """Her second slot of a day is done with two practices, every slot once the goal's target is reached."""
    assert slot.slot_date
    goals = [person.goals.get(slot.goal_id, Goal())] if slot.goal_id else list(person.goals.values())
    practised = sum(_times(goal, slot.slot_date) for goal in goals)
    if practised >= _ordinal(person, slot):
        return True
    return slot.goal_id is not None and _enough(goals[0], slot.slot_date)


def _ordinal(person: Person, slot: Detail) -> int:
    """The how-manieth slot of its day it is, over all reminders of the same goal; two at once are one."""
    assert slot.slot_date
    assert slot.slot_time
    times = {slot.slot_time}
    for reminder in person.reminders.values():
        if reminder.kind != "practice" or not reminder.active or reminder.goal_id != slot.goal_id:
            continue
        if reminder.cadence and DAYS[slot.slot_date.weekday()] in reminder.cadence.days:
            times |= {time for time in reminder.cadence.times if time < slot.slot_time}
    return len(times)


def _times(goal: Goal, day: date) -> int:
    """How often she practised that day. Only where times are what is counted does one entry say how many."""
    entries = [practice for practice in goal.practices if practice.on == day]
    if goal.measure and goal.measure.kind == "per_period":
        return max(len(entries), int(_total(entries)))
    return len(entries)


def _enough(goal: Goal, day: date) -> bool:
    """Whether the period's target is reached."""
    if goal.target is None or goal.measure is None or goal.measure.kind != "per_period":
        return False
    if goal.measure.period == "week":
        week = day.isocalendar()[:2]
        return _total(p for p in goal.practices if p.on.isocalendar()[:2] == week) >= goal.target
    return _total(p for p in goal.practices if p.on == day) >= goal.target


def _total(practices: Iterable[Practice]) -> float:
    return float(sum(practice.quantity for practice in practices))
