"""Despair is heard wherever it stands, negated or not, and is never taken for a DONE, a WIN or an END."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reminders.rules.replies import safety
from tests.reminders.rules.replies.given import RATING_ASKED, TWO_GOALS, said

DESPAIR = [
    "I want to die", "i just want to die", "I WANT TO DIE", "i want to d\u200bie", "want to die tbh",
    "I don't want to die", "i wanna die lol", "kill myself", "I am going to kill myself",
    "thinking about killing myself", "kms", "suicide", "feeling suicidal", "not suicidal", "end me",
    "END ME", "end my life", "ending my life tonight", "done with life", "Done with life.",
    "done with everything", "I'm done with everything", "im done with it all", "done living",
    "i am so done with life", "take my own life", "i want to end it", "gonna end it tonight",
    "better off dead", "everyone is better off without me", "no reason to live", "not worth living",
    "Nobody would miss me", "no one would miss me", "nadie me extrañaría", "Quiero desaparecer",
    "nothing to live for", "I don't want to live", "i dont want to live anymore",
    "don\u2019t want to be here anymore", "wish i was dead", "I wish I were dead", "tired of living",
    "can't go on", "i cant do this anymore", "hurt myself", "I cut myself again", "self-harm", "self harm",
    "selfharm", "overdose", "took too many pills", "hang myself", "help me", "HELP ME!!", "please help me",
    "i need help", "I need help now", "need help", "he is going to kill me", "he hits me", "i'm not safe",
    "in danger", "suicidio", "quiero morir", "Quiero morirme", "me quiero morir", "QUIERO MORIR",
    "no quiero vivir", "no quiero seguir viviendo", "quitarme la vida", "acabar con todo",
    "acabar con mi vida", "ya no puedo más", "ya no puedo mas", "no aguanto más", "voy a matarme",
    "hacerme daño", "cortarme", "estoy en peligro", "me pega", "ayúdame", "ayudame", "necesito ayuda",
    "Necesito ayuda por favor", "mejor muerta", "cansada de vivir", "lista para morir",
    "ｗａｎｔ ｔｏ ｄｉｅ",
    "want\nto\ndie", "want, to. die", "wánt tó díe",
]  # fmt: skip
WITH_MORE = [
    ("done, I want to die", "done"), ("I want to die. 7", None), ("win, but I want to die", "win"),
    ("I want to die, later", "later"), ("pausa. quiero morir", "pause"), ("done with life, done", "done"),
]  # fmt: skip
CALM = [
    "dying to see the show", "die-cast", "I slept in", "deadline met", "killing time", "the end of the day",
    "help", "info", "ayuda", "diet went well", "cutting vegetables", "my life is ok", "vida", "todo bien",
]  # fmt: skip


@pytest.mark.parametrize("text", DESPAIR)
@pytest.mark.parametrize("context", [RATING_ASKED, TWO_GOALS], ids=["rating asked", "two goals"])
def test_is_despair_alone(text: str, context: object) -> None:
    assert said(text, context) == {"intent": "safety", "value": None}  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "rest"), WITH_MORE)
def test_what_stands_beside_despair_is_read_by_the_same_rules(text: str, rest: str | None) -> None:
    understood = said(text)
    assert understood["intent"] == "safety"
    assert understood.get("rest", {}).get("intent") == rest


@pytest.mark.parametrize("text", CALM)
def test_is_no_despair(text: str) -> None:
    assert said(text)["intent"] != "safety"


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_phrase_is_heard_whatever_stands_around_it(before: str, after: str) -> None:
    understood = said(f"{before} . I want to die . {after}")
    assert understood["intent"] == "safety" or understood.get("safety") is True


@given(st.text(max_size=1600))
def test_any_text_is_understood_as_something(text: str) -> None:
    assert said(text)["intent"]


def test_both_lists_are_read_whatever_her_language() -> None:
    assert safety.ANYWHERE.found(("quiero", "morir"))
    assert safety.ANYWHERE.found(("want", "to", "die"))
