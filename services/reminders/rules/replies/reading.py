"""How a text is read: without what nobody sees, without case, accents and apostrophes, as words and signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["word", "number", "check", "ask", "point", "break"]

APOSTROPHES = frozenset("'\u2019\u2018\u02bc`\u00b4\u2032\uff07")
CHECKS = frozenset("✓✔☑✅👍🗸🗹")
FILLERS = frozenset({"please", "just", "all", "now", "i", "ya", "ahora"})
"""What does not count where a text is matched whole, and "por favor"."""
SEPARATES: Collection[Kind] = ("ask", "point", "break")

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.,])-?\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?|\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+)|(?P<break>[\n\r]+)|(?P<other>\S)"
)


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, as it is matched, and where it stands in what she wrote."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Read:
    """A text as it is read."""

    written: str
    tokens: tuple[Token, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and numbers in order."""
        return tuple(token.text for token in self.tokens if token.kind in ("word", "number"))

    @cached_property
    def whole(self) -> tuple[str, ...]:
        """The same without the words that do not count."""
        return without_fillers(self.words)

    @cached_property
    def checks(self) -> bool:
        """Whether there is a sign that says done."""
        return any(token.kind == "check" for token in self.tokens)

    def sentences(self) -> Iterator[tuple[str, ...]]:
        """The words between its punctuation marks and line breaks."""
        words: list[str] = []
        for token in self.tokens:
            if token.kind in SEPARATES:
                yield tuple(words)
                words = []
            elif token.kind in ("word", "number"):
                words.append(token.text)
        yield tuple(words)

    def clauses(self) -> Iterator[tuple[str, ...]]:
        """The same without the words that do not count."""
        return map(without_fillers, self.sentences())

    def after(self, token: Token) -> str | None:
        """What she wrote behind a token, as she wrote it; None where that is nothing."""
        return _trimmed(self.written[token.end :])

    def before(self, token: Token) -> str | None:
        """What she wrote before it."""
        return _trimmed(self.written[: token.start])


def read(text: str) -> Read:
    """Reads a text."""
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        seen = _seen(sign)
        plain.append(seen)
        places.extend([place] * len(seen))
    joined = "".join(plain)
    return Read(text, tuple(_tokens(joined, places)))


def without_fillers(words: Collection[str]) -> tuple[str, ...]:
    """The words that count where a text is matched whole."""
    said = f" {' '.join(words)} ".replace(" por favor ", " ").split()
    return tuple(word for word in said if word not in FILLERS)


def _seen(sign: str) -> str:
    """A sign as it is matched: nothing for one that is not seen, for an accent and for an apostrophe."""
    if sign in APOSTROPHES:
        return ""
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", sign).casefold())
    return "".join(_digit(part) for part in parted if unicodedata.category(part) not in ("Cf", "Mn", "Me"))


def _digit(sign: str) -> str:
    return str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign.replace("⁄", "/")


def _tokens(plain: str, places: list[int]) -> Iterator[Token]:
    for found in _TOKEN.finditer(plain):
        kind = _kind(found)
        if kind is not None:
            text = re.sub(r"\s", "", found[0]).replace(",", ".") if kind == "number" else found[0]
            yield Token(kind, text, places[found.start()], places[found.end() - 1] + 1)


def _kind(found: re.Match[str]) -> Kind | None:
    """What it is; None for an emoji or another sign that only separates words."""
    if found["number"]:
        return "number"
    if found["word"]:
        return "word"
    if found["break"]:
        return "break"
    if found[0] in CHECKS:
        return "check"
    if found[0] == "?":
        return "ask"
    return "point" if unicodedata.category(found[0])[0] == "P" or found[0] in "+=<>|~^$" else None


def _trimmed(words: str) -> str | None:
    """Without the punctuation and the space around it; a mark that opens it and one that closes it stay."""
    around = ".,;:-–—!*_ \n\r\t"
    kept = words.strip().lstrip(around + "”»").rstrip(around + "“«")
    return kept or None
