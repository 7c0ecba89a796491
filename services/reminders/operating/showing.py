"""What the command shows an operator: unknown messages, as lines to read or as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Engine

from services.reminders.ledger.pages import START, Place, place_of
from services.reminders.ledger.unknown import UnknownMessage, UnknownPage
from services.reminders.ledger.unknown import unknown as page_of
from services.reminders.operating.releasing import Released

NOTHING = "No message is unknown."
NOT_HELD = "It is not held: it sends."


def unknown_lines(engine: Engine, *, as_json: bool) -> Iterator[str]:
    """A line for each, oldest first."""
    found = False
    for message in _all(engine):
        found = True
        yield msgspec.json.encode(message).decode() if as_json else _line(message)
    if not found and not as_json:
        yield NOTHING


def released_line(done: Released | None) -> str:
    """What became of a ledger's hold."""
    if done is None:
        return NOT_HELD
    doubt = (
        f"{done.unknown} messages may have gone before, and are unknown"
        if done.unknown
        else "None is in doubt"
    )
    return f"Released. {doubt}; {done.going} that waited go now."


def _all(engine: Engine) -> Iterator[UnknownMessage]:
    page = _page(engine, START)
    yield from page.items
    while page.next is not None:
        page = _page(engine, place_of(page.next))
        yield from page.items


def _page(engine: Engine, after: Place) -> UnknownPage:
    with engine.connect() as connection:
        return page_of(connection, after)


def _line(message: UnknownMessage) -> str:
    asked = f"asked again {message.asked_again_at}" if message.asked_again_at else "not asked again"
    return (
        f"{message.claimed_at}  {message.channel:5}  {message.id}  client {message.client_id}"
        f"  {message.cause or '-'}  provider {message.provider_id or '-'}  {asked}"
    )
