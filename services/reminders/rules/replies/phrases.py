"""Finding phrases, word by word, in what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from services.reminders.rules.replies.reading import Read, read


class Phrases:
    """Some phrases, known by how they are read."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = read(phrase).words
            self._by_first.setdefault(words[0], []).append(words)

    def found(self, words: Sequence[str]) -> bool:
        """Whether one of them stands somewhere in these words."""
        return next(self._places(words), None) is not None

    def are(self, words: Sequence[str]) -> bool:
        """Whether one of them is all of these words."""
        return bool(words) and tuple(words) in self._by_first.get(words[0], ())

    def without(self, text: Read) -> Read:
        """The text with each of them taken out."""
        taken: set[int] = set()
        for first, length in self._places(text.words):
            taken |= set(range(first, first + length))
        left, place = [], 0
        for token in text.tokens:
            is_word = token.kind in ("word", "number")
            if not (is_word and place in taken):
                left.append(token)
            place += is_word
        return Read(text.written, tuple(left))

    def _places(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        for place, word in enumerate(words):
            for phrase in self._by_first.get(word, ()):
                if tuple(words[place : place + len(phrase)]) == phrase:
                    yield place, len(phrase)
