"""Where seals are kept: the face of every such place, and the seals that lie in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from services.goals.seals.seal import BadSeal, Held, held

_NAME = re.compile(r"([0-9]{8})\.json")


class PlaceAway(Exception):
    """Where seals are kept cannot be read or written just now; the text says in one line which, and why."""


class Place(Protocol):
    """Where documents lie by their names: a folder, a bucket. All of it raises PlaceAway."""

    def names(self, after: str = "") -> list[str]:
        """The names of all that come after this one, in order."""

    def read(self, name: str) -> bytes:
        """One of them. Raises FileNotFoundError where there is none by this name."""

    def read_each(self, names: Sequence[str]) -> Iterator[bytes]:
        """Some of them, in the order in which they are asked for. Raises FileNotFoundError as `read` does."""

    def keep(self, name: str, content: bytes) -> bool:
        """Writes one, whole or not at all; False where there is one by this name, which stays as it is."""


def name_of(number: int) -> str:
    """The name of a seal."""
    return f"{number:08}.json"


def seals_in(place: Place, after: int = 0) -> Iterator[Held]:
    """The seals that come after a number, in order, each checked by itself. Raises BadSeal, PlaceAway."""
    return seals_of(place, numbers_in(place, after))


def seals_of(place: Place, numbers: Sequence[int]) -> Iterator[Held]:
    """These seals, in this order, each checked by itself. Raises BadSeal, PlaceAway."""
    contents = place.read_each([name_of(number) for number in numbers])
    for number in numbers:
        try:
            content = next(contents)
        except FileNotFoundError as error:
            raise BadSeal(number, "is missing") from error
        yield held(number, content)


def numbers_in(place: Place, after: int = 0) -> list[int]:
    """Which seals there are after a number, in order. Raises PlaceAway."""
    names = place.names(name_of(after))
    return sorted(int(found[1]) for name in names if (found := _NAME.fullmatch(name)))


def seal_in(place: Place, number: int) -> Held:
    """One seal, checked by itself. Raises BadSeal, PlaceAway."""
    (one,) = seals_of(place, [number])
    return one
