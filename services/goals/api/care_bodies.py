"""The bodies of what is asked about her care: pauses of all reminders, its end, safety flags."""

from __future__ import annotations

from typing import get_args

from services.goals.api.bodies import Body, needed
from services.goals.api.fields import Choice, Instant, Line, LocalDay, Reference, Text
from shared.events import CareEndReason


class RemindersPauseBody(Body):
    """All her reminders rest; `until` is the last day of it, without it they rest until they are resumed."""

    until = LocalDay()
    time = Instant()


class CareEndBody(Body):
    """Why her care ended, and on which day; without `on` it is today, where she is."""

    reason = Choice(*get_args(CareEndReason), **needed())
    on = LocalDay()
    time = Instant()


class FlagBody(Body):
    """Which message it was in, which rule it hit, and the crisis line that she was told of."""

    message_ref = Reference(**needed())
    crisis_line = Line(40, **needed())
    rule = Text(200)
    time = Instant()


class FlagReviewBody(Body):
    """Nothing: that somebody has looked is all there is to say."""
