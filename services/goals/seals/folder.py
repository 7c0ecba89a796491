"""Seals in a folder, in which nothing is ever written over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident

from services.goals.seals.place import PlaceAway


class Folder:
    """A folder, made when something is first kept in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self, after: str = "") -> list[str]:
        """The names of the files in it, without those that are being written."""
        with self._told():
            try:
                names = [file.name for file in self._path.iterdir()]
            except FileNotFoundError:
                return []
        return sorted(name for name in names if name > after and not name.startswith("."))

    def read(self, name: str) -> bytes:
        """The content of a file."""
        with self._told():
            return (self._path / name).read_bytes()

    def read_each(self, names: Sequence[str]) -> Iterator[bytes]:
        """The contents of some files."""
        return map(self.read, names)

    def keep(self, name: str, content: bytes) -> bool:
        """Writes beside it and links it into place: a link never replaces what is there."""
        unfinished = self._path / f".{name}.{os.getpid()}.{get_ident()}"
        with self._told():
            self._path.mkdir(parents=True, exist_ok=True)
            try:
                _write(unfinished, content)
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

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise PlaceAway(f"the folder {self._path}: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)
