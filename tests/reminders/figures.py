"""The pages that Prometheus reads, as tests read them."""

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine

from services.reminders.api.metrics import Ledger
from services.reminders.parts import clock


def exposition(engine: Engine) -> bytes:
    """What the ledger shows."""
    registry = CollectorRegistry()
    registry.register(Ledger(engine, clock))
    return generate_latest(registry)


def sample(page: str, series: str) -> float:
    """The value of one series; it must be there."""
    [line] = [line for line in page.splitlines() if line.startswith(f"{series} ")]
    return float(line.rpartition(" ")[2])
