"""A message's last steps, in the trace that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from opentelemetry.trace import Span
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.bell import Queue, queue_name
from services.reminders.ledger import traces
from shared import tracing
from shared.events import Channel


@contextmanager
def told_of(engine: Engine, message_id: UUID, channel: Channel, queue: Queue) -> Iterator[Span]:
    """The step of a worker that answers a ring."""
    says = {"messaging.destination.name": queue_name(channel, queue), "cairn.message": str(message_id)}
    parent = _came_from(engine, message_id) if tracing.is_on() else None
    with tracing.span("deliver", says, kind=tracing.CONSUMER, parent=parent) as step:
        yield step


def _came_from(engine: Engine, message_id: UUID) -> str | None:
    try:
        with engine.connect() as connection:
            return traces.of(connection, message_id)
    except SQLAlchemyError:
        return None  # the claim says so, too
