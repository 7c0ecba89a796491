"""How the goals service is served: who waits is counted, and nobody waits when it is to stop."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

from flask import Flask

from services.goals.api.call import ROOMS, Rooms
from services.goals.app import THREADS, create_app
from shared import tracing
from shared.logs import configure
from shared.serving import Server
from shared.serving import Worker as Plain
from shared.settings import Settings

LONGEST_LINE = 8190
"""Letters of a request's line: a cursor over all lanes has some 2,500."""


class Worker(Plain):
    """A worker that knows how many wait for its threads, and ends its long polls as soon as it is to stop."""

    def enqueue_req(self, conn: Any) -> None:
        """A request waits for a thread."""
        if (rooms := self._rooms()) is not None:
            rooms.turns.wait()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """It has one."""
        if (rooms := self._rooms()) is not None:
            rooms.turns.begin()
        return super().handle(conn)

    def run(self) -> None:
        """Answers until it is told to stop. What was loaded stays: the collector need not look through it."""
        gc.collect()
        gc.freeze()
        super().run()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: nobody waits any more, what is being answered is answered."""
        if (rooms := self._rooms()) is not None:
            rooms.desk.close()
        super().handle_exit(sig, frame)

    def _rooms(self) -> Rooms | None:
        """None while the application is being made, and of one that has none."""
        return self.wsgi.extensions.get(ROOMS) if isinstance(self.wsgi, Flask) else None


def serve(settings: Settings, host: str, threads: int = THREADS, share: int | None = None) -> None:
    """Serves on settings.goals_port until SIGTERM. Raises SettingsError before anything starts."""
    settings.require("goals_database_url", "vault_database_url", "master_keys", "token_keys")
    tracing.must_be_tellable(settings)
    configure("goals")
    make = partial(create_app, settings, threads=threads, share=share)
    bind = f"{host}:{settings.goals_port}"
    Server(
        "goals", settings, make, bind=bind, threads=threads, worker=Worker, limit_request_line=LONGEST_LINE
    ).run()
