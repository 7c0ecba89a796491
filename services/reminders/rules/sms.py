"""An SMS: one segment, from a neutral sender, whatever the names."""

from __future__ import annotations

from collections.abc import Iterator

from services.reminders.rules.saying import Saying, sentence
from services.reminders.rules.segments import size

ENOUGH_TO_VARY = 2


def text_of(said: Saying) -> str:
    """The text. The fullest wording that fits one segment, with variants to spare; nothing is ever cut."""
    shortest: list[str] = []
    for texts in _by_fullness(said):
        fit = [text for text in texts if size(text).segments == 1]
        if len(fit) >= min(ENOUGH_TO_VARY, len(texts)):
            return fit[said.turn % len(fit)]
        shortest = texts
    # A sender's name so long that nothing fits: better two segments than silence.
    return min(shortest, key=lambda text: size(text).units)


def _by_fullness(said: Saying) -> Iterator[list[str]]:
    end = f" {said.catalogue.variants('sms stop')[0]}" if said.asks else ""
    for before, context, count in _contexts(said):
        for label in said.labels:
            bodies = said.filled(context, count, label)
            if before:
                bodies = [
                    f"{first} {sentence(body)}"
                    for first in said.filled(before, count, label)
                    for body in bodies
                ]
            yield [f"{said.sender}: {body}{end}" for body in bodies]


def _contexts(said: Saying) -> tuple[tuple[str, str, int], ...]:
    """The places of the catalogue that have words for it, the fullest first: what goes before, if anything,
    the words themselves, and what is counted in them.
    """
    together = len(said.earned)
    if said.asks == ("practice",) and said.earned:
        return (
            ("", "sms both", together),
            ("", "sms both short", together),
            ("", "sms both brief", together),
        )
    if said.asks:
        before = ("sms well done", "sms well done brief") if said.earned else ("", "")
        return (
            (before[0], f"sms {' '.join(said.asks)}", 1),
            (before[1], f"sms {said.asks[-1]} brief", 1),
        )
    if together == 1:
        return (("", said.earned[0][0], said.earned[0][1]), ("", "celebration brief", 1))
    return (("", "several", together), ("", "several short", together), ("", "celebration brief", together))
