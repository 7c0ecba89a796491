"""Loops that run until the process is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from threading import Event, Thread
from types import FrameType

from prometheus_client import CollectorRegistry, Gauge

from shared import shapes
from shared.logs import logger

log = logger()

GRACE_SECONDS = 1.5
"""For a step that is under way. One that takes longer waits for the feed, or its transaction rolls back."""

Loop = Callable[[Event], None]


def told_to_stop() -> Event:
    """An event that SIGTERM and SIGINT set."""
    stop = Event()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
    return stop


def run(stop: Event, loops: dict[str, Loop], registry: CollectorRegistry | None = None) -> None:
    """Runs the loops, each in its thread, until `stop`. One that ends before that ends the process.

    `registry` is told which of them run.
    """
    shapes.learn()
    threads = [Thread(target=_guard(loop, stop), name=name, daemon=True) for name, loop in loops.items()]
    for thread in threads:
        thread.start()
    if registry is not None:
        shown(registry, {thread.name: thread.is_alive for thread in threads})
    log.info("started", loops=sorted(loops))
    while not stop.wait(0.5):
        dead = [thread.name for thread in threads if not thread.is_alive()]
        if dead:
            raise SystemExit(f"{dead[0]} ended by itself")
    for thread in threads:
        thread.join(GRACE_SECONDS)
    log.info("stopped", loops=sorted(loops))


def shown(registry: CollectorRegistry, loops: Mapping[str, Callable[[], bool]]) -> None:
    """Shows which of these loops run."""
    running = Gauge("cairn_loop_running", "Whether the loop runs", ["loop"], registry=registry)
    for name, runs in loops.items():
        running.labels(name).set_function(runs)


def _guard(loop: Loop, stop: Event) -> Callable[[], None]:
    def guarded() -> None:
        try:
            loop(stop)
        except Exception:
            log.exception("loop failed")

    return guarded
