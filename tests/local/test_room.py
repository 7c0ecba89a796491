"""A disk that is full or closed: one line says so before anything starts, and what runs outlives it."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest

from infra.local import databases as local
from infra.local import room
from infra.local.kernel import LINUX
from infra.local.postgres import FORGETFUL, start_postgres
from infra.local.trouble import CannotStart
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from tests.conftest import PASSWORDS
from tests.goals.api.callers import A_CLIENT, CLIENT_BODY, Knock, begin, settings
from tests.local.started import COMMAND, environment
from tests.reminders.house import wait_for


@contextmanager
def disk(place: Path, size: int, *options: str) -> Iterator[Path]:
    """A small disk of its own, in memory, of so many MiB."""
    place.mkdir()
    flags = ",".join((f"size={size}m", "mode=755", *options))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", flags, "cairn-test", place], check=False)
    if mounted.returncode != 0:
        pytest.skip("nobody may mount here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


needs_mount = pytest.mark.skipif(os.geteuid() != 0 or not LINUX, reason="only root may mount")


def cairn(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], env=environment(home), capture_output=True, text=True, check=False, timeout=100
    )


@needs_mount
@pytest.mark.parametrize("words", [("up",), ("demo", "--exit")])
def test_a_full_disk_is_one_line_before_anything_starts(tmp_path: Path, words: tuple[str, ...]) -> None:
    with disk(tmp_path / "disk", 8) as full:
        home = full / "home"
        done = cairn(home, *words)
        assert done.returncode == 2
        [line] = done.stderr.splitlines()
        assert line.startswith(
            f"cairn: The disk of {home} has 8 MiB left, and {room.A_HOME} are needed: make"
        )
        assert not (home / "postgres").exists()


@needs_mount
def test_a_closed_disk_is_one_line_before_anything_starts(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", 200, "ro") as closed:
        done = cairn(closed / "home", "up")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("cairn: CAIRN_HOME must be a folder of yours: ")
    assert "(Read-only file system)" in done.stderr


@needs_mount
def test_the_doctor_says_of_a_full_disk_what_to_do(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", 8) as full:
        done = cairn(full / "home", "doctor")
    assert done.returncode == 2
    said = done.stdout.splitlines()
    [at] = [number for number, line in enumerate(said) if line.startswith("NO  room")]
    assert f"{room.A_HOME} needed" in said[at]
    assert "make room there" in said[at + 1]


@needs_mount
def test_while_the_disk_is_full_nothing_is_half_done_and_it_recovers_by_itself(ground: Path) -> None:
    with disk(ground / "full", 200) as small:
        child, admin = start_postgres(small / "postgres", "only-for-tests", FORGETFUL)
        try:
            local.make_roles(admin, PASSWORDS)
            local.make_databases(admin)
            local.migrate(local.places(admin, PASSWORDS, owners=True))
            writes_through_a_full_disk(small, admin)
        finally:
            child.stop()


def writes_through_a_full_disk(small: Path, admin: str) -> None:
    there = local.places(admin, PASSWORDS)
    app = create_app(settings(there.goals, there.vault), threads=2)
    knock = Knock(app)
    begin(knock)
    ballast = small / "ballast"
    fill(ballast)
    answers = [knock("therapist", "PUT", f"{A_CLIENT}/wins/{UUID(int=n)}", win(n)) for n in range(1, 40)]
    refused = [one for one in answers if one.status_code != 201]
    assert {one.status_code for one in refused} == {503}
    assert all(one.headers["Retry-After"] for one in refused)
    ballast.unlink()
    wait_for(lambda: knock("therapist", "GET", A_CLIENT).status_code == 200, 60)  # it may have to recover
    again = [knock("therapist", "PUT", f"{A_CLIENT}/wins/{UUID(int=n)}", win(n)) for n in range(1, 40)]
    assert {one.status_code for one in again} <= {200, 201}
    assert again[-1].json["wins"] == 39
    assert knock("therapist", "PUT", A_CLIENT, CLIENT_BODY).status_code == 200
    app.extensions[ROOMS].close()


def win(number: int) -> dict[str, str]:
    """Long words, so that tables must grow."""
    return {"kind": "effort", "text": f"{number} " + "it was worth it, " * 100}


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 4096):
            with suppress(OSError):
                while file.write(b"\0" * size) == size:
                    pass


def test_what_fills_up_in_the_middle_of_a_start_is_the_same_line(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    closed = OSError(errno.EROFS, "Read-only file system")
    assert "make room there" in str(room.trouble_at_start(tmp_path, full))
    assert "cannot be written (Read-only file system)" in str(room.trouble_at_start(tmp_path, closed))
    assert room.trouble_at_start(tmp_path, ValueError("a mistake of ours")) is None


def test_a_home_that_is_there_needs_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "left", lambda _: room.TO_GO_ON)
    with pytest.raises(CannotStart, match="24 MiB left, and 160 are needed"):
        room.must_have_room(tmp_path)
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    room.must_have_room(tmp_path)
