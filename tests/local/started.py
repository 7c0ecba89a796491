"""`cairn up` as a person starts it, for a test, and the processes that stand behind it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import Home
from shared.settings import other_variables

COMMAND = [sys.executable, "-m", "infra.command"]


def environment(home: Path, **ours: str) -> dict[str, str]:
    """What a command of ours finds around it: this home, these settings, and none of the machine's."""
    return other_variables() | {"CAIRN_HOME": str(home)} | ours


@contextmanager
def up(home: Path, *options: str, **ours: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`cairn up`, once it is ready, and its up.json."""
    with subprocess.Popen(
        [*COMMAND, "up", *options],
        env=environment(home, **ours),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + 100
            while not (home / "up.json").exists():
                if process.poll() is not None:
                    pytest.fail(process.communicate()[1])
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield process, Home(home).read("up.json")
        finally:
            process.kill()


def family(pid: int) -> set[int]:
    """The processes that this one started, and theirs."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def runs(pid: int) -> bool:
    """Whether this process is there, and more than a name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_end(pids: set[int], seconds: float = 15) -> bool:
    """Whether they are all gone within so many seconds."""
    deadline = time.monotonic() + seconds
    while any(runs(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(runs(pid) for pid in pids)
