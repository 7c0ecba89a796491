"""`cairn reminders parked`: what was set aside, and why; and to try it again once that was put right."""

# ruff: noqa: PLC0415  as the other commands: each imports what it alone needs

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import click
import msgspec
from msgspec import Struct

from services.reminders.parts import Parts, clock
from shared.settings import Settings

NOTHING = "Nothing is set aside."


@click.group("parked", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def parked(context: click.Context, as_json: bool) -> None:
    """List what was set aside, oldest first.

    Records whose events could not be applied, and messages that could not be judged. Ids, times and kinds
    of errors, never words.
    """
    if context.invoked_subcommand is not None:
        return
    with closing(Parts(context.obj)) as parts:
        found = list(_all(parts))
    for _, one, line in found:
        click.echo(msgspec.json.encode(one).decode() if as_json else line)
    if not found and not as_json:
        click.echo(NOTHING)


@parked.command()
@click.argument("ids", nargs=-1, type=click.UUID, metavar="[ID]...")
@click.option("--all", "all_of_it", is_flag=True, help="All that is set aside, in order.")
@click.pass_obj
def retry(settings: Settings, ids: tuple[UUID, ...], all_of_it: bool) -> None:
    """Try again what was set aside.

    Records and messages by their ids, or all. A record's events are applied in order, as far as they can
    be; a message waits as any other, and is judged as it goes, so that what has become stale is not sent.
    Exit 1 when something stands still as before.
    """
    if bool(ids) == all_of_it:
        raise click.UsageError("name what is to be tried again, or say --all")
    with closing(Parts(settings)) as parts:
        if all_of_it:
            ids = tuple(one for one, _, _ in _all(parts))
        stands = [one for one in ids if not _retried(parts, one)]
    if not ids:
        click.echo(NOTHING)
    sys.exit(1 if stands else 0)


def _retried(parts: Parts, one: UUID) -> bool:
    """Tries it, and says what came of it; whether it goes on now."""
    from services.reminders.following.unparking import retry as retry_record
    from services.reminders.ledger import aside

    tried = retry_record(parts.engine, parts.vault, parts.ring, one, clock())
    if tried is not None:
        stands = f"; {tried.left} wait still, for the first of them is a {tried.reason}" if tried.left else ""
        click.echo(f"record   {one}  {tried.applied} applied{stands}")
        return not tried.left
    with parts.engine.begin() as connection:
        if not aside.try_again(connection, [one], clock()):
            raise click.BadParameter(f"{one} is no record and no message that is set aside")
    click.echo(f"message  {one}  waits to be judged")
    return True


def _all(parts: Parts) -> Iterator[tuple[UUID, Struct, str]]:
    """Each: its id, all that there is to say, and that as a line."""
    from services.reminders import parking
    from services.reminders.ledger import aside

    with parts.engine.connect() as connection:
        for record in parking.records(connection):
            events = "1 event waits" if record.events == 1 else f"{record.events} events wait"
            line = f"{record.since}  record   {record.record_id}  {record.reason}  {events}"
            yield record.record_id, record, f"{line}  clinic {record.clinic_id}"
        for one in aside.messages_aside(connection):
            line = f"{one.since}  message  {one.message_id}  {one.reason}  {one.channel}"
            yield one.message_id, one, f"{line}  client {one.client_id}"
