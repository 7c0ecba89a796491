"""An opt-out is heard in the words of carriers and in anybody's; what only looks like one is none."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES
from shared.events import MilestoneRule
from tests.reminders.rules.replies.given import said

OUT = [
    "stop", "STOP", "Stop.", "sToP!!!", "  stop  ", "stop\n", "«stop»", "*stop*", "/stop", "#stop",
    "stop 🙏", "🛑 stop", "ＳＴＯＰ", "st\u200bop", "s\u00adtop", "STOP!", "stop?", "stopall", "STOPALL",
    "unsubscribe", "Unsubscribe me", "optout", "opt out", "opt-out", "Opt out please", "stop now",
    "stop please", "stop all", "stop texting me", "stop sending me these", "stop it",
    "stop messaging me ok", "stop, thanks", "please stop", "just stop", "can you please stop",
    "I want you to stop texting", "pls unsubscribe me from this", "sotp", "stpo", "stpp", "stopp",
    "Sotp texting me", "end", "END.", "end it now please", "end this", "end all", "end my texts",
    "please end these texts",
    "end texts", "end messages", "end reminders", "end everything texts", "cancel", "Cancel all",
    "cancel my reminders", "cancel texting", "cancel everything", "quit", "QUIT!", "quit texting me",
    "quit messaging me", "revoke", "revoke consent", "revoke my consent", "don't text me",
    "don\u2019t text me again", "dont text me anymore", "do not... don't text me!", "no more texts",
    "no more messages please", "take me off this list", "Take me off your list", "remove me",
    "please remove me from this", "leave me alone", "LEAVE ME ALONE!!!", "alto", "ALTO", "parar", "baja",
    "cancelar", "fin", "salir", "por favor alto", "Baja ya", "no más mensajes", "no mas mensajes por favor",
    "NO MÁS MENSAJES", "no me escriban", "no me escriban más", "déjenme en paz", "dejenme en paz",
    "quiero darme de baja", "darme de baja", "quítenme de la lista", "quitenme", "done. STOP",
    "win, thanks. stop", "plz stop", "pls stop these", "ok stop please", "yes stop", "done stop",
    "win stop", "not today stop",
    "do not text me", "Don’t contact me ever", "do not message me", "can you stop sending these",
    "delete my number", "basta", "ya basta", "PARA", "paren!", "no quiero más mensajes de ustedes",
    "no quiero mensajes", "no manden más mensajes", "no me escribas más", "no me escriba", "no me manden",
    "no me envíen más", "déjame en paz!!", "déjeme en paz", "dame de baja porfa", "denme de baja",
    "quítame de esta lista", "bórrenme", "STOP STOP STOP", "ＳＴＯＰ ３", "stop smoking day 3, win",
]  # fmt: skip
NOT_OUT = [
    "stopped", "stopped panicking today, win", "unstop", "nonstop", "I cannot stop smoking",
    "the bus stop was far", "ending", "the end", "end of the week", "cancel my appointment", "cancelled",
    "quit smoking", "I quit my job", "finally", "el fin de semana", "baja de peso", "salir a caminar",
    "alto ahí amigo", "end me a message", "", "spot", "tops", "enda", "optical", "option", "quite good",
    "revoked", "don't stop me now", "para mañana", "para mí fue difícil", "basta de azúcar", "paré de fumar",
    "quítame el miedo", "dame un momento", "no quiero mensajear a mi ex", "S.T.O.P. sign", "parar de fumar",
    "Liked “Northside: a small reminder. Reply DONE, LATER or PAUSE. STOP to end.”",
    "Laughed at “STOP to end.”",
]  # fmt: skip


@pytest.mark.parametrize("text", OUT)
def test_is_an_opt_out(text: str) -> None:
    assert said(text)["intent"] == "opt_out"


@pytest.mark.parametrize("text", NOT_OUT)
def test_is_no_opt_out(text: str) -> None:
    assert said(text)["intent"] != "opt_out"


@pytest.mark.parametrize(
    "text",
    [
        "stop, I want to die", "STOP i want to kill myself", "end it", "end it all", "END IT.",
        "please end it", "unsubscribe me, no reason to live", "i want to die stop", "I want to die. STOP",
        "alto. quiero morir", "quiero morir, no me escriban más",
    ],
)  # fmt: skip
def test_an_opt_out_beside_despair_gets_the_crisis_line_with_its_confirmation(text: str) -> None:
    assert said(text) == {"intent": "opt_out", "value": None, "safety": True}


@pytest.mark.parametrize("text", ["stop", "end", "cancel all", "no más mensajes"])
def test_an_opt_out_alone_is_not_taken_for_despair(text: str) -> None:
    assert "safety" not in said(text)


SAID_OFTEN = ("sms ", "ack ", "several", "celebration", *get_args(MilestoneRule))
OURS = sorted(place for place in CATALOGUES["en"].contexts if place.startswith(SAID_OFTEN))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", OURS)
def test_our_own_words_quoted_with_a_reaction_mean_nothing(language: str, place: str) -> None:
    words = CATALOGUES[language]
    stop = words.variants("sms stop")[0]
    for template, verb in product(words.variants(place, 7), ("Liked", "Loved", "Le gustó", "❤️ to")):
        ours = template.replace("{label}", "your practice").replace("{count}", "7")
        assert said(f"{verb} “Northside: {ours} {stop}”")["intent"] == "unknown"
