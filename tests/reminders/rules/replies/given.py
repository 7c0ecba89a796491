"""What we said last, in the tables of replies."""

from __future__ import annotations

from typing import Any

import msgspec

from services.reminders.rules.replies.reply import Context
from services.reminders.rules.replies.understand import understand

NOTHING = Context()
RATING_ASKED = Context(rating_asked_hours_ago=3)
ONE_GOAL = Context(focus_goals=1)
TWO_GOALS = Context(focus_goals=2)
THREE_GOALS = Context(focus_goals=3)
TWO_AND_PROMPTED = Context(focus_goals=2, last_prompt_goal="B")
TWO_AND_RATING = Context(focus_goals=2, rating_asked_hours_ago=3)
OPT_IN_ASKED = Context(just_asked_opt_in=True)


def said(text: str, context: Context = NOTHING) -> dict[str, Any]:
    """The reply as the command prints it."""
    understood: dict[str, Any] = msgspec.to_builtins(understand(text, context))
    return understood
