"""The walk of a new master key: changed while both services are written to and read, and nobody notices."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from infra.local.databases import plain
from infra.local.door import ask
from shared.masters import Master
from tests.local.started import COMMAND, environment, up
from tests.shared.test_masters import keep

pytestmark = pytest.mark.timeout(300)
OLD, NEW = b"o" * 32, b"n" * 32
WRITERS = 3


@dataclass
class Crowd:
    """People who register clients, give them numbers, log wins and look, without a pause."""

    found: dict[str, Any]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(2_000))
    registered: dict[UUID, str] = field(default_factory=dict)
    troubles: list[object] = field(default_factory=list)

    def ask(self, method: str, path: str, body: object = None, house: str = "goals") -> int:
        """The status of a request of the therapist's."""
        return ask(method, f"{self.found[house]}{path}", self.found["tokens"]["therapist"], body)[0]

    def one(self) -> None:
        """A client, from the first to the last."""
        client, number = uuid4(), f"+1503555{next(self.numbers):04}"
        at = f"/v1/clients/{client}"
        body = {"name": "Maya Okafor", "locale": "en", "time_zone": "America/New_York", "adult": True}
        steps = (
            ("PUT", at, body),
            ("PUT", f"{at}/contacts/sms", {"address": number, "verified_by": "seen"}),
            ("PUT", f"{at}/wins/{uuid4()}", {"text": "I showed up"}),
            ("GET", at, None),
        )
        for method, path, sent in steps:
            status = self.ask(method, path, sent)
            if status not in (200, 201):
                self.troubles.append((method, path, status))
        self.registered[client] = number

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They are at it for so long."""
        enough = Event()

        def keep_on() -> None:
            while not enough.is_set():
                try:
                    self.one()
                except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
                    self.troubles.append(error)

        with ThreadPoolExecutor(WRITERS) as threads:
            for _ in range(WRITERS):
                threads.submit(keep_on)
            try:
                yield
            finally:
                enough.set()

    def more(self, clients: int = 8) -> None:
        """Waits until so many more were registered."""
        enough, until = len(self.registered) + clients, time.monotonic() + 60
        while len(self.registered) < enough:
            assert time.monotonic() < until, self.troubles
            time.sleep(0.05)

    def are_followed(self) -> None:
        """Waits until the reminder service can open every one of them."""
        until = time.monotonic() + 60
        for client in self.registered:
            while self.ask("GET", f"/v1/clients/{client}/preview", house="reminders") != 200:
                assert time.monotonic() < until
                time.sleep(0.05)


def run(home: Path, file: Path, *words: str) -> str:
    """A command of ours, which must succeed: a process that has opened nothing before."""
    done = subprocess.run(
        [*COMMAND, *words],
        env=environment(home, CAIRN_MASTER_KEY_FILE=str(file)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wrapped_by(admin: str, vault: str) -> set[str]:
    """By which master keys what is in a vault was wrapped."""
    with psycopg.connect(f"{plain(admin).rpartition('/')[0]}/{vault}") as connection:
        rows = connection.execute(
            "SELECT master_id FROM record_key WHERE wrapped IS NOT NULL UNION SELECT master_id FROM own_key"
        )
        return {row[0] for row in rows}


def test_nobody_notices_that_the_master_key_is_changed(tmp_path: Path) -> None:
    home, file = tmp_path / "home", keep(tmp_path / "keys", OLD)
    with up(home, CAIRN_MASTER_KEY_FILE=str(file)) as (process, found):
        crowd = Crowd(found)
        with crowd.at_work():
            crowd.more()
            keep(file, NEW, OLD)
            crowd.more()
            for house in ("goals", "reminders"):
                assert f"needs master key {Master(OLD).id} any more" in run(home, file, house, "rekey")
            crowd.more()
            keep(file, NEW)
            crowd.more()
        assert crowd.troubles == []
        for vault in ("cairn_vault", "cairn_reminders_vault"):
            assert wrapped_by(found["admin"], vault) == {Master(NEW).id}
        crowd.are_followed()
        assert "are what the log adds up to" in run(home, file, "goals", "rebuild", "--check")
        first, number = next(iter(crowd.registered.items()))
        run(home, file, "reminders", "preview", str(first))
        last = list(crowd.registered)[-1]
        taken = {"address": number, "verified_by": "seen"}
        assert crowd.ask("PUT", f"/v1/clients/{last}/contacts/sms", taken) == 409
        process.terminate()
        process.communicate(timeout=60)
