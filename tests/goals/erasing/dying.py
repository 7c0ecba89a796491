"""An eraser that kills itself with -9 in its round: `python -m tests.goals.erasing.dying POINT TIME`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.goals.beats import House
from services.goals.erasing import carry_out as erasing
from services.goals.erasing import worklist
from shared.database import engine
from shared.settings import Settings
from shared.vault import Vault
from tests.goals.erasing.trial import MASTER_KEY, WAIT

POINTS = ("before_append", "after_append", "after_key", "after_mark", "before_done")


def die(*_: Any, **__: Any) -> None:
    """At once, and without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step, and death before anything follows it."""

    def taken(*args: Any, **kwargs: Any) -> None:
        step(*args, **kwargs)
        die()

    return taken


def main(point: str, now: datetime) -> None:
    """One round at that time, up to the point."""
    settings = Settings.read(os.environ)
    log, keys = (
        engine(url, pool_size=2, autocommit=True)
        for url in settings.require("goals_database_url", "vault_database_url")
    )
    vault = Vault(keys, MASTER_KEY)
    steps: dict[str, tuple[Any, str, bool]] = {
        "before_append": (erasing, "erase", False),
        "after_append": (erasing, "erase", True),
        "after_key": (worklist, "destroyed", False),
        "after_mark": (worklist, "destroyed", True),
        "before_done": (worklist, "done", False),
    }
    where, step, is_taken = steps[point]
    setattr(where, step, then_die(getattr(where, step)) if is_taken else die)
    erasing.carry_out(House(log, vault, now=lambda: now), WAIT)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
