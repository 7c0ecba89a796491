"""How the reminder service is served: gunicorn with threads, which stops within seconds."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from services.reminders.app import NEEDS, create_app
from shared import tracing
from shared.logs import configure
from shared.settings import Settings

STOP_SECONDS = 4


class Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own lines, through ours."""

    def setup(self, cfg: Any) -> None:
        """Leaves the lines to the root logger, which writes JSON."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the application; `run` returns by exiting the process."""

    def __init__(self, settings: Settings, host: str, threads: int) -> None:
        self.settings = settings
        self.options: dict[str, Any] = {
            "bind": f"{host}:{settings.reminders_port}",
            "worker_class": "gthread",
            "threads": threads,
            "logger_class": Log,
            "graceful_timeout": STOP_SECONDS,
            "timeout": 60,
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
        configure("reminders")
        tracing.begin(self.settings, "cairn-reminders")
        return create_app(self.settings)


def serve(settings: Settings, host: str, threads: int) -> None:
    """Serves on settings.reminders_port until SIGTERM. Raises SettingsError before anything starts."""
    settings.require(*NEEDS)
    tracing.must_be_tellable(settings)
    configure("reminders")
    Server(settings, host, threads).run()
