"""The master keys: one wraps the keys of records, and every one that is known opens what it wrapped."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID

from shared.sealing import Key, Random, derive
from shared.spelling import Malformed, key

WHOLE_FILE = (
    "a file of master keys that its owner alone may read (mode 600), each a line of 32 bytes in base64url,"
    " the one that wraps first"
)


class Master:
    """One master key. It shows its `id`, which tells nothing of it, and never itself."""

    __slots__ = ("_secret", "_wrapping", "id")

    def __init__(self, secret: bytes, random: Random = os.urandom) -> None:
        self.id = derive(secret, "id")[:8].hex()
        self._wrapping = Key(UUID(int=0), derive(secret, "wrap"), random)
        self._secret = secret

    def wrap(self, secret: bytes, place: bytes) -> bytes:
        """A key so that this master key alone opens it again, at the same place."""
        return self._wrapping.seal(secret, place)

    def unwrap(self, wrapped: bytes, place: bytes) -> bytes:
        """What was wrapped for this place. Raises Unopenable."""
        return self._wrapping.open(wrapped, place)

    def derived(self, purpose: str) -> bytes:
        """What was made of this master key before such keys were kept: 32 bytes."""
        return derive(self._secret, purpose)


class Masters(Protocol):
    """The master keys that are known just now."""

    def wrapping(self) -> Master:
        """The one that wraps whatever is wrapped now."""
        ...

    def named(self, master_id: str) -> Master | None:
        """The one with this id; None when it is not known."""
        ...


class Given:
    """Master keys that stay as they were given, the one that wraps first: the environment's."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        made = [Master(secret) for secret in secrets]
        self._first = made[0]
        self._known = {master.id: master for master in made}

    def wrapping(self) -> Master:
        """The first."""
        return self._first

    def named(self, master_id: str) -> Master | None:
        """One of them, or None."""
        return self._known.get(master_id)


class InFile:
    """Master keys in a file, the one that wraps first. Who runs already knows what is written there later.

    Threads may share it. It is looked at when a key is to be wrapped, and where a master key is not known;
    it is read where it changed. One that cannot be read leaves what was known.
    """

    def __init__(self, path: Path) -> None:
        """Raises Malformed where the file is none of master keys."""
        self._path = path
        self._lock = threading.Lock()
        self._known = Given(secrets_in(path))
        self._seen: tuple[int, int, int] | None = None

    def wrapping(self) -> Master:
        """The first one of the file as it is now."""
        return self._now().wrapping()

    def named(self, master_id: str) -> Master | None:
        """One that is known, or that is in the file by now."""
        return self._known.named(master_id) or self._now().named(master_id)

    def _now(self) -> Given:
        # Where it is not whole somebody is at it, and the next look finds more.
        with self._lock, suppress(OSError, Malformed):
            seen = _look(self._path)
            if seen != self._seen:
                self._known, self._seen = Given(secrets_in(self._path)), seen
        return self._known


def key_file(text: str) -> Path:
    """A file of master keys that is whole just now. Raises Malformed."""
    path = Path(text).absolute()
    secrets_in(path)
    return path


def secrets_in(path: Path) -> list[bytes]:
    """The keys of such a file, the one that wraps first. Lines that begin with # and empty ones say nothing.

    Raises Malformed.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise Malformed(WHOLE_FILE)
        lines = [line.strip() for line in path.read_text().splitlines()]
        secrets = [key(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError) as error:
        raise Malformed(WHOLE_FILE) from error
    if not secrets:
        raise Malformed(WHOLE_FILE)
    return secrets


def _look(path: Path) -> tuple[int, int, int]:
    there = path.stat()
    return there.st_ino, there.st_mtime_ns, there.st_size
