"""Ratings, letters, LATER, PAUSE and the other verbs; what has no meaning is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from services.reminders.rules.replies.reply import Context
from tests.reminders.rules.replies.given import (
    NOTHING,
    ONE_GOAL,
    OPT_IN_ASKED,
    RATING_ASKED,
    THREE_GOALS,
    TWO_AND_RATING,
    TWO_GOALS,
    said,
)

RATINGS = [
    ("7", 7), ("0", 0), ("10", 10), ("7.", 7), ("7!", 7), (" 7 ", 7), ("7/10", 7), ("7 / 10", 7),
    ("10/10", 10), ("7 out of 10", 7), ("0 out of 10", 0), ("7 de 10", 7), ("7 sobre 10", 7), ("７", 7),
    ("٧", 7), ("7️⃣", 7), ("7 now", 7), ("just 7", 7), ("7 please", 7), ("7 🙂", 7), ("👍 7", 7), ("05", 5),
]  # fmt: skip
ASKED_AGAIN = ["11", "7.5", "7,5", "100", "-3", "7/5", "11/10", "12 out of 10", "99"]
OF_GOALS = [
    ("b 7", TWO_GOALS, 7, "B"), ("7 b", TWO_GOALS, 7, "B"), ("B7", TWO_GOALS, 7, "B"),
    ("a: 10", TWO_GOALS, 10, "A"), ("7/10 b", TWO_GOALS, 7, "B"), ("c 0", THREE_GOALS, 0, "C"),
    ("b 7", TWO_AND_RATING, 7, "B"), ("c 7", ONE_GOAL, 7, None),
]  # fmt: skip
NOT_RATED = [
    "7",
    "0",
    "10",
    "7/10",
    "11",
    "7.5",
    "7 8",
    "seven",
    "room 7 please",
    "7 apples",
    "b 11",
    "12/12/2026",
]
LATER = [
    ("later", 2), ("Later!", 2), ("LATER 3h", 3), ("later 3 h", 3), ("later 3 hours", 3),
    ("later 1 hour", 1), ("later 12", 12), ("later in 4h", 4), ("later in an hour", 1), ("snooze", 2),
    ("snooze 1h", 1), ("luego", 2), ("luego 3 horas", 3), ("más tarde", 2), ("mas tarde 2h", 2),
    ("MÁS TARDE", 2), ("más tarde en 1 hora", 1), ("please later", 2), ("later 👍", 2),
]  # fmt: skip
PAUSES = [
    ("pause", 7), ("PAUSE.", 7), ("pause 3 days", 3), ("pause 3", 3), ("pause for 3 days", 3),
    ("pause 3d", 3), ("pause 1 day", 1), ("pause 2 weeks", 14), ("pause for a week", 7), ("pause 2w", 14),
    ("pause 90 days", 90), ("pause 12 weeks", 84), ("pausa", 7), ("pausa 3 días", 3),
    ("pausa por 2 semanas", 14), ("pausa de 1 semana", 7), ("pausa una semana", 7), ("pause all", 7),
]  # fmt: skip
OTHERS = [
    ("wrong number", "wrong_number"), ("Wrong number!", "wrong_number"),
    ("sorry you have the wrong number", "wrong_number"), ("wrong person", "wrong_person"),
    ("número equivocado", "wrong_number"), ("numero equivocado", "wrong_number"), ("who is this", "who"),
    ("Who is this?", "who"), ("who's this", "who"), ("who\u2019s this?", "who"), ("quién es", "who"),
    ("who are you?", "who"), ("who r u", "who"), ("who dis", "who"), ("¿quién eres?", "who"),
    ("quien habla", "who"), ("¿Quién es?", "who"), ("quien es", "who"), ("start", "opt_in"),
    ("START", "opt_in"),
    ("unstop", "opt_in"), ("inicio", "opt_in"), ("alta", "opt_in"), ("please start", "opt_in"),
    ("help", "help"), ("HELP", "help"), ("help?", "help"), ("info", "help"), ("?", "help"), ("???", "help"),
    (" ? ", "help"), ("ayuda", "help"), ("Ayuda!", "help"), ("please help", "help"), ("not today", "rest"),
    ("Not today.", "rest"), ("not now", "rest"), ("bad day", "rest"), ("hard day 😞", "rest"),
    ("hoy no", "rest"), ("mal día", "rest"), ("mal dia", "rest"), ("resume", "resume"), ("back", "resume"),
    ("unpause", "resume"), ("reanudar", "resume"), ("volver", "resume"), ("plan", "plan"), ("PLAN", "plan"),
    ("goals", "plan"), ("metas", "plan"),
]  # fmt: skip
UNKNOWN = [
    "", " ", "hello", "thank you", "ok", "yes", "sí", "a", "b", "later 13", "later 0", "later tomorrow",
    "pause 0 days", "pause 91 days", "pause 13 weeks", "pause until monday", "pausa hasta el lunes",
    "starting", "helpful", "planning", "😀", "…", "привет", "你好", "مرحبا", "back in an hour",
    "I will be back", "not today thanks", "bad day at work", "quién es ella", "who is this for", "x" * 1600,
    "IMG_1234.jpg", "[image]", "MMS", "<media omitted>", "\ufffc", "💯", "zero", "6 or 7", "both",
    "pause until I say", "plz help", "later. or never", "alta presión", "dia malo en el trabajo",
    "Loved “Northside: that counts, and it is saved.”", "so done with today", "muero de risa",
    "Liked “Northside: this is automated and no one reads it live. If you might be in danger call 911.”",
    "Le gustó “Northside: esto es automático. Si puedes estar en peligro llama al 911.”",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), RATINGS)
def test_is_a_rating_where_we_asked(text: str, value: int) -> None:
    assert said(text, RATING_ASKED) == {"intent": "rating", "value": value}


@pytest.mark.parametrize("text", ASKED_AGAIN)
def test_is_asked_again_where_we_asked(text: str) -> None:
    assert said(text, RATING_ASKED) == {"intent": "ask_again", "value": None}


@pytest.mark.parametrize(("text", "context", "value", "goal"), OF_GOALS)
def test_is_a_rating_with_a_letter(text: str, context: Context, value: int, goal: str | None) -> None:
    expected = {"intent": "rating", "value": value} | ({"goal": goal} if goal else {})
    assert said(text, context) == expected


@pytest.mark.parametrize("text", NOT_RATED)
def test_is_no_rating_where_nobody_asked(text: str) -> None:
    assert said(text)["intent"] == "unknown"


@pytest.mark.parametrize(("hours", "intent"), [(48, "rating"), (48.1, "unknown"), (0, "rating")])
def test_our_asking_holds_for_48_hours(hours: float, intent: str) -> None:
    assert said("7", Context(rating_asked_hours_ago=hours))["intent"] == intent


@pytest.mark.parametrize(("text", "hours"), LATER)
def test_is_later(text: str, hours: int) -> None:
    assert said(text) == {"intent": "later", "value": hours}


@pytest.mark.parametrize(("text", "days"), PAUSES)
def test_is_a_pause(text: str, days: int) -> None:
    assert said(text) == {"intent": "pause", "value": days}


@pytest.mark.parametrize(("text", "intent"), OTHERS)
def test_is_a_verb(text: str, intent: str) -> None:
    assert said(text) == {"intent": intent.replace("wrong_person", "wrong_number"), "value": None}


@pytest.mark.parametrize("text", UNKNOWN)
@pytest.mark.parametrize("context", [NOTHING, ONE_GOAL], ids=["nothing", "one goal"])
def test_is_unknown(text: str, context: Context) -> None:
    assert said(text, context) == {"intent": "unknown", "value": None}


@pytest.mark.parametrize("text", ["yes", "Yes!", "y", "sí", "si", "yes please", "START"])
def test_yes_is_consent_right_after_we_asked(text: str) -> None:
    assert said(text, OPT_IN_ASKED)["intent"] == "opt_in"


@pytest.mark.parametrize(("text", "value"), [("b", "B"), ("A", "A"), ("b.", "B"), ("please b", "B")])
def test_a_letter_alone_answers_our_question(text: str, value: str) -> None:
    assert said(text, TWO_GOALS) == {"intent": "answer", "value": value, "goal": value}


def test_a_letter_that_names_no_goal_is_asked_about() -> None:
    expected: dict[str, Any] = {"intent": "ask_which", "value": ["A", "B"]}
    assert said("c", TWO_GOALS) == expected
    assert said("c 7", TWO_AND_RATING) == expected | {"meant": {"intent": "rating", "value": 7}}
