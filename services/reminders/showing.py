"""What the command shows an operator: unknown messages, as lines to read or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
from sqlalchemy import Engine

from services.reminders.ledger.unknown import UnknownMessage, UnknownPage
from services.reminders.ledger.unknown import unknown as page_of

NOTHING = "No message is unknown."


def unknown_lines(engine: Engine, *, as_json: bool) -> Iterator[str]:
    """A line for each, oldest first."""
    found = False
    for message in _all(engine):
        found = True
        yield msgspec.json.encode(message).decode() if as_json else _line(message)
    if not found and not as_json:
        yield NOTHING


def _all(engine: Engine) -> Iterator[UnknownMessage]:
    after: UUID | None = None
    while True:
        page = _page(engine, after)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def _page(engine: Engine, after: UUID | None) -> UnknownPage:
    with engine.connect() as connection:
        return page_of(connection, after)


def _line(message: UnknownMessage) -> str:
    asked = f"asked again {message.asked_again_at}" if message.asked_again_at else "not asked again"
    return (
        f"{message.claimed_at}  {message.channel:5}  {message.id}  client {message.client_id}"
        f"  {message.cause or '-'}  provider {message.provider_id or '-'}  {asked}"
    )
