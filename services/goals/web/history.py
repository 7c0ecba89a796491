"""A goal's history: what changed and why, and the goal as it was on the day where the slider stands."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request

from services.goals.rules.client import Client
from services.goals.rules.course import Level
from services.goals.rules.easing import easing
from services.goals.rules.history import By
from services.goals.rules.progress import progress
from services.goals.web import asked, worded
from services.goals.web.charts.words import Words
from services.goals.web.language import WORDS, language, say
from services.goals.web.pages import page
from services.goals.web.past import Past, past_of
from services.goals.web.shown import shown
from services.goals.web.then import then
from services.goals.web.timeline import ENTRIES, Item, items
from services.goals.web.visit import Visit

ON_A_PAGE = 30
PART = "Cairn-Part"
"""By this header the slider's script asks for what it redraws, and for no more."""


class Told(NamedTuple):
    """A part of the history, the latest first; `before` is the version before which more is told."""

    items: tuple[Item, ...]
    before: int | None


@page("/goals/<uuid:goal>/history")
def goal_history(visit: Visit, goal: UUID) -> Response:
    """How a goal changed, and how it was on a day."""
    past = past_of(visit, goal)
    on, axis = asked.ordinal("day", past.first, past.today), asked.axis()
    about: dict[str, Any] = {
        "goal": past.now_so,
        "past": past,
        "on": on,
        "axis": axis,
        "seen": then(past, past.at(on, axis, "#/day"), Words(language(), WORDS[language()])),
    }
    if request.headers.get(PART) == "then":
        answer = shown("room/history/then.html", **about)
    else:
        answer = shown("room/history/history.html", her=past.client, **about, **_whole(visit, past))
    answer.vary.add(PART)
    return answer


def who(visit: Visit, client: Client, by: By) -> str:
    """Who did it, as one says it here."""
    match by.kind:
        case "client":
            return client.name or say("the client")
        case "therapist":
            return visit.name_of(by.id) or say("a therapist")
        case "operator":
            return say("an operator")
        case _:
            return "Cairn"


def _whole(visit: Visit, past: Past) -> dict[str, Any]:
    """What only the whole page shows, and no redrawing changes."""
    everything = request.args.get("show") == "all"
    return {
        "told": _told(visit, past, everything=everything),
        "everything": everything,
        "easing": easing(past.events, past.goal_id),
        "progress": progress(past.now_so),
        "measures": {level.epoch: worded.measure(level.measure) for level in _levels(past)},
    }


def _levels(past: Past) -> tuple[Level, ...]:
    return past.course.levels if past.course else ()


def _told(visit: Visit, past: Past, *, everything: bool) -> Told:
    before = asked.number("before")
    wanted = [
        entry
        for entry in reversed(past.entries)
        if (everything or entry.type not in ENTRIES) and (before is None or entry.version < before)
    ]
    here, more = wanted[:ON_A_PAGE], wanted[ON_A_PAGE:]
    told = items(here, past.stays, lambda by: who(visit, past.client, by))
    return Told(told, here[-1].version if more else None)
