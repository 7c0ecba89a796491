"""How a service is served: gunicorn with threads, which stops within seconds and writes lines as we do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from shared import tracing
from shared.logs import configure
from shared.patience import LISTENS_SECONDS, Patience
from shared.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

STOP_SECONDS = 4
HEARD_EVERY = 1.0
"""Seconds between two signs of life of a worker, who is given up after a minute without one."""

WITH_BODY = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING"})


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that says that it lives once a second, and not at every turn: each time is a system call.

    As often it looks whom its threads listen to for too long; gunicorn itself would let them for ever.
    """

    listens = LISTENS_SECONDS
    _said_at = 0.0

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.patience = Patience(self.listens)

    def notify(self) -> None:
        """Says that it lives, unless it just did."""
        now = time.monotonic()
        if now - self._said_at >= HEARD_EVERY:
            self._said_at = now
            super().notify()
            self.patience.run_out()

    def handle(self, conn: Any) -> Any:
        """A thread listens to a request, and answers it."""
        with self.patience.listening(conn.sock):
            return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Its head is there, and all of it where no body follows."""
        if not any(name in WITH_BODY for name, _ in req.headers):
            self.patience.heard()
        return super().handle_request(req, conn)


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own lines, through ours."""

    def setup(self, cfg: Any) -> None:
        """Leaves the lines to the root logger, which writes JSON; requests have lines of their own."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the application that `make` gives in its one worker; `run` ends by exiting the process.

    `more` are settings of gunicorn's. Another process is another container: it scales, and fails, by itself.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        make: Callable[[], Flask],
        *,
        bind: str,
        threads: int,
        worker: type[Worker] = Worker,
        **more: object,
    ) -> None:
        self._name = name
        self._settings = settings
        self._make = make
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": 1,
            "threads": threads,
            "worker_class": worker,
            "logger_class": Log,
            "graceful_timeout": STOP_SECONDS,
            "timeout": 60,
            "control_socket_disable": True,
            "worker_exit": lambda _server, _worker: tracing.end(),
            **more,
        }
        super().__init__()

    def load_config(self) -> None:
        """Takes our options, and none of a command line or a file."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the worker."""
        configure(self._name)
        tracing.begin(self._settings, f"cairn-{self._name}")
        app = self._make()
        app.wsgi_app = all_or_nothing(app.wsgi_app)  # type: ignore[assignment, method-assign]
        return app


def all_or_nothing(app: WSGIApplication) -> WSGIApplication:
    """The same, for which a body that ends before its length is no body: 400, and nothing of it is taken.

    gunicorn says that its bodies end by themselves, and so nobody would notice what is missing.
    """

    def judged(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return app(environ, start_response)

    return judged
