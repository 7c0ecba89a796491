"""Which words we never say: the clinical ones of the lock screen, and those that shame."""

from __future__ import annotations

from services.reminders.rules.catalogue import CATALOGUES
from shared.neutral import by_reading, clinical_words, found


def forbidden_words(text: str) -> tuple[str, ...]:
    """The clinical and the shaming words that a text holds, as the lists write them."""
    return clinical_words(text) + found(text, _SHAMING)


_SHAMING = by_reading(word for c in CATALOGUES.values() for word in c.listed("forbidden shaming"))
