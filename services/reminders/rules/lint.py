"""Which words never reach a lock screen, and which we never say at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from services.reminders.rules.catalogue import CATALOGUES


def clinical_words(text: str) -> tuple[str, ...]:
    """The clinical words of the lists, in any of our languages, that a text holds."""
    return _found(text, _CLINICAL)


def forbidden_words(text: str) -> tuple[str, ...]:
    """The clinical and the shaming words that a text holds, as the lists write them."""
    return _found(text, _CLINICAL | _SHAMING)


def _found(text: str, listed: dict[str, str]) -> tuple[str, ...]:
    read = _as_read(text)
    return tuple(word for key, word in listed.items() if key in read and _stands_alone(key, read))


def _stands_alone(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _as_read(text: str) -> str:
    """As an eye reads it: nothing invisible, no case, no accents, one kind of apostrophe and of space."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", visible).casefold())
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return " ".join(plain.replace("\u2019", "'").replace("\u02bc", "'").split())


def _by_reading(words: Iterable[str]) -> dict[str, str]:
    return {_as_read(word): word for word in words}


_CLINICAL = _by_reading(word for c in CATALOGUES.values() for word in c.listed("forbidden clinical"))
_SHAMING = _by_reading(word for c in CATALOGUES.values() for word in c.listed("forbidden shaming"))
