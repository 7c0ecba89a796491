"""Whether there is still cause to say it: judged by all as it is now, not as it was when it was planned."""

from __future__ import annotations

from datetime import datetime

from services.reminders.rules.cadence import DAYS
from services.reminders.rules.caps import Sent
from services.reminders.rules.causes import Cause
from services.reminders.rules.done import already_done
from services.reminders.rules.goal import RATINGS_KEPT, Goal
from services.reminders.rules.hours import local_day
from services.reminders.rules.pause import is_resting
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Detail, Occasion, is_switched_off
from services.reminders.rules.silence import awaited_since
from services.reminders.rules.taper import tapering
from shared.events import Channel


def not_due(person: Person, channel: Channel, occasion: Occasion, sent: Sent, now: datetime) -> Cause | None:
    """Why there is no cause any more; None where there is."""
    about = occasion.detail
    match occasion.kind:
        case "welcome":
            return None  # whom it may go to is judged by the contact
        case "practice":
            return _not_planned(person, channel, about, now) or _practised(person, occasion, sent, now)
        case "rating" if about.reminder_id is not None:
            return _not_planned(person, channel, about, now) or _rated(person, about, now)
        case "rating":
            return (
                _off(person, channel, occasion)
                or _moved(person, occasion)
                or _at_rest(person, about, now)
                or _rated(person, about, now)
            )
        case "review":
            return _off(person, channel, occasion) or _at_rest(person, about, now) or _reviewed(person, about)
        case "quiet":
            return _off(person, channel, occasion) or _heard(person, about, sent)
        case "celebration":
            return _off(person, channel, occasion)


def _off(person: Person, channel: Channel, occasion: Occasion) -> Cause | None:
    return "reminder_ended" if is_switched_off(person, occasion.kind, channel) else None


def _not_planned(person: Person, channel: Channel, slot: Detail, now: datetime) -> Cause | None:
    assert slot.reminder_id
    assert slot.slot_date
    reminder = person.reminders.get(slot.reminder_id)
    if reminder is None or not reminder.active or reminder.channel != channel or reminder.cadence is None:
        return "reminder_ended"
    day = DAYS[slot.slot_date.weekday()]
    if slot.slot_time not in reminder.cadence.times or day not in reminder.cadence.days:
        return "reminder_ended"
    return _at_rest(person, slot, now)


def _at_rest(person: Person, about: Detail, now: datetime) -> Cause | None:
    goal = person.goals.get(about.goal_id) if about.goal_id else None
    if goal and goal.ended:
        return "goal_ended"
    if goal and is_resting(goal.pauses, local_day(person.time_zone, now)):
        return "goal_paused"
    return None


def _practised(person: Person, slot: Occasion, sent: Sent, now: datetime) -> Cause | None:
    return "already_done" if already_done(person, slot.detail) else tapering(person, slot, sent, now)


def _rated(person: Person, about: Detail, now: datetime) -> Cause | None:
    asked = [person.goals.get(about.goal_id, Goal())] if about.goal_id else person.goals.values()
    lately = any(at > now - RATINGS_KEPT for goal in asked for at in goal.ratings.values())
    return "rated_lately" if lately else None


def _moved(person: Person, prompt: Occasion) -> Cause | None:
    session = prompt.detail.session_id
    same = session is not None and person.sessions.get(session) == prompt.expires_at
    return None if same else "session_moved"


def _reviewed(person: Person, about: Detail) -> Cause | None:
    goal = person.goals.get(about.goal_id, Goal()) if about.goal_id else Goal()
    if about.review_on not in goal.review_on:
        return "review_moved"
    return "reviewed" if about.review_on in goal.reviewed else None


def _heard(person: Person, about: Detail, sent: Sent) -> Cause | None:
    """An entry ends it, and so does a text of hers: she is there."""
    assert about.silent_since
    wrote = sent.heard_at is not None and sent.heard_at > about.silent_since
    return "heard_from_her" if wrote or awaited_since(person) != about.silent_since else None
