"""How many jobs were run: a number in a file for each process, which whoever waits reads for himself."""

from __future__ import annotations

import os
from itertools import count
from mmap import mmap
from pathlib import Path
from threading import Lock

VARIABLE = "CAIRN_BENCH_TALLY"
"""The folder of the tallies of one worker and its processes."""
WIDTH = 8

_lock = Lock()
_mine: dict[int, tuple[mmap, count[int]]] = {}


def one_more() -> None:
    """Counts a job of this process; a forked child counts in a file of its own."""
    with _lock:
        place, numbers = _mine.get(os.getpid()) or _begun(os.getpid())
        place[:WIDTH] = next(numbers).to_bytes(WIDTH, "big")


def total(folder: Path) -> int:
    """How many there were, in all processes."""
    return sum(int.from_bytes(file.read_bytes()[:WIDTH], "big") for file in folder.iterdir())


def _begun(pid: int) -> tuple[mmap, count[int]]:
    file = Path(os.environ[VARIABLE]) / str(pid)
    file.write_bytes(bytes(WIDTH))
    with file.open("r+b") as opened:
        _mine[pid] = mmap(opened.fileno(), WIDTH), count(1)
    return _mine[pid]
