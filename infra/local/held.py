"""An installation that was put back from a copy: it sends nothing until somebody has released it."""

from datetime import UTC, datetime

from shared.database import engine
from shared.settings import Settings


def hold(settings: Settings) -> None:
    """Holds what the ledger would send; before anything is started that sends."""
    from services.reminders.sending import holding  # noqa: PLC0415  making servers must not need this house

    ledger = engine(settings.require("reminders_database_url"), pool_size=1)
    try:
        holding.ask(ledger, datetime.now(UTC))
    finally:
        ledger.dispose()
