"""What the processes below this one are called, and the CPU that they took, where the system tells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process of ours: `name` is the command that began it and all below it."""

    pid: int
    name: str


def ours() -> list[Process]:
    """Every process below this one; none where the system does not tell."""
    return [
        Process(below, _called(child))
        for child in _children(os.getpid())
        for below in (child, *_all_below(child))
    ]


def cpu_seconds(pid: int) -> float:
    """What it has taken until now, in user and system mode; 0 for one that is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_by_name() -> dict[str, float]:
    """What all of ours have taken until now, in seconds, by what they are called."""
    spent: dict[str, float] = {}
    for process in ours():
        spent[process.name] = spent.get(process.name, 0.0) + cpu_seconds(process.pid)
    return spent


def resident(pid: int) -> int:
    """The bytes of memory that it holds just now; 0 for one that is gone."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _all_below(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _all_below(child)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in (PROC / str(pid) / "task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def _called(pid: int) -> str:
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone"
    if "infra.command" in words:
        said = words[words.index("infra.command") + 1 :]
        return " ".join(("cairn", *takewhile(lambda word: word[:1] not in ("", "-"), said)))
    if "bench.provider" in words or "bench.slow_provider" in words:
        return "the stand-in"
    if "bench.queues.sleeping" in words:
        return "bench.queues.sleeping"
    return Path(words[0].split(" ")[0].rstrip(":")).name
