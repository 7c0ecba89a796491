"""The servers on this machine: they live as long as we do, and what they hold lives longer."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from infra.local import account
from infra.local import databases as local
from infra.local.account import Account, account_for
from infra.local.kernel import LINUX
from infra.local.ports import HIGHEST, LOWEST, free_port, is_free
from infra.local.postgres import FORGETFUL, start_postgres
from infra.local.trouble import LocalError
from infra.local.valkey import start_valkey

PARENT = """
import sys, time
from pathlib import Path
from infra.local.postgres import start_postgres
from infra.local.valkey import start_valkey
home = Path(sys.argv[1])
postgres, admin = start_postgres(home / "postgres", "pw", {"fsync": "off"})
valkey, broker = start_valkey(home / "valkey", "pw")
print(postgres.process.pid, valkey.process.pid, admin, broker, flush=True)
time.sleep(600)
"""


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pids: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(runs(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that nobody else may enter, as a home is."""
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.skipif(not LINUX, reason="death signals are Linux's")
def test_a_killed_parent_leaves_no_server_behind_and_the_next_finds_its_data(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, folder], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        postgres, valkey, admin, _ = parent.stdout.readline().split()
        pids = [int(postgres), int(valkey)]
        # A client that stays connected must not keep the server alive.
        with psycopg.connect(local.plain(admin), autocommit=True) as client:
            client.execute("CREATE TABLE kept AS SELECT 7 AS n")
            parent.send_signal(signal.SIGKILL)
            parent.wait()
            assert gone(pids, seconds=10)
    child, again = start_postgres(folder / "postgres", "pw", FORGETFUL)
    try:
        with psycopg.connect(local.plain(again)) as client:
            assert client.execute("SELECT n FROM kept").fetchone() == (7,)
    finally:
        child.stop()


def test_a_server_still_ending_or_a_note_of_another_process_does_not_stop_a_start(folder: Path) -> None:
    first, _ = start_postgres(folder / "postgres", "pw", FORGETFUL)
    # An orphan: it runs on, and nobody remembers it.
    second, admin = start_postgres(folder / "postgres", "pw", FORGETFUL)
    assert first.process.wait(5) == 0
    second.process.kill()
    second.process.wait()
    note = folder / "postgres" / "data" / "postmaster.pid"
    lines = note.read_text().splitlines()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    third, admin = start_postgres(folder / "postgres", "pw", FORGETFUL)
    try:
        with psycopg.connect(local.plain(admin)) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
    finally:
        third.stop()
    assert third.process.returncode == 0


def test_half_a_cluster_is_made_again(folder: Path) -> None:
    (folder / "postgres" / "data.unfinished").mkdir(parents=True)
    (folder / "postgres" / "data.unfinished" / "PG_VERSION").write_text("18\n")
    child, _ = start_postgres(folder / "postgres", "pw", FORGETFUL)
    child.stop()
    assert (folder / "postgres" / "data" / "PG_VERSION").exists()
    assert not (folder / "postgres" / "data.unfinished").exists()


def test_the_servers_listen_on_the_loopback_alone_and_ask_for_a_password(cluster: str, valkey: str) -> None:
    with psycopg.connect(local.plain(cluster)) as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert admin.execute("SHOW unix_socket_directories").fetchone() == ("",)
        found = admin.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'cairn_goals'"
        )
        assert found.fetchone() == ("b", "C.UTF-8")
    guess = valkey.replace("only-for-tests", "guessed")
    with redis.Redis.from_url(guess) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    with redis.Redis.from_url(valkey) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


@pytest.mark.skipif(os.geteuid() != 0 or not LINUX, reason="only root has a choice")
@pytest.mark.parametrize("way", [1, 2], ids=["in a user namespace", "let through closed folders"])
def test_as_root_it_runs_where_nobody_cannot_go(
    folder: Path, way: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = list(account._ways_of_root())
    monkeypatch.setattr(account, "_ways_of_root", lambda: iter(ways[way:]))
    child, admin = start_postgres(folder / "postgres", "pw", FORGETFUL)
    try:
        with psycopg.connect(local.plain(admin)) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
    finally:
        child.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")
def test_a_home_may_change_hands_between_ways(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = list(account._ways_of_root())
    for way in (ways[-1], ways[1], ways[-1]):
        monkeypatch.setattr(account, "_ways_of_root", lambda way=way: iter([way]))
        child, _ = start_postgres(folder / "postgres", "pw", FORGETFUL)
        child.stop()


def test_without_a_way_one_line_says_what_would_help(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "_ways_of_root", lambda: iter(list[Account]()))
    with pytest.raises(LocalError, match="set CAIRN_HOME to a folder open to all"):
        account_for(Path("/bin/true"), folder)


@pytest.mark.parametrize(
    ("wheel", "start", "variable"),
    [
        (
            "infra.local.postgres",
            start_postgres,
            "CAIRN_REMINDERS_VAULT_DATABASE_URL",
        ),
        ("infra.local.valkey", start_valkey, "CAIRN_BROKER_URL"),
    ],
)
def test_without_a_wheel_one_line_says_which_url_to_set(
    wheel: str, start: object, variable: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{wheel}.find_spec", lambda _: None)
    assert callable(start)
    with pytest.raises(LocalError, match=variable) as trouble:
        start(folder, "pw")
    assert "\n" not in str(trouble.value)


def test_ports_are_free_and_below_those_of_the_kernel(valkey: str) -> None:
    taken = int(valkey.rpartition(":")[2].partition("/")[0])
    assert not is_free(taken)
    assert free_port(taken) != taken
    assert LOWEST <= free_port() <= HIGHEST
    preferred = free_port()
    assert free_port(preferred) == preferred
