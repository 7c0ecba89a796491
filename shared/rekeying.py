"""`cairn goals rekey`, and that of reminders: what an operator sees, ids of master keys and counts only."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from shared.database import engine
from shared.masters import Masters
from shared.rekey import count, rekey
from shared.settings import SettingsError
from shared.wrapped import WrongMasterKey


def rekey_command(vault_url: str, masters: Masters) -> None:
    """Rewraps a vault, and says which master keys nothing in it needs any more. Raises SettingsError."""
    keys, now = engine(vault_url, pool_size=1), masters.wrapping()
    try:
        todo = count(keys, masters)
        left = rekey(keys, masters, _progress(todo))
    except WrongMasterKey as unknown:
        raise SettingsError(str(unknown)) from None
    finally:
        keys.dispose()
    if not left:
        click.echo(f"Nothing to do: all that is wrapped was wrapped by master key {now.id}.")
        return
    click.echo(f"{todo:,} keys of records and the vault's own are wrapped by master key {now.id}.")
    for master_id in sorted(left):
        click.echo(
            f"Nothing in this vault needs master key {master_id} any more; its backups from before do."
        )


def _progress(todo: int) -> Callable[[int], None]:
    """On a terminal, how many of all were wrapped anew."""
    done = [0]

    def progress(more: int) -> None:
        done[0] += more
        if sys.stderr.isatty():
            click.echo(f"\r{done[0]:,} of {todo:,} keys", err=True, nl=done[0] == todo and not more)

    return progress
