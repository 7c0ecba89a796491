"""`cairn up`: what it leaves while it runs, and what it leaves when it ends."""

import json
import os
import signal
import stat
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from infra.local import databases as local
from infra.local.door import ask
from infra.local.home import Home
from infra.local.kernel import LINUX
from shared.tokens import read
from tests.local.started import COMMAND, all_end, environment, family, up


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the starts of this module, the first of them cold."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.skipif(not LINUX, reason="processes are read from /proc")
def test_it_runs_until_it_is_asked_to_stop_and_leaves_nothing_running(home: Path) -> None:
    with up(home) as (process, found):
        assert set(found) == {
            "goals", "reminders", "behind", "databases", "admin", "broker", "clinic", "tokens",
        }  # fmt: skip
        for house in ("goals", "reminders"):
            owner = ["--as", found["admin"]]  # which names another database
            for words, code, said in ((owner, 0, ""), ([], 1, "changed by its owner: --as")):
                done = subprocess.run(
                    [*COMMAND, house, "migrate", *words],
                    env=environment(home), capture_output=True, text=True, check=False,
                )  # fmt: skip
                assert (done.returncode, len(done.stderr.splitlines())) == (code, code)
                assert said in done.stderr
        assert set(found["databases"]) == {"goals", "vault", "reminders", "reminders_vault"}
        assert {stat.S_IMODE(f.stat().st_mode) for f in home.glob("*.json")} == {0o600}
        for house in ("goals", "reminders"):
            assert ask("GET", f"{found[house]}/readyz")[0] == 200
        key = Home(home).known_secrets().token_key
        for role in ("therapist", "lead", "service", "operator"):
            claims = read(key, found["tokens"][role], datetime.now(UTC) + timedelta(days=29))
            assert claims.role == role
        with psycopg.connect(local.plain(found["admin"])) as admin:
            assert admin.execute("SELECT current_user").fetchone() == ("postgres",)
        added = subprocess.run(
            [*COMMAND, "clinic", "add", "--name", "Northside Counselling", "--sender", "Northside",
             "--phone", "+15035550142", "--country", "US", "--time-zone", "America/New_York"],
            env=environment(home), capture_output=True, text=True, check=True,
        )  # fmt: skip
        staff = ["--name", "Ana Ruiz", "--email", "ana@example.org", "--role", "therapist"]
        subprocess.run(
            [*COMMAND, "staff", "add", "--clinic", added.stdout.strip(), *staff],
            env=environment(home), capture_output=True, text=True, check=True,
        )  # fmt: skip
        refused = subprocess.run(
            [*COMMAND, "clinic", "add", "--name", "N", "--phone", "+15035550142", "--country", "US",
             "--time-zone", "Mars/Olympus"],
            env=environment(home), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert refused.returncode == 1
        assert refused.stderr.startswith("cairn: time_zone: ")
        started = family(process.pid)
        assert len(started) > 6
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        shown, complaints = process.communicate(timeout=30)
        assert process.returncode == 0, complaints
        assert time.monotonic() - asked < 30
        assert all_end(started, seconds=1)
        assert complaints == ""
        assert f"{found['reminders']}/outbox" in shown
    assert not (home / "up.json").exists()


@pytest.mark.skipif(not LINUX, reason="death signals are Linux's")
def test_killed_it_takes_everything_along_and_the_next_start_finds_the_same_clinic(home: Path) -> None:
    with up(home) as (process, before):
        started = family(process.pid)
        process.kill()
        process.wait()
        assert all_end(started)
    json.loads((home / "up.json").read_text())  # it was left, and proves nothing
    (home / "up.json").unlink()
    with up(home) as (process, after):
        assert after["clinic"] == before["clinic"]
        child = next(
            pid for pid in family(process.pid) if b"loops" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )
        os.kill(child, signal.SIGKILL)
        _, complaints = process.communicate(timeout=30)
        assert process.returncode == 1
        assert complaints.startswith("cairn: cairn reminders loops stopped with -9")
        assert len(complaints.splitlines()) == 1


def test_a_home_that_was_put_back_from_a_copy_may_hold_what_it_would_send(home: Path) -> None:
    with up(home, "--hold") as (process, found):
        with psycopg.connect(local.plain(found["databases"]["reminders"])) as ledger:
            assert ledger.execute("SELECT cause FROM hold").fetchone() == ("asked",)
        released = [*COMMAND, "reminders", "release"]
        done = subprocess.run(
            released, env=environment(home), capture_output=True, text=True, check=False, timeout=60
        )
        assert done.stdout.startswith("Released."), done.stderr
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_another_master_key_than_the_homes_is_one_line_and_exit_2(home: Path) -> None:
    wrong = {"CAIRN_MASTER_KEY": "A" * 43}
    with up(home) as (process, _):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    done = subprocess.run(
        [*COMMAND, "up"],
        env=environment(home) | wrong, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("cairn: CAIRN_MASTER_KEY is not the key that")
    assert done.stderr.rstrip().endswith("is taken")
