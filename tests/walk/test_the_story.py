"""The walk: from HTTP to the phone, through every real part, and what a thief of the databases would find."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import story as told
from infra.local.databases import plain
from infra.local.home import Home
from infra.local.logins import DATABASES
from infra.local.postgres import start_postgres
from tests.walk.thief import dump, finds_nothing

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cairn") / "home"


@pytest.fixture(scope="module")
def told_story(home: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CAIRN_", "TWILIO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "infra.command", "demo", "--exit"],
        env=environment | {"CAIRN_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_goal_goes_in_and_her_messages_come_out(told_story: str) -> None:
    assert "│ Northside: " in told_story
    assert "STOP to end." in told_story
    assert told_story.count("┌ text to") == 3
    assert told_story.count("┌ e-mail to") == 2


def test_what_was_held_says_why(told_story: str) -> None:
    assert "one_celebration_a_day" in told_story


def test_the_history_says_what_when_why_and_by_whom(told_story: str) -> None:
    eased = next(line for line in told_story.splitlines() if "goal.adjusted" in line)
    assert "target 2 → 1" in eased
    assert "Mornings are rushed" in eased
    assert "therapist by api" in eased


def test_the_log_is_as_it_was_written(told_story: str) -> None:
    assert told_story.strip().splitlines()[-1].endswith("every chain whole.")


def test_nothing_clinical_reaches_the_phone(told_story: str) -> None:
    texts = [line for line in told_story.splitlines() if line.startswith("  │")]
    assert not [t for t in texts if "anxi" in t.lower() or "breath" in t.lower() or "therap" in t.lower()]


def test_a_thief_of_the_databases_finds_none_of_her_words(told_story: str, home: Path) -> None:
    assert told_story
    secrets = Home(home).known_secrets()
    server, admin = start_postgres(home / "postgres", secrets.passwords["postgres"])
    try:
        dumps = [dump(f"{plain(admin).rpartition('/')[0]}/{name}") for name in DATABASES]
    finally:
        server.stop()
    assert all(b"cairn" in dumped for dumped in dumps)
    finds_nothing(b"".join(dumps))


def test_nor_does_a_thief_of_the_folder(told_story: str, home: Path) -> None:
    assert told_story
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" and path.stat().st_size for path in files)
    for path in files:
        finds_nothing(path.read_bytes())


def test_the_search_would_find_them(told_story: str) -> None:
    with pytest.raises(AssertionError):
        finds_nothing(f"{told_story} {told.NAME}".encode())
