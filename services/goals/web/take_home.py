"""A client's copy to take home: her label, counts and drawings, her words by choice; never anything else."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, request

from services.goals.web.charts.words import Words
from services.goals.web.language import WORDS, language, say, tongue_of
from services.goals.web.pages import page
from services.goals.web.past import past_of
from services.goals.web.shown import shown
from services.goals.web.then import then
from services.goals.web.visit import Visit


@page("/goals/<uuid:goal>/copy")
def goal_copy(visit: Visit, goal: UUID) -> Response:
    """What a client may lay on her table: in her language, and nothing that gives her away."""
    past = past_of(visit, goal, purpose="client")
    g.language = tongue_of(past.client.locale)
    seen = then(past, past.present, Words(language(), WORDS[language()], to_her=True))
    return shown(
        "room/history/copy.html",
        her=past.client,
        goal=past.now_so,
        label=past.client.preferences.label or say("your practice"),
        today=past.today,
        with_words="words" in request.args,
        seen=seen,
    )
