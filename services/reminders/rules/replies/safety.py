"""Whether a text holds a phrase of despair or danger, by the lists of the catalogues. Negation still hits."""

from __future__ import annotations

from services.reminders.rules.catalogue import CATALOGUES
from services.reminders.rules.replies.phrases import Phrases
from services.reminders.rules.replies.plainly import plainly
from services.reminders.rules.replies.reading import Read, without_fillers


def _listed(place: str) -> Phrases:
    return Phrases((phrase for each in CATALOGUES.values() for phrase in each.listed(place)), plainly)


ANYWHERE = _listed("safety phrases")
WHOLE = _listed("safety whole")
"""What is a cry for help only where it is all that she wrote."""
GRAVE = _listed("safety grave")
"""What no DONE and no WIN is believed beside."""
HARMLESS = _listed("safety harmless")
"""What holds one of the phrases and is none."""


def is_unsafe(text: Read) -> bool:
    """Whether the signpost to the crisis line must go out."""
    said = HARMLESS.without(text)
    return ANYWHERE.found(said.words) or ANYWHERE.found(said.whole) or _cries(text.words)


def is_grave(text: Read) -> bool:
    """Whether a person should look at what else reads as something done or won."""
    return any(map(_cries, text.sentences())) or GRAVE.found(HARMLESS.without(text).words)


def beside(text: Read) -> Read:
    """What she wrote besides."""
    return Read(text.written, ()) if _cries(text.words) else ANYWHERE.without(text)


def _cries(words: tuple[str, ...]) -> bool:
    return WHOLE.are(words) or WHOLE.are(without_fillers(words))
