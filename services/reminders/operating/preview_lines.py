"""What the command shows of a preview: when, by which way, what kind, or why not; never the words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import click
import msgspec

from services.reminders import people
from services.reminders.parts import Parts
from services.reminders.scheduling.preview import PreviewPage, preview

UNKNOWN = "No such client is known here: {client}. Was she erased, or is `cairn reminders follow` behind?"


def preview_lines(parts: Parts, client: UUID, now: datetime, days: int, *, as_json: bool) -> Iterator[str]:
    """A line for each message and for each thing that is held back, or one of JSON. Raises ClickException."""
    with parts.engine.connect() as connection:
        person = people.person(connection, parts.vault, client)
        if person is None:
            raise click.ClickException(UNKNOWN.format(client=client))
        page = preview(connection, parts.vault, person, now, days, links=parts.links.public)
    if as_json:
        wordless = [msgspec.structs.replace(one, subject=None, text=None) for one in page.items]
        yield msgspec.json.encode(msgspec.structs.replace(page, items=wordless)).decode()
    else:
        yield from _lines(page)


def _lines(page: PreviewPage) -> Iterator[str]:
    for one in page.items:
        waited = f"  (due {one.due_at}, put off by {one.put_off_by})" if one.put_off_by else ""
        yield f"{one.at}  {one.channel:5}  {', '.join(one.kinds)}{waited}"
    for held in page.held_back:
        yield f"{held.at}  {held.channel:5}  {held.kind}  not said: {held.cause}"
    if page.stands_still:
        yield f"Nothing goes to her until somebody acts: {page.stands_still}."
    elif not page.items and not page.held_back:
        yield "Nothing is to come."
