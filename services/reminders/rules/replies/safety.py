"""Whether a text holds a phrase of despair or danger, by the lists of the catalogues. Negation still hits."""

from __future__ import annotations

from services.reminders.rules.catalogue import CATALOGUES
from services.reminders.rules.replies.phrases import Phrases
from services.reminders.rules.replies.reading import Read

ANYWHERE = Phrases(phrase for each in CATALOGUES.values() for phrase in each.listed("safety phrases"))
WHOLE = Phrases(phrase for each in CATALOGUES.values() for phrase in each.listed("safety whole"))
"""What is a cry for help only where it is all that she wrote."""


def is_unsafe(text: Read) -> bool:
    """Whether the signpost to the crisis line must go out."""
    return ANYWHERE.found(text.words) or ANYWHERE.found(text.whole) or WHOLE.are(text.whole)


def beside(text: Read) -> Read:
    """What she wrote besides."""
    return Read(text.written, ()) if WHOLE.are(text.whole) else ANYWHERE.without(text)
