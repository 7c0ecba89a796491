"""A goal's past: its events with those of its client, and the goal at any place of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.goals.rules.course import Course, course
from services.goals.rules.days import Stays, day_of, stays_of
from services.goals.rules.goal import Goal, on_day
from services.goals.rules.history import Entry, history
from services.goals.rules.timeline import Axis, Events, Place, goal_in, place


@dataclass(frozen=True)
class Past:
    """The events of a client and of one goal of hers, as they were recorded, and when one looks at them."""

    goal_id: UUID
    events: Events
    now: datetime

    @cached_property
    def stays(self) -> Stays:
        """Where she was in the course of time."""
        return stays_of(self.events)

    @cached_property
    def present(self) -> Place:
        """The present, as it is known."""
        return Place(self.now, self.events)

    @cached_property
    def course(self) -> Course | None:
        """The whole course as it is known now; None of a draft."""
        return course(self.present, self.goal_id, self.stays)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that happened, in the order in which it was recorded."""
        return history(self.events, self.goal_id)

    @cached_property
    def first(self) -> date:
        """The first day of which something may be asked."""
        began = day_of(self.entries[0].time, self.stays)
        return min(began, self.course.first) if self.course else began

    @cached_property
    def today(self) -> date:
        """The day that it is where she is."""
        return day_of(self.now, self.stays)

    def at(self, on: date, axis: Axis, pointer: str) -> Place:
        """The end of a day on an axis. Raises Invalid for a day to come, with the pointer."""
        return place(self.events, self.goal_id, on, axis, self.now, pointer)

    def goal(self, there: Place) -> Goal | None:
        """The goal at a place; None where it was not there yet."""
        found = goal_in(there.events, self.goal_id)
        return found and on_day(found, day_of(there.at, self.stays))

    def course_at(self, there: Place) -> Course | None:
        """The course up to a place; None where the goal was not set there."""
        return course(there, self.goal_id, self.stays)
