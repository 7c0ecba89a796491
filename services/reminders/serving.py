"""How the reminder service is served."""

from __future__ import annotations

from functools import partial

from services.reminders.app import NEEDS, create_app
from shared import tracing
from shared.logs import configure
from shared.serving import Server
from shared.settings import Settings


def serve(settings: Settings, host: str, threads: int) -> None:
    """Serves on settings.reminders_port until SIGTERM. Raises SettingsError before anything starts."""
    settings.require(*NEEDS)
    tracing.must_be_tellable(settings)
    configure("reminders")
    bind = f"{host}:{settings.reminders_port}"
    Server("reminders", settings, partial(create_app, settings), bind=bind, threads=threads).run()
