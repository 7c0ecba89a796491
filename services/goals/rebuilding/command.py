"""`cairn goals rebuild`: what an operator sees of it, ids and counts only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy import Engine, text

from services.goals.rebuilding.rebuild import KeysMissing, Occupied, Progress, check, rebuild
from services.goals.schema import unready
from shared.database import engine
from shared.settings import Settings
from shared.upcasting import UnknownEvent
from shared.vault import Vault

NOTHING_CHANGED = "Nothing was changed."
_EVENTS = text("SELECT sum(position)::int8 FROM cairn.lane_head")


def check_command(settings: Settings) -> int:
    """Says whether what is kept is what the log adds up to; the exit status."""
    with _opened(settings) as (log, vault):
        found = check(log, vault, _progress(log))
    if not found.different:
        click.echo(
            f"The read models are what the log adds up to: {found.events} events, {found.streams} streams."
        )
        return 0
    for stream_id in found.named:
        click.echo(f"stream {stream_id} differs")
    if found.different > len(found.named):
        click.echo(f"and {found.different - len(found.named)} more")
    click.echo(
        "The read models are not what the log adds up to; streams that differ:"
        f" {found.different} of {found.streams}. cairn goals rebuild puts them right."
    )
    return 1


def rebuild_command(settings: Settings) -> int:
    """Rebuilds, and says of how many records something was put right; the exit status."""
    with _opened(settings) as (log, vault):
        done = rebuild(log, vault, _progress(log))
    click.echo(f"The read models are rebuilt: {done.events} events; records put right: {done.records}.")
    return 0


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Engine, Vault]]:
    """The log and the vault; what hinders is one line, and exit 1."""
    goals_url, vault_url, masters = settings.require(
        "goals_database_url", "vault_database_url", "master_keys"
    )
    log = engine(goals_url, pool_size=4, statement_timeout=timedelta(0))
    keys = engine(vault_url, pool_size=1, autocommit=True)
    vault = Vault(keys, masters)
    try:
        if why := unready(log, keys) or vault.foreign():
            raise click.ClickException(why)
        yield log, vault
    except KeysMissing:
        raise click.ClickException(
            "The vault lacks the key of a record: CAIRN_VAULT_DATABASE_URL is not the vault of this log."
            f" {NOTHING_CHANGED}"
        ) from None
    except UnknownEvent as error:
        raise click.ClickException(
            f"The log holds {error}, which this version does not know: use the newest. {NOTHING_CHANGED}"
        ) from None
    except Occupied as error:
        raise click.ClickException(f"{error} {NOTHING_CHANGED}") from None
    finally:
        if sys.stderr.isatty():
            click.echo(err=True)  # what follows stands on a line of its own
        log.dispose()
        keys.dispose()


def _progress(log: Engine) -> Progress:
    """On a terminal, how many of all events were read."""
    if not sys.stderr.isatty():
        return lambda _: None
    with log.connect() as connection:
        all_events = connection.scalar(_EVENTS)
    seen = [0]

    def progress(events: int) -> None:
        seen[0] += events
        click.echo(f"\r{seen[0]:,} of {all_events:,} events", err=True, nl=False)

    return progress
