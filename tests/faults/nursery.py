"""Processes of ours by the dozen: each forked from one that has loaded everything, to be killed at will."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from infra.local import kernel
from tests.faults import dying, hosts, hurried

LOADED = [
    "infra.command", "services.goals.commands", "services.goals.server",
    "services.reminders.channels.email", "services.reminders.channels.sms", "services.reminders.commands",
    "services.reminders.serving", "services.reminders.sending.worker", "services.goals.erasing.carry_out",
    "services.goals.rebuilding.command", "services.goals.log.verify", "services.goals.seals.sealing",
    "tests.faults.dying", "tests.faults.hosts", "tests.faults.hurried",
]  # fmt: skip
"""What takes two seconds to import, and is the same in every process."""

_forking = multiprocessing.get_context("forkserver")


def prepare() -> None:
    """Says what is to be loaded, before the first process is born."""
    _forking.set_forkserver_preload(LOADED)


@dataclass
class Born:
    """A process that runs one of our commands, in a group of its own."""

    process: ForkServerProcess
    log: Path

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        return self.process.is_alive()

    @property
    def has_started(self) -> bool:
        """Whether it does its work, and can be told to stop: it logs so."""
        return b'"started"' in self.log.read_bytes()

    def kill(self) -> None:
        """With -9, it and whoever it started, and waits until it is gone."""
        _to_group(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join(10)

    def stop(self, seconds: float) -> int | None:
        """Asks it to stop; its exit code, None when it still runs after so many seconds."""
        self.process.terminate()
        self.process.join(seconds)
        return self.process.exitcode

    def dies(self, seconds: float) -> bool:
        """Whether it has ended by itself within so many seconds."""
        self.process.join(seconds)
        return not self.lives


def bear(
    words: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    point: str | None = None,
    host: str | None = None,
) -> Born:
    """Starts `cairn WORDS`, hurried; with a point of `dying.POINTS` it kills itself there.

    On a host of `hosts.py`, by its name, it sees that host's network alone.
    """
    arguments = (list(words), dict(environment), str(log), point, host)
    process = _forking.Process(target=_live, args=arguments)
    process.start()
    return Born(process, log)


def _live(
    words: list[str], environment: dict[str, str], log: str, point: str | None, host: str | None
) -> None:
    os.setpgid(0, 0)
    if host is not None:
        hosts.move_to(host)
    kernel.die_with(os.getppid(), signal.SIGKILL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["cairn", *words]
    hurried.hurry()
    if point is not None:
        dying.arm(point)
    from infra.command import main  # noqa: PLC0415  it is loaded, and this way the tests need not load it

    main()


def _to_group(pid: int | None, number: signal.Signals) -> None:
    try:
        os.killpg(pid or 0, number)
    except ProcessLookupError:
        return
