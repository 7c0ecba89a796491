"""The `cairn` command, as a person meets it."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.command import main
from infra.local.home import Home
from infra.local.ports import free_port
from shared.settings import VARIABLES
from shared.tokens import read

CLINIC = "00000000-0000-4000-8000-0000000000c1"
NEW_CLINIC = (
    "clinic", "add", "--name", "N", "--phone", "+15035550142", "--country", "US", "--time-zone", "UTC",
)  # fmt: skip
CLIENT = "00000000-0000-4000-8000-0000000000b1"


def cairn(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    ours = {variable for variable, _ in VARIABLES.values()}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "-m", "infra.command", *words],
        env=environment | {"CAIRN_HOME": str(home)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_its_help_needs_nothing(tmp_path: Path) -> None:
    done = cairn(tmp_path, "--help", CAIRN_GOALS_PORT="eight")
    assert done.returncode == 0
    for part in ("up", "demo", "token", "clinic", "staff", "doctor", "status", "goals", "reminders"):
        assert f"  {part} " in done.stdout


@pytest.mark.parametrize("words", [("up",), ("token", "--role", "service"), ("clinic", "add")])
def test_a_wrong_setting_is_one_line_and_exit_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = cairn(tmp_path, *words, CAIRN_GOALS_PORT="eight")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cairn: CAIRN_GOALS_PORT must be a port from 1 to 65535\n"


def test_some_database_urls_without_the_others_are_one_line_and_exit_2(tmp_path: Path) -> None:
    done = cairn(tmp_path, "up", CAIRN_GOALS_DATABASE_URL="postgresql://u:p@127.0.0.1:1/d")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "CAIRN_VAULT_DATABASE_URL" in done.stderr


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = cairn(tmp_path, "token", "--role", "service")
    assert done.returncode == 2
    assert done.stderr.startswith("cairn: CAIRN_TOKEN_KEY is not set")
    done = cairn(tmp_path, *NEW_CLINIC)
    assert done.stderr.startswith("cairn: CAIRN_GOALS_URL is not set")


@pytest.mark.parametrize(
    "words",
    [
        ("goals", "serve"), ("goals", "migrate"), ("goals", "verify"), ("reminders", "serve"),
        ("reminders", "migrate"), ("reminders", "follow"), ("reminders", "schedule"),
        ("reminders", "schedule", "--once"), ("reminders", "work"), ("reminders", "sweep"),
        ("reminders", "reconcile"), ("reminders", "unknown"), ("reminders", "loops"),
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("wrong", [False, True], ids=["missing", "malformed"])
def test_every_command_says_in_one_line_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], wrong: bool,
) -> None:  # fmt: skip
    for variable, _ in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path))
    if wrong:
        monkeypatch.setenv("CAIRN_BROKER_URL", "nonsense")
    monkeypatch.setattr("sys.argv", ["cairn", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert said.err.startswith("cairn: CAIRN_BROKER_URL must be" if wrong else "cairn: CAIRN_")


def test_a_home_already_in_use_is_one_line(tmp_path: Path) -> None:
    with Home(tmp_path).locked():
        done = cairn(tmp_path, "up")
    assert done.returncode == 2
    assert done.stderr == (
        f"cairn: Cairn already runs in {tmp_path}: stop it first, or set CAIRN_HOME to another folder.\n"
    )


def test_a_token_is_signed_with_the_homes_key(tmp_path: Path) -> None:
    key = Home(tmp_path).secrets().token_key
    done = cairn(tmp_path, "token", "--role", "client", "--clinic", CLINIC, "--client", CLIENT)
    claims = read(key, done.stdout.strip(), datetime.now(UTC))
    assert (claims.role, claims.sub, str(claims.clinic)) == ("client", CLIENT, CLINIC)


def test_a_token_that_nobody_would_believe_is_not_signed(tmp_path: Path) -> None:
    Home(tmp_path).secrets()
    done = cairn(tmp_path, "token", "--role", "therapist")
    assert done.returncode == 2
    assert "without a clinic" in done.stderr
    assert cairn(tmp_path, "token", "--role", "king").returncode == 2


def test_nobody_at_the_door_is_one_line(tmp_path: Path) -> None:
    Home(tmp_path).secrets()
    url = {"CAIRN_GOALS_URL": "http://127.0.0.1:9"}
    words = ("staff", "add", "--clinic", CLINIC, "--name", "N", "--email", "n@example.org", "--role", "lead")
    done = cairn(tmp_path, *words, **url)
    assert done.returncode == 1
    assert done.stderr == "cairn: Nobody answers at http://127.0.0.1:9: start it with `cairn up`.\n"


def test_the_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    well = cairn(tmp_path, "doctor")
    assert well.returncode == 0, well.stdout
    ill = cairn(tmp_path, "doctor", CAIRN_BROKER_URL="nonsense")
    assert ill.returncode == 2
    assert "CAIRN_BROKER_URL must be a Redis or Valkey URL" in ill.stdout
    (tmp_path / "secrets.json").write_text("{}")
    assert "put the file back" in cairn(tmp_path, "doctor").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "--role", "lead", "--clinic", CLINIC, "--sub", "bob"), "with a sub that is no id"),
        (("token", "--role", "client", "--clinic", CLINIC), "--client CLIENT"),
        (("token", "--role", "therapist", "--clinic", CLINIC), "--sub STAFF"),
        (("token", "--role", "operator", "--client", CLIENT), "--role client"),
        (("token", "--role", "king"), "'king' is not one of"),
        (("token", "--clinic", "nonsense"), "--clinic"),
        (("clinic", "add", "--name", "N", "--country", "US", "--time-zone", "UTC"), "--phone"),
        ((*NEW_CLINIC, "--name", "Northside Counselling"), "--sender"),
        (("goals", "migrate", "--as", "nonsense"), "--as"),
    ],
)
def test_what_is_asked_wrongly_is_one_line_and_exit_2(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    Home(tmp_path).secrets()
    done = cairn(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("cairn: ")
    assert said in done.stderr


@pytest.mark.parametrize(
    "words", [("goals", "verify"), ("goals", "migrate"), ("reminders", "migrate"),
              ("reminders", "schedule", "--once")],
)  # fmt: skip
def test_a_database_that_is_away_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    Home(tmp_path).secrets()
    away = "postgresql://u:hidden@127.0.0.1:9/d"
    names = ("GOALS", "VAULT", "REMINDERS", "REMINDERS_VAULT")
    urls = {f"CAIRN_{name}_DATABASE_URL": away for name in names}
    done = cairn(tmp_path, *words, **urls, CAIRN_BROKER_URL="redis://127.0.0.1:9/0")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("cairn: The database does not serve this: connection failed")
    assert "hidden" not in done.stderr


def test_a_home_that_cannot_be_used_is_a_wrong_setting(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for words in (("up",), ("demo",)):
        done = cairn(file, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("cairn: CAIRN_HOME must be a folder of yours: ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("house", ["goals", "reminders"])
def test_a_taken_port_is_one_line(tmp_path: Path, house: str) -> None:
    Home(tmp_path).secrets()
    names = ("GOALS", "VAULT", "REMINDERS", "REMINDERS_VAULT")
    urls = {f"CAIRN_{name}_DATABASE_URL": "postgresql://u:p@127.0.0.1:9/d" for name in names}
    variable = f"CAIRN_{house.upper()}_PORT"
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = str(taken.getsockname()[1])
        done = cairn(tmp_path, house, "serve", **urls, **{variable: port})
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"cairn: {variable}: nothing can listen on 127.0.0.1:{port} (Address already in use)"
    ]
