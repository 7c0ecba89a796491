"""Secrets of an installation that runs: nobody reads one off a command line, a server, a log or an answer."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from infra.local.home import Home
from infra.local.kernel import LINUX
from shared.spelling import spell
from tests.local.started import family, up

pytestmark = pytest.mark.timeout(240)
KEPT = {"secrets.json", "up.json"}
"""Where they are, for their owner alone."""
CHANNELS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "hidden-from-everybody",
    "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32,
    "TWILIO_API_URL": "http://127.0.0.1:9",
    "CAIRN_SMTP_URL": "smtp://us:hidden-from-everybody@127.0.0.1:9",
    "CAIRN_EMAIL_FROM": "care@example.org",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets") / "home"


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Its process, and its up.json."""
    with up(home, **CHANNELS) as (process, found):
        yield process.pid, found


def secrets(home: Path, found: dict[str, Any]) -> list[bytes]:
    """All that nobody else may know, each as it might be written."""
    known = Home(home).known_secrets()
    keys = [known.master_key, known.token_key, known.seal_key]
    said = [*known.passwords.values(), *found["tokens"].values(), CHANNELS["TWILIO_AUTH_TOKEN"]]
    return [
        *keys,
        *(form(key).encode() for key in keys for form in (spell, bytes.hex)),
        *map(str.encode, said),
    ]


def holds(place: bytes, hidden: list[bytes]) -> bool:
    return any(one in place for one in hidden)


@pytest.mark.skipif(not LINUX, reason="processes are read from /proc")
def test_no_command_line_holds_one(home: Path, running: tuple[int, dict[str, Any]]) -> None:
    pid, found = running
    lines = [Path(f"/proc/{one}/cmdline").read_bytes() for one in {pid} | family(pid)]
    assert len(lines) > 6
    assert [line for line in lines if holds(line, secrets(home, found))] == []


@pytest.mark.skipif(not LINUX, reason="processes are read from /proc")
def test_a_server_has_none_in_its_environment_and_nobody_else_reads_ours(
    home: Path, running: tuple[int, dict[str, Any]]
) -> None:
    pid, found = running
    ours: list[Path] = []
    servers: list[Path] = []
    for one in family(pid):
        is_ours = b"infra.command" in Path(f"/proc/{one}/cmdline").read_bytes()
        (ours if is_ours else servers).append(Path(f"/proc/{one}/environ"))
    assert ours
    assert servers
    assert [one for one in servers if holds(one.read_bytes(), secrets(home, found))] == []
    assert {stat.S_IMODE(one.stat().st_mode) for one in ours} == {0o400}


def test_no_answer_and_no_file_but_two_holds_one(home: Path, running: tuple[int, dict[str, Any]]) -> None:
    _, found = running
    hidden = secrets(home, found)
    for answer in provoked(found):
        assert answer.status_code >= 400
        assert not holds(answer.content + str(answer.headers).encode(), hidden)
    files = [file for file in home.rglob("*") if file.is_file()]
    assert any(file.suffix == ".log" and file.stat().st_size for file in files)
    where = {file.name for file in files if holds(_bytes(file), hidden)}
    assert where == KEPT
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in KEPT} == {0o600}


def provoked(found: dict[str, Any]) -> Iterator[requests.Response]:
    """Requests that bring a secret to where it does not belong, and are refused."""
    token = found["tokens"]["therapist"]
    signed = {"Authorization": f"Bearer {token}"}
    for url in (found["goals"], found["reminders"]):
        yield requests.get(f"{url}/v1/clients/{token}/messages", headers=signed, timeout=20)
        yield requests.get(f"{url}/v1/clients/{uuid4()}", params={"token": token}, headers=signed, timeout=20)
        yield requests.get(f"{url}/v1/messages", headers={"Authorization": f"Basic {token}"}, timeout=20)
        yield requests.put(f"{url}/v1/clients/{uuid4()}", data=token, headers=signed, timeout=20)
    yield requests.get(f"{found['reminders']}/me/{token}", timeout=20)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # a server's, which is gone by now
        return b""
