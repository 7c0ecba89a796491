"""A rebuild that kills itself with -9 on its way: `python -m tests.goals.rebuilding.dying POINT`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from services.goals.rebuilding.beside import Beside
from services.goals.rebuilding.rebuild import rebuild
from shared.database import engine
from shared.settings import Settings
from shared.vault import Vault
from tests.goals.rebuilding.lived import MASTER_KEY

POINTS = ("empty", "hold", "swap")


def main(point: str) -> None:
    """Rebuilds, and dies: with nothing beside, with the first record beside, or before the swap commits."""
    log_url, keys_url = Settings.read(os.environ).require("goals_database_url", "vault_database_url")
    step = getattr(Beside, point)

    def then_die(self: Beside, *args: Any) -> None:
        step(self, *args)
        if len(self) or point == "empty":
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(Beside, point, then_die)
    rebuild(engine(log_url), Vault(engine(keys_url), MASTER_KEY))


if __name__ == "__main__":
    main(sys.argv[1])
