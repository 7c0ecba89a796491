"""A text as its words: where each stands, how an eye reads it, and which phrases begin there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_MARKS = 4
"""On one letter; no language that is read here has more."""

_WORD = re.compile(r"\d+(?:[./:,-]\d+)*%?|[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
"""A number with its dots, dashes and slashes, or a run of letters; each sign is looked at once."""


class Text(NamedTuple):
    """What was written, and its words without case, accents and apostrophes."""

    written: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    def quoted(self, first: int, after: int) -> str:
        """The words from `first` to before `after`, as they were written."""
        return self.written[self.places[first][0] : self.places[after - 1][1]]


class Phrases:
    """Phrases by their first word, the longer ones first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append(words)
        for known in self._by_first.values():
            known.sort(key=len, reverse=True)

    def end(self, words: tuple[str, ...], first: int) -> int | None:
        """Where the phrase that begins at `first` ends, or None when none does."""
        for phrase in self._by_first.get(words[first], ()):
            if words[first : first + len(phrase)] == phrase:
                return first + len(phrase)
        return None

    def first(self, words: tuple[str, ...]) -> int | None:
        """Where the first of them begins in a text, or None."""
        return next((place for place in range(len(words)) if self.end(words, place) is not None), None)


def read(written: str) -> Text:
    """The words of a text; what nobody sees is left out."""
    seen = unicodedata.normalize("NFC", "".join(_seen(written)))
    found = [(match.group(), match.span()) for match in _WORD.finditer(seen)]
    return Text(seen, tuple(_plain(word) for word, _ in found), tuple(place for _, place in found))


def is_number(word: str) -> bool:
    """Whether a word is written in digits."""
    return word[0].isdecimal()


def _seen(written: str) -> Iterator[str]:
    """Without format characters, and no more marks on a letter than one reads: to order them takes long."""
    marks = 0
    for sign in written:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS and unicodedata.category(sign) != "Cf":
            yield sign


def _plain(word: str) -> str:
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(s for s in parted if s.isalnum() or s in "./:,-%")
