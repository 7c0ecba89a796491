"""How the goals service is served: gunicorn with threads, which stops within seconds and lets nobody wait."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from services.goals.api.call import ROOMS, Rooms
from services.goals.app import THREADS, create_app
from shared import tracing
from shared.logs import configure
from shared.settings import Settings

STOP_SECONDS = 4


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
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


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own lines, through ours."""

    def setup(self, cfg: Any) -> None:
        """Leaves the lines to the root logger, which writes JSON; requests have lines of their own."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the application; `run` returns by exiting the process."""

    def __init__(
        self, settings: Settings, host: str, port: int, threads: int, share: int | None = None
    ) -> None:
        self.settings = settings
        self.share = share
        self.options: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "workers": 1,  # another process is another container: it scales, and fails, by itself
            "threads": threads,
            "worker_class": Worker,
            "logger_class": Log,
            "graceful_timeout": STOP_SECONDS,
            "timeout": 60,
            "limit_request_line": 8190,  # a cursor over all lanes has some 2,500 letters
            "control_socket_disable": True,
            "worker_exit": lambda _server, _worker: tracing.end(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Takes our options, and none of a command line or a file."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the worker."""
        configure("goals")
        tracing.begin(self.settings, "cairn-goals")
        return create_app(self.settings, threads=self.options["threads"], share=self.share)


def serve(settings: Settings, host: str, threads: int = THREADS, share: int | None = None) -> None:
    """Serves on settings.goals_port until SIGTERM. Raises SettingsError before anything starts."""
    settings.require("goals_database_url", "vault_database_url", "master_keys", "token_keys")
    tracing.must_be_tellable(settings)
    configure("goals")
    Server(settings, host, settings.goals_port, threads, share).run()
