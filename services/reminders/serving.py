"""The reminder service's HTTP process: gunicorn with threads."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from services.reminders.app import create_app
from shared.settings import Settings

THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]
    """One process with threads, on the loopback address."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Tells gunicorn what it needs to know."""
        chosen: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._settings.reminders_port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": 10,
            "proc_name": "cairn-reminders",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Serves until told to stop."""
    create_app(settings)  # what is missing is said before anything starts
    Server(settings).run()
