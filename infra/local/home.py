"""The folder of one installation: its secrets, its lock, and where it can be reached while it runs."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.logins import LOGINS
from infra.local.trouble import CannotStart, LocalError
from shared.settings import SettingsError
from shared.spelling import Malformed, key, spell


@dataclass(frozen=True)
class Secrets:
    """What only this installation knows: three keys of 32 bytes, and the passwords by who has each."""

    master_key: bytes = field(repr=False)
    token_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)
    """One for each of LOGINS, one for "postgres" and one for "valkey"."""


@dataclass(frozen=True)
class Home:
    """A folder that only its owner may open."""

    path: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder where it is missing, and be the only one who runs in it.

        Raises LocalError when another does, SettingsError when the folder cannot be used.
        The lock ends with the process, however it ends.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SettingsError(
                f"CAIRN_HOME must be a folder of yours: {self.path} cannot be used ({error.strerror})"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Cairn already runs in {self.path}: stop it first, or set CAIRN_HOME to another folder."
            ) from None
        else:
            yield
        finally:
            os.close(lock)

    def is_running(self) -> bool:
        """Whether an installation runs in it now: an up.json that a killed one left behind proves nothing."""
        try:
            with (self.path / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def secrets(self) -> Secrets:
        """The secrets, made at the first start. Raises LocalError when they were lost or changed."""
        kept = self.path / "secrets.json"
        if not kept.exists():
            if (self.path / "postgres" / "data").exists():
                raise LocalError(
                    f"{kept} is gone, and with it the keys to what is in {self.path}: "
                    "put it back from a backup, or set CAIRN_HOME to another folder."
                )
            self.write("secrets.json", _new_secrets())
        elif "seal_key" not in (known := self.read("secrets.json")):  # made before there were seals
            self.write("secrets.json", known | {"seal_key": spell(secrets.token_bytes(32))})
        return self.known_secrets()

    def known_secrets(self) -> Secrets:
        """The secrets that are there. Raises LocalError when there are none."""
        found = self.read("secrets.json")
        try:
            passwords = {str(who): str(password) for who, password in found["passwords"].items()}
            if not {*LOGINS, "postgres", "valkey"} <= set(passwords):
                raise KeyError("passwords")
            master, token, seal = (key(found[name]) for name in ("master_key", "token_key", "seal_key"))
            return Secrets(master, token, seal, passwords)
        except (KeyError, TypeError, AttributeError, Malformed) as error:
            raise LocalError(
                f"{self.path / 'secrets.json'} is not as it was made: put it back from a backup."
            ) from error

    def read(self, name: str) -> dict[str, Any]:
        """One of the folder's JSON files; empty when it is not there."""
        try:
            found = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise LocalError(f"{self.path / name} cannot be read as JSON: {error}") from error
        return found if isinstance(found, dict) else {}

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one JSON file for its owner's eyes: whole, or not at all."""
        unfinished = self.path / f"{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.path / name)

    def remove(self, name: str) -> None:
        """Remove one of its files, if it is there."""
        (self.path / name).unlink(missing_ok=True)


def _new_secrets() -> dict[str, Any]:
    return {
        "master_key": spell(secrets.token_bytes(32)),
        "token_key": spell(secrets.token_bytes(32)),
        "seal_key": spell(secrets.token_bytes(32)),
        "passwords": {who: secrets.token_urlsafe(24) for who in (*LOGINS, "postgres", "valkey")},
    }
