"""`cairn goals move-partition`: a sixteenth of the log goes to another disk."""

from __future__ import annotations

from datetime import timedelta

import click

from services.goals.counting import counting
from shared.owners import owner_url


@click.command(name="move-partition")
@click.argument("number", type=click.IntRange(0, 15))
@click.option("--tablespace", required=True, help="Where it goes: CREATE TABLESPACE makes one.")
@click.option(
    "--as", "superuser", metavar="URL", required=True, help="The database of the log, as a superuser."
)
def move_partition(number: int, tablespace: str, superuser: str) -> None:
    """Move a sixteenth of the log to another disk.

    Everything goes on meanwhile. Killed, run it again.
    """
    from services.goals.log.moving import NotMoved, move  # noqa: PLC0415  other commands need no database
    from shared.database import engine  # noqa: PLC0415

    log = engine(owner_url("--as", superuser) or "", statement_timeout=timedelta(0))
    try:
        before = move(log, number, tablespace, counting("events copied"))
    except NotMoved as no:
        raise click.ClickException(str(no)) from None
    finally:
        log.dispose()
    click.echo(f"Moved. What it was is {before}: drop it once `cairn goals verify` says that all is whole.")
