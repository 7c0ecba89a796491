"""The processes of one installation: started in order, watched, stopped in the opposite order."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.child import Child, start
from infra.local.door import ask
from infra.local.trouble import LocalError

PATIENCE = 60.0
"""Seconds for a service to become ready."""
FAREWELL = 8.0
"""Seconds that a stage has to stop, before its processes are ended."""


@dataclass
class Processes:
    """Stages of children; a stage stops as one, the last one first."""

    logs: Path
    stages: list[list[Child]] = field(default_factory=list)

    def stage(self, *children: Child) -> None:
        """Keep these as the next stage."""
        self.stages.append(list(children))

    def cairn(self, *words: str, env: Mapping[str, str], options: Sequence[str] = ()) -> Child:
        """Start one of our own commands, its lines in a log of its name."""
        name = " ".join(words)
        command = [sys.executable, "-m", "infra.command", *words, *options]
        return start(f"cairn {name}", command, env=env, log=self.logs / f"{'-'.join(words)}.log")

    def check(self) -> None:
        """Raise LocalError for the first child that has died, with its last words."""
        for child in self._all():
            code = child.process.poll()
            if code is not None:
                raise LocalError(f"{child.name} stopped with {code}: {child.last_words()} (see {child.log})")

    def wait_for(self, *urls: str) -> None:
        """Return when every /readyz says yes. Raises LocalError: a child died, or it took too long."""
        deadline = time.monotonic() + PATIENCE
        waiting = list(urls)
        while waiting:
            self.check()
            try:
                status, found = ask("GET", f"{waiting[0]}/readyz")
            except LocalError:
                status, found = 0, {}
            if status == 200:
                waiting.pop(0)
                continue
            if time.monotonic() > deadline:
                why = found.get("detail", "no answer")
                raise LocalError(f"{waiting[0]} is not ready after {PATIENCE:.0f} s: {why} (see {self.logs})")
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop every stage, the last one first."""
        while self.stages:
            stage = self.stages.pop()
            for child in stage:
                child.ask_to_stop()
            deadline = time.monotonic() + FAREWELL
            for child in stage:
                child.stop(patience=max(0.1, deadline - time.monotonic()), ask=False)

    def _all(self) -> list[Child]:
        return [child for stage in self.stages for child in stage]
