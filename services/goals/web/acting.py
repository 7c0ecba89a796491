"""What is written down about a goal: ratings, practices, reviews, focus, rests, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from services.goals.api.goal_bodies import (
    ClosureBody,
    FocusBody,
    PauseBody,
    PracticeBody,
    RatingBody,
    ReviewBody,
)
from services.goals.rules.attention import review_due
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.goal import (
    CloseGoal,
    FocusGoal,
    LogPractice,
    PauseGoal,
    RateGoal,
    ReopenGoal,
    ResumeGoal,
    ReviewGoal,
)
from services.goals.rules.refusal import Refused
from services.goals.web import sent
from services.goals.web.pages import form, page, redirected
from services.goals.web.record import record_of
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.problems import Problem

Reads = Callable[[UUID], RecordCommand]
"""Reads a command on a goal off what was sent. Raises Problem."""


@page("/goals/<uuid:goal>/notes")
def notes(visit: Visit, goal: UUID) -> Response:
    """All that one may write down about a goal that goes on."""
    return _notes(visit, visit.client_of(goal), goal)


@form("/goals/<uuid:goal>/notes/<act>")
def note_sent(visit: Visit, goal: UUID, act: str) -> Response:
    """One of them."""
    client_id = visit.client_of(goal)
    try:
        visit.handle_client(client_id, _reads(act)(goal))
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _notes(visit, client_id, goal, sent.wrongs(error), act)
    return redirected(url_for("room.goal", goal=goal, saved=""))


def _rating(goal: UUID) -> RecordCommand:
    body: dict[str, Any] = sent.texts("rater", "session_id") | {"value": sent.whole("value")}
    return RateGoal(goal_id=goal, rating_id=sent.named("id"), **sent.read(RatingBody(), body))


def _practice(goal: UUID) -> RecordCommand:
    body: dict[str, Any] = sent.texts("on", "note") | {"quantity": sent.number("quantity") or 1}
    return LogPractice(goal_id=goal, practice_id=sent.named("id"), **sent.read(PracticeBody(), body))


def _review(goal: UUID) -> RecordCommand:
    body = sent.texts("review_on", "outcome", "note")
    return ReviewGoal(goal_id=goal, review_id=sent.named("id"), **sent.read(ReviewBody(), body))


def _focus(goal: UUID) -> RecordCommand:
    into = sent.text("to") == "yes"
    body: dict[str, Any] = sent.texts("reason") | {"from": not into, "to": into}
    return FocusGoal(goal_id=goal, change_id=sent.named("id"), **sent.read(FocusBody(), body))


def _pause(goal: UUID) -> RecordCommand:
    body = sent.texts("until", "reason_code", "reason")
    return PauseGoal(goal_id=goal, pause_id=sent.named("id"), **sent.read(PauseBody(), body))


def _resume(goal: UUID) -> RecordCommand:
    return ResumeGoal(goal_id=goal, pause_id=sent.named("id"))


def _close(goal: UUID) -> RecordCommand:
    body = sent.texts("outcome", "agreed", "reason_code", "reason", "learned")
    return CloseGoal(goal_id=goal, closure_id=sent.named("id"), **sent.read(ClosureBody(), body))


def _reopen(goal: UUID) -> RecordCommand:
    return ReopenGoal(goal_id=goal, closure_id=sent.named("id"))


READS: dict[str, Reads] = {
    "rating": _rating,
    "practice": _practice,
    "review": _review,
    "focus": _focus,
    "pause": _pause,
    "resume": _resume,
    "close": _close,
    "reopen": _reopen,
}
"""By the last word of the form's address."""


def _reads(act: str) -> Reads:
    if act not in READS:
        raise Problem(404, "There is nothing here by this address.")
    return READS[act]


def _notes(
    visit: Visit, client_id: UUID, goal_id: UUID, wrong: sent.Wrongs | None = None, at: str | None = None
) -> Response:
    record = record_of(visit, client_id, goal_id=goal_id)
    goal = record.record.known_goal(goal_id)
    return shown(
        "room/notes.html",
        422 if wrong else 200,
        record=record,
        her=record.client,
        goal=goal,
        due=review_due(goal, record.today),
        rest=next((one for one in reversed(goal.pauses) if one.resumed_at is None), None),
        typed=request.form if wrong else {},
        wrong=wrong,
        at=at,
    )
