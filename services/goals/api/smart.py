"""Advice on how a goal is worded, for forms to ask for as somebody types; nothing of it is kept."""

from __future__ import annotations

import msgspec
from flask import Response

from services.goals.api.answers import as_json
from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.api.goal_bodies import WordingBody
from services.goals.rules.access import may_be_advised
from services.goals.rules.wording.advice import Wording, advise

door = Door("smart", "Advice on how a goal is worded.")
EXAMPLE = Wording(
    locale="en",
    statement="I want to practice deep breathing exercises twice a day to manage my anxiety"
    " over the next month",
)


@door.ask(
    "/v1/smart",
    "Advice",
    WordingBody,
    example=(
        {"locale": EXAMPLE.locale, "statement": EXAMPLE.statement},
        msgspec.to_builtins(advise(EXAMPLE)),
    ),
)
def post_smart(call: Call) -> Response:
    """Which of the five SMART parts a wording has, and what to ask next. It suggests, and stores nothing."""
    may_be_advised(call.who)
    return as_json(advise(Wording(**call.body)))
