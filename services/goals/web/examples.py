"""Goals from the field, for who looks for a beginning: words of a client, and what became of them."""

from __future__ import annotations

from typing import NamedTuple

from services.goals.web.language import say


class Example(NamedTuple):
    """What was said, and the goal that it became."""

    said: str
    became: str


def examples() -> dict[str, list[Example]]:
    """By theme, in the language of the page."""
    return {
        "coping": [
            Example(
                say("I want to practice deep breathing exercises twice a day to manage my anxiety."),
                say("Five minutes of slow breathing, twice a day, for a month."),
            ),
            Example(
                say("Evenings are the worst."),
                say("Three evenings a week: write down one thing that helped today, until the end of June."),
            ),
        ],
        "communication": [
            Example(
                say("We only ever shout."),
                say("Once a week, say “I need ten minutes” and come back after them, for six weeks."),
            ),
            Example(
                say("I never say what I want."),
                say("Say one wish out loud to somebody close, twice a week, for two months."),
            ),
        ],
        "trauma": [
            Example(
                say("I want to feel safe on the bus again."),
                say("Ride two stops with a friend once a week; how safe it feels, from 0 to 10, reaching 6."),
            )
        ],
        "self_esteem": [
            Example(
                say("I want to stop being so hard on myself."),
                say("Each night, one sentence that a friend would have said about the day, for four weeks."),
            )
        ],
        "boundaries": [
            Example(
                say("I can't say no to my sister."),
                say("Answer “I will tell you tomorrow” to three requests in the next month."),
            )
        ],
    }
