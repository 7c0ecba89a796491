"""What is answered to her own text: one SMS for each, in her language, from the neutral sender."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from babel.dates import format_date

from services.reminders.rules.catalogue import CATALOGUES, Catalogue
from services.reminders.rules.crisis import Crisis, listening
from services.reminders.rules.saying import Saying
from services.reminders.rules.sms import text_of

DAY = {"en": "EEE, MMM d", "es": "d MMM"}
"""As it is said in a text; Spanish days of the week hold signs that GSM-7 lacks."""


class Speaker(msgspec.Struct, frozen=True):
    """Who answers, in which language, and whom to call instead."""

    language: str
    sender: str | None
    """The clinic's neutral name; None to a number that is nobody's we know."""
    phone: str | None
    crisis: Crisis


def answer(speaker: Speaker, place: str, turn: int = 0, **names: object) -> str:
    """The words of a place of the catalogue, with the names and figures in them."""
    texts = _catalogue(speaker).variants(place)
    text = texts[turn % len(texts)].format(
        phone=speaker.phone or "",
        emergency=speaker.crisis.emergency,
        line=listening(speaker.crisis),
        **names,
    )
    return signed(speaker, text)


def signpost(speaker: Speaker) -> str:
    """Where to turn when she may be in danger."""
    crisis = speaker.crisis
    how = "text" if crisis.texts else "call" if crisis.line else "none"
    return answer(speaker, f"signpost {how}")


def acknowledged(speaker: Speaker, what: str, earned: Sequence[tuple[str, int]], turn: int) -> str:
    """That what she sent is noted, with what it earned: the celebration goes nowhere else."""
    if not earned:
        return answer(speaker, f"ack {what}", turn)
    said = Saying(
        catalogue=_catalogue(speaker),
        sender=speaker.sender or "",
        phone=speaker.phone or "",
        label=None,
        asks=(),
        earned=tuple(earned),
        turn=turn,
    )
    return text_of(said)


def day_in(speaker: Speaker, day: date) -> str:
    """A day as it is said: "Mon, Mar 2"."""
    return format_date(day, DAY[speaker.language], locale=speaker.language)


def signed(speaker: Speaker, text: str) -> str:
    """Behind the sender's name; a text that begins for itself otherwise."""
    return f"{speaker.sender}: {text}" if speaker.sender else text[:1].upper() + text[1:]


def _catalogue(speaker: Speaker) -> Catalogue:
    return CATALOGUES[speaker.language]
