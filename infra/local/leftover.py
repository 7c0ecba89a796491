"""What an earlier PostgreSQL left in its data folder: a file of a dead process, or one still ending."""

import os
import signal
import time
from pathlib import Path

from infra.local.trouble import LocalError


def clear_leftover(data: Path, patience: float = 20.0) -> None:
    """Wait for an earlier server on this folder to end, and remove the file of one that is dead.

    Whoever calls this holds the folder's lock, so a server found here is an orphan.
    """
    note = data / "postmaster.pid"
    deadline = time.monotonic() + patience
    asked = False
    while (pid := _noted_pid(note)) is not None:
        if not _is_postgres_on(pid, data):
            # A number that another process has by now would keep the server from starting.
            note.unlink(missing_ok=True)
            return
        if not asked:
            os.kill(pid, signal.SIGINT)
            asked = True
        if time.monotonic() > deadline:
            raise LocalError(f"A PostgreSQL (process {pid}) still runs on {data}: stop it first.")
        time.sleep(0.02)


def _noted_pid(note: Path) -> int | None:
    try:
        return int(note.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres_on(pid: int, data: Path) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            words = command.read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(data) in words
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
