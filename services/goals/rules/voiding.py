"""Taking back what was entered by mistake; on a goal that has ended too, for it puts the record right."""

from __future__ import annotations

from uuid import UUID

from services.goals.rules.commands.goal import VoidPractice, VoidRating
from services.goals.rules.commands.win import VoidWin
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, once
from services.goals.rules.refusal import Forbidden, NotThere
from shared.events import (
    Event,
    GoalAdjusted,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinVoided,
    fact_id,
)


def void_practice(record: Record, command: VoidPractice, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a practice out of what counts, in the epoch in which it was logged."""
    goal = record.known_goal(command.goal_id)
    logged = _known(record, goal.goal_id, "practice", command.practice_id)
    assert isinstance(logged, PracticeLogged)
    event = PracticeVoided(
        practice_id=command.practice_id,
        on=logged.on,
        quantity=logged.quantity,
        epoch=_epoch_of(record, goal.goal_id, logged),
    )
    name = command.practice_id
    return once(record, goal.goal_id, "practice.voided", name, lambda _: event, moment)


def void_rating(record: Record, command: VoidRating, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a rating out of what counts; the one that it had superseded holds again."""
    goal = record.known_goal(command.goal_id)
    rated = _known(record, goal.goal_id, "rating", command.rating_id)
    assert isinstance(rated, RatingRecorded)
    if rated.rater == "therapist" and moment.actor.kind == "client":
        raise Forbidden("Her therapist gave this rating, and takes it back.")
    event = RatingVoided(rating_id=command.rating_id)
    return once(record, goal.goal_id, "rating.voided", command.rating_id, lambda _: event, moment)


def void_win(record: Record, command: VoidWin, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a win out of what counts; what was celebrated stays celebrated (invariant 12)."""
    record.known_client()
    stream_id = record.known_goal(command.goal_id).goal_id if command.goal_id else record.client_id
    _known(record, stream_id, "win", command.win_id)
    event = WinVoided(win_id=command.win_id)
    return once(record, stream_id, "win.voided", command.win_id, lambda _: event, moment)


def _known(record: Record, stream_id: UUID, kind: str, name: UUID) -> Event:
    known = record.facts.get(fact_id(stream_id, kind, name))
    if known is None:
        raise NotThere
    return known.data


def _epoch_of(record: Record, goal_id: UUID, logged: PracticeLogged) -> int:
    epoch = 1
    for known in record.facts.values():
        if known.data is logged:
            break
        if known.stream_id == goal_id and isinstance(known.data, GoalAdjusted):
            epoch = known.data.epoch
    return epoch
