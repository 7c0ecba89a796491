"""Where seals are kept: a folder outside the database, in which nothing is ever written over."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from services.goals.seals.seal import BadSeal, Held, held

_NAME = re.compile(r"([0-9]{8})\.json")


class Place(Protocol):
    """Where documents lie by their names: a folder here; an object store needs no more."""

    def names(self) -> list[str]:
        """The names of all, in order."""

    def read(self, name: str) -> bytes:
        """One of them."""

    def keep(self, name: str, content: bytes) -> bool:
        """Writes one, whole or not at all; False where there is one by this name, which stays as it is."""


class Folder:
    """A folder, made when something is first kept in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """The names of the files in it, without those that are being written."""
        if not self._path.is_dir():
            return []
        return sorted(file.name for file in self._path.iterdir() if not file.name.startswith("."))

    def read(self, name: str) -> bytes:
        """The content of a file."""
        return (self._path / name).read_bytes()

    def keep(self, name: str, content: bytes) -> bool:
        """Writes beside it and links it into place: a link never replaces what is there."""
        self._path.mkdir(parents=True, exist_ok=True)
        unfinished = self._path / f".{name}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(0o444)
            (self._path / name).hardlink_to(unfinished)
        except FileExistsError:
            return False
        finally:
            unfinished.unlink(missing_ok=True)
        self._settle()
        return True

    def _settle(self) -> None:
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def name_of(number: int) -> str:
    """The name of a seal."""
    return f"{number:08}.json"


def seals_in(place: Place) -> Iterator[Held]:
    """The seals in order, each checked by itself. Raises BadSeal."""
    for number in numbers_in(place):
        yield seal_in(place, number)


def numbers_in(place: Place) -> list[int]:
    """Which seals there are, in order."""
    return sorted(int(found[1]) for name in place.names() if (found := _NAME.fullmatch(name)))


def seal_in(place: Place, number: int) -> Held:
    """One seal, checked by itself. Raises BadSeal."""
    try:
        return held(number, place.read(name_of(number)))
    except OSError as error:
        raise BadSeal(number, f"cannot be read ({error.strerror})") from error
