"""The walk of an erasure: a client whose messages went out is erased, and nobody finds anything of hers."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis

from infra.local import story as told
from infra.local.databases import plain
from infra.local.door import ask
from infra.local.home import Home
from infra.local.logins import DATABASES
from shared.tokens import mint
from tests.local.started import COMMAND, environment, up
from tests.walk.thief import dump, finds_nothing

pytestmark = pytest.mark.timeout(400)
WAITS = {"CAIRN_ERASURE_WAIT_DAYS": "0"}


def becomes(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Waits until it holds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.3)


class Teller:
    """Tells the story to a running installation, each part by who does it."""

    def __init__(self, home: Path, found: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        self.story = told.Story(zone=told.where_it_is_late_morning(now), now=now)
        self.found = found
        self.key = Home(home).known_secrets().token_key

    def token(self, who: str) -> str:
        """A token of somebody of the story."""
        story = self.story
        subs = {"therapist": str(story.therapist), "client": str(story.client)}
        clinic = None if who == "operator" else story.clinic
        client = story.client if who == "client" else None
        life = timedelta(hours=1)
        return mint(self.key, sub=subs.get(who, str(uuid4())), role=who, clinic=clinic, client=client,
                    lifetime=life, now=datetime.now(UTC))  # fmt: skip

    def ask(self, who: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """A request to the goals service."""
        return ask(method, f"{self.found['goals']}{path}", self.token(who), body)

    def tell(self) -> None:
        """Until her messages have come."""
        for part in (told.beginning, told.first_goal, told.first_practice):
            for step in part(self.story):
                status, answer = self.ask(step.who, step.method, step.path, step.body)
                assert status < 300, (step, answer)
        becomes(lambda: len(self.outbox()) >= 2)

    def outbox(self) -> list[dict[str, Any]]:
        """What her phone and her inbox show."""
        items: list[dict[str, Any]] = ask("GET", f"{self.found['reminders']}/outbox")[1]["items"]
        return items

    def erased(self) -> bool:
        """Whether the goals service says so."""
        status, answer = self.ask("lead", "GET", f"/v1/clients/{self.story.client}")
        return status == 410 and answer["state"] == "erased"


def database(admin: str, name: str) -> str:
    """The superuser's address of one of the databases."""
    return f"{plain(admin).rpartition('/')[0]}/{name}"


def keys_of(admin: str, client: object) -> list[object]:
    """Her wrapped keys in both vaults."""
    found = []
    for name in ("cairn_vault", "cairn_reminders_vault"):
        with psycopg.connect(database(admin, name)) as connection:
            rows = connection.execute("SELECT wrapped FROM record_key WHERE record_id = %s", [client])
            found += [row[0] for row in rows]
    return found


def run(home: Path, *words: str) -> str:
    """A command of ours, which must succeed."""
    done = subprocess.run(
        [*COMMAND, *words], env=environment(home), capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_after_an_erasure_nobody_finds_or_opens_anything_of_hers(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with up(home, **WAITS) as (process, found):
        teller = Teller(home, found)
        teller.tell()
        client, erasure = teller.story.client, uuid4()
        path = f"/v1/clients/{client}/erasures/{erasure}"
        assert teller.ask("client", "PUT", path, {})[0] == 201
        granted = {"decision": "granted", "ground": "She wanted to cancel"}
        assert teller.ask("lead", "PUT", f"{path}/decision", granted)[0] == 201
        becomes(teller.erased)
        becomes(lambda: teller.outbox() == [])
        becomes(lambda: keys_of(found["admin"], client) == [None, None])
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        run(home, "reminders", "schedule", "--once", "--at", tomorrow)
        assert teller.outbox() == []
        assert teller.ask("client", "PUT", f"/v1/clients/{client}/wins/{uuid4()}", {})[0] == 409
        history = teller.ask("therapist", "GET", f"/v1/goals/{teller.story.goal}/history")[1]["items"]
        assert history[-1]["type"] == "cairn.client.erased.v1"
        assert "every chain whole" in run(home, "goals", "verify")
        for name in DATABASES:
            finds_nothing(dump(database(found["admin"], name)))
        with redis.Redis.from_url(found["broker"]) as broker:
            finds_nothing(b"".join(broker.dump(key) or b"" for key in broker.keys("*")))
        process.terminate()
        process.communicate(timeout=60)
    for file in (file for file in home.rglob("*") if file.is_file()):
        finds_nothing(file.read_bytes())
