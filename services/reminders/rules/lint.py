"""Whether a wording is fit to send: how it travels, and the words that we never say."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.reminders.rules.catalogue import CATALOGUES
from services.reminders.rules.segments import Encoding, size
from shared.neutral import by_reading, clinical_words, found

Where = Literal["sms", "email_subject", "email_first_line"]
"""The places that a lock screen shows."""


class Judged(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a wording travels as an SMS, and what is wrong with it: words in it, and an end that it lacks."""

    encoding: Encoding
    units: int
    segments: int
    forbidden: tuple[str, ...]
    missing: tuple[str, ...] = ()


def judged(text: str, where: Where, *, starts: bool = False) -> Judged:
    """A wording, judged. What starts a conversation by SMS ends with how to end it, in either language."""
    travels = size(text)
    ends = [catalogue.variants("sms stop")[0] for catalogue in CATALOGUES.values()]
    lacks = starts and where == "sms" and not any(text.rstrip().endswith(end) for end in ends)
    return Judged(
        travels.encoding,
        travels.units,
        travels.segments,
        forbidden_words(text),
        (ends[0],) if lacks else (),
    )


def forbidden_words(text: str) -> tuple[str, ...]:
    """The clinical and the shaming words that a text holds, as the lists write them."""
    return clinical_words(text) + found(text, _SHAMING)


_SHAMING = by_reading(word for c in CATALOGUES.values() for word in c.listed("forbidden shaming"))
