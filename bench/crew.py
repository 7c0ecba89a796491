"""Writers: one process a connection, so that Python's lock of one writer is never another's wait."""

from __future__ import annotations

import contextlib
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from bench.cluster import Cluster
from infra.local.trouble import LocalError

Design = Callable[[Cluster], Callable[[], None]]
"""Opens its connection, and gives what appends one event by it."""
AHEAD = 0.02
"""Seconds in which all are told, before they begin together."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Crew:
    """Writers that wait to be told what to do."""

    pipes: Sequence[Connection]

    def run(self, design: str, seconds: float) -> float:
        """Events a second that all of them append together by this design."""
        for pipe in self.pipes:
            pipe.send((design, time.monotonic() + AHEAD, seconds))
        return sum(_answer(pipe, seconds) for pipe in self.pipes)


@contextmanager
def crew(cluster: Cluster, designs: Mapping[str, Design], writers: int) -> Iterator[Crew]:
    """So many writers, each with its own connection for every design that it is asked to run."""
    with standing_by(_write, (cluster, designs), writers) as pipes:
        yield Crew(pipes)


@contextmanager
def standing_by(
    work: Callable[..., None], arguments: tuple[Any, ...], processes: int
) -> Iterator[Sequence[Connection]]:
    """So many processes that each do `work(pipe, *arguments)` until this ends."""
    context = get_context("fork")
    pipes, started = [], []
    for _ in range(processes):
        ours, theirs = context.Pipe()
        process = context.Process(target=_stand_by, args=(work, theirs, arguments), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        started.append(process)
    try:
        yield pipes
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.join()


def _stand_by(work: Callable[..., None], pipe: Connection, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work(pipe, *arguments)


def _answer(pipe: Connection, seconds: float) -> float:
    try:
        answer = pipe.recv() if pipe.poll(seconds + PATIENCE) else "no answer"
    except EOFError:
        answer = "ended"
    if not isinstance(answer, float):
        raise LocalError(f"A writer failed: {answer}")
    return answer


def _write(pipe: Connection, cluster: Cluster, designs: Mapping[str, Design]) -> None:
    opened: dict[str, Callable[[], None]] = {}
    with contextlib.suppress(EOFError):
        while True:
            name, begin, seconds = pipe.recv()
            try:
                if name not in opened:
                    opened[name] = designs[name](cluster)
                pipe.send(_count(opened[name], begin, seconds))
            except Exception:  # noqa: BLE001  whatever it is, whoever waits must hear of it
                pipe.send(traceback.format_exc().strip().splitlines()[-1])


def _count(once: Callable[[], None], begin: float, seconds: float) -> float:
    time.sleep(max(0.0, begin - time.monotonic()))
    began, done = time.monotonic(), 0
    while (now := time.monotonic()) - began < seconds:
        once()
        done += 1
    return done / (now - began)
