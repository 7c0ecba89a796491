"""Finding phrases, word by word, in what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from services.reminders.rules.replies.reading import Read, read


class Spelled(NamedTuple):
    """A word as it is looked for, which stands for the words from `first` until `past` of a text."""

    text: str
    first: int
    past: int


Spelling = Callable[[Sequence[str]], Iterable[Spelled]]


def as_read(words: Sequence[str]) -> Iterator[Spelled]:
    """Each word for itself."""
    return (Spelled(word, place, place + 1) for place, word in enumerate(words))


class Phrases:
    """Some phrases, known by how they are read, and in one spelling."""

    def __init__(self, phrases: Iterable[str], spelling: Spelling = as_read) -> None:
        self._spelling = spelling
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = self._spelled(read(phrase).words)
            self._by_first.setdefault(words[0], set()).add(words)

    def found(self, words: Sequence[str]) -> bool:
        """Whether one of them stands somewhere in these words."""
        return next(self._places(words), None) is not None

    def are(self, words: Sequence[str]) -> bool:
        """Whether one of them is all of these words."""
        said = self._spelled(words)
        return bool(said) and said in self._by_first.get(said[0], ())

    def without(self, text: Read) -> Read:
        """The text with each of them taken out."""
        taken: set[int] = set()
        for first, past in self._places(text.words):
            taken |= set(range(first, past))
        left, place = [], 0
        for token in text.tokens:
            is_word = token.kind in ("word", "number")
            if not (is_word and place in taken):
                left.append(token)
            place += is_word
        return Read(text.written, tuple(left))

    def _spelled(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(word.text for word in self._spelling(words))

    def _places(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where each stands: its first word, and the one behind its last."""
        said = list(self._spelling(words))
        for place, word in enumerate(said):
            for phrase in self._by_first.get(word.text, ()):
                found = said[place : place + len(phrase)]
                if tuple(one.text for one in found) == phrase:
                    yield found[0].first, found[-1].past
