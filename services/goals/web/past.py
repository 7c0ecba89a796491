"""A goal's past as its pages read it: its events with those of its client, and the goal at any place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.goals.access import Purpose
from services.goals.log.read import load
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.course import Course, course
from services.goals.rules.days import Stays, day_of, stays_of
from services.goals.rules.goal import Goal, on_day
from services.goals.rules.history import Entry, history
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere
from services.goals.rules.timeline import Axis, Events, Place, goal_in, place
from services.goals.web.visit import Visit


@dataclass(frozen=True)
class Past:
    """A client, the events of her own and of one goal of hers as they were recorded, and when one looks."""

    client: Client
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
    def now_so(self) -> Goal:
        """The goal as it is today."""
        found = self.goal(self.present)
        assert found, "it has at least one event"
        return found

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


def past_of(visit: Visit, goal_id: UUID, purpose: Purpose | None = None) -> Past:
    """The past of a goal, after the look at it was written down. Raises NotThere, Forbidden, Gone.

    Her other goals are not read: a look at one of them costs what that one is long.
    """
    house = visit.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_of(visit.who), goal_id, alone=True)
    if found is None or found.streams[goal_id] != "goal":
        raise NotThere
    visit.is_about(found.record_id)
    hers = (event for event in found.events if event.stream_id == found.record_id)
    her = fold(found.record_id, hers).client
    client = visit.shows(found.record_id, her, goal_id=goal_id, purpose=purpose)
    return Past(client, goal_id, found.events, house.now())
