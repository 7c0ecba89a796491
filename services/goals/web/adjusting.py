"""Adjusting a goal in place, for a reason; and what is done where somebody else adjusted it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from services.goals.api.goal_bodies import ADJUSTED, AdjustmentBody
from services.goals.rules.commands.goal import AdjustGoal
from services.goals.rules.goal import Goal
from services.goals.rules.history import Entry, history
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere, Refused, Stale
from services.goals.web import goal_form, sent
from services.goals.web.goal_form import Typed
from services.goals.web.names import called
from services.goals.web.pages import form, page, redirected
from services.goals.web.record import Whole, record_of
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.problems import Problem

FIELDS = tuple(ADJUSTED)
FORM_FIELDS = {"measure": ("measure", "unit", "period"), "cadence": ("days", "times")}
"""Where a field of a goal is more than one of the form."""


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else did since the form was loaded, and which of its fields both have changed."""

    entries: tuple[Entry, ...]
    both: tuple[str, ...]


@page("/goals/<uuid:goal>/adjust")
def adjust(visit: Visit, goal: UUID) -> Response:
    """The form with the goal as it is now."""
    record = record_of(visit, visit.client_of(goal), goal_id=goal)
    now = record.record.known_goal(goal)
    if now.status not in ("active", "paused"):
        return redirected(url_for("room.goal", goal=goal))
    return _form(record, now, goal_form.written(now) | {"agreed": "together"})


@form("/goals/<uuid:goal>/adjust")
def adjust_sent(visit: Visit, goal: UUID) -> Response:
    """The fields that differ are changed, for the reason that was given."""
    client_id = visit.client_of(goal)
    record = record_of(visit, client_id, goal_id=goal)
    read_at = sent.whole("version")
    if not isinstance(read_at, int) or not 0 < read_at <= record.version(goal):
        raise NotThere
    before = _at_version(record, goal, read_at)
    try:
        visit.handle_client(client_id, _command(before, goal), read_at)
    except Stale:
        return _merged(record, goal, before, read_at)
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        now = record.record.known_goal(goal)
        if record.version(goal) != read_at:
            return _merged(record, goal, before, read_at)
        return _form(record, now, goal_form.typed(), _by_field(error))
    return redirected(url_for("room.goal", goal=goal, saved=""))


def _command(before: Goal, goal_id: UUID) -> AdjustGoal:
    body: dict[str, Any] = sent.texts("kind", "reason_code", "reason", "effective_on", "agreed")
    body["changes"] = _changes(before)
    read = sent.read(AdjustmentBody(), body)
    read["changes"] = tuple(read["changes"])
    return AdjustGoal(goal_id=goal_id, adjustment_id=sent.named("id"), **read)


def _changes(before: Goal) -> list[dict[str, Any]]:
    """What was typed and is not what was there as the form was loaded."""
    typed = goal_form.body()
    pairs = ((name, goal_form.plain(getattr(before, name)), typed.get(name)) for name in FIELDS)
    return [
        {"field": name, "from": was or None if was == [] else was, "to": now}
        for name, was, now in pairs
        if _differs(was, now)
    ]


def _differs(was: Any, now: Any) -> bool:
    if isinstance(was, dict) and isinstance(now, dict):
        return {k: v for k, v in was.items() if v is not None} != now
    if isinstance(was, str) and isinstance(now, str):
        return was.replace("\r\n", "\n").strip() != now
    if isinstance(was, int | str) and isinstance(now, int | str):
        return str(was) != str(now)
    return (was or None) != (now or None)


def _merged(record: Whole, goal_id: UUID, before: Goal, read_at: int) -> Response:
    """The form again, on what the goal is now: what she typed stands, what she left alone is up to date."""
    now = record.record.known_goal(goal_id)
    hers = {change["field"] for change in _changes(before)}
    moved = {
        name
        for name in FIELDS
        if goal_form.plain(getattr(before, name)) != goal_form.plain(getattr(now, name))
    }
    typed, current = goal_form.typed(), goal_form.written(now)
    for name in moved - hers:
        for part in FORM_FIELDS.get(name, (name,)):
            typed[part] = current.get(part, "")
    meanwhile = Meanwhile(
        history(record.events, goal_id, after=read_at),
        tuple(called("field", name) for name in FIELDS if name in hers & moved),
    )
    return _form(record, now, typed, meanwhile=meanwhile)


def _at_version(record: Whole, goal_id: UUID, version: int) -> Goal:
    events = (one for one in record.events if one.stream_id != goal_id or one.version <= version)
    return fold(record.client.client_id, events).known_goal(goal_id)


def _by_field(error: Problem | Refused) -> sent.Wrongs:
    """By the field of the form, where a pointer names the number of a change."""
    pointers = (
        [(one.pointer, one.detail) for one in error.errors]
        if isinstance(error, Problem)
        else [(error.pointer or "", error.detail)]
    )
    found: sent.Wrongs = {}
    for pointer, detail in pointers:
        parts = pointer.removeprefix("#").strip("/").split("/")
        is_change = parts[0] == "changes" and len(parts) > 1 and parts[1].isdigit()
        found["changes" if is_change else parts[0]] = sent.said(detail)
    return found


def _form(
    record: Whole,
    goal: Goal,
    typed: Typed,
    wrong: sent.Wrongs | None = None,
    meanwhile: Meanwhile | None = None,
) -> Response:
    status = 412 if meanwhile else 422 if wrong else 200
    return shown(
        "room/adjust.html",
        status,
        record=record,
        her=record.client,
        goal=goal,
        version=record.version(goal.goal_id),
        typed=typed,
        wrong=wrong,
        meanwhile=meanwhile,
        kept_id=request.form.get("id") if request.method == "POST" else None,
    )
