"""`cairn goals`: what an operator does with the goals service."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from services.goals.moving import move_partition
from services.goals.proving import seal, verify
from services.goals.running import run_loops
from shared.listening import must_be_free
from shared.owners import beside, of_service, owner_url, owners_needed
from shared.probed import probed
from shared.settings import Settings


@click.group()
def goals() -> None:
    """The goals service."""


@goals.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--threads", default=16, show_default=True, type=click.IntRange(4, 256), help="Answers at once."
)
@click.option(
    "--share",
    type=click.IntRange(1, 256),
    help="How many of them one caller may have at once; half of them where nothing is said.",
)
@click.pass_obj
def serve(settings: Settings, host: str, threads: int, share: int | None) -> None:
    """Serve HTTP on CAIRN_GOALS_PORT until SIGTERM."""
    from services.goals import server  # noqa: PLC0415  # other commands need no web server

    settings.require("goals_database_url", "vault_database_url", "master_keys", "token_keys")
    must_be_free(host, settings.goals_port, "CAIRN_GOALS_PORT")
    server.serve(settings, host, threads=threads, share=share)


@goals.command()
@click.option("--as", "owner", metavar="URL", help="The database of the log, as its owner.")
@click.option(
    "--vault-as", "vault_owner", metavar="URL", help="The database of the keys, where its owner is another."
)
@click.pass_obj
def migrate(settings: Settings, owner: str | None, vault_owner: str | None) -> None:
    """Bring the log and its vault to what this version expects.

    Again changes nothing.
    """
    from services.goals import schema  # noqa: PLC0415  other commands need no migrations

    log = of_service(owner_url("--as", owner), settings.goals_database_url)
    keys = owner_url("--vault-as", vault_owner) or beside(log, settings.vault_database_url, "cairn_vault")
    given = replace(
        settings,
        goals_database_url=log or settings.goals_database_url,
        vault_database_url=keys or settings.vault_database_url,
    )
    with owners_needed():
        schema.migrate(*given.require("goals_database_url", "vault_database_url"))


@goals.command()
@click.option(
    "--check", is_flag=True, help="Only say whether they are right; changes nothing, exit 1 if not."
)
@click.pass_obj
def rebuild(settings: Settings, check: bool) -> None:
    """Make the read models again from the log.

    Writes go on meanwhile; they are swapped in at the end.
    """
    from services.goals.rebuilding.command import check_command, rebuild_command  # noqa: PLC0415

    settings.require("goals_database_url", "vault_database_url", "master_keys")
    sys.exit((check_command if check else rebuild_command)(settings))


@goals.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--clinic",
    type=click.UUID,
    help="Whose clients they become; else the export's, or the only one there is.",
)
@click.option(
    "--therapist",
    metavar="STAFF",
    help="Who works with those of whom the file does not say it, by id or e-mail.",
)
@click.pass_obj
def import_(settings: Settings, file: Path, clinic: UUID | None, therapist: str | None) -> None:
    """Take over clients from a file.

    FILE is a spreadsheet as .csv, JSON lines, or an export of another Cairn. It is judged whole, then
    written; the same file again changes nothing.
    """
    from services.goals.taking_over import import_command  # noqa: PLC0415

    settings.require("goals_database_url", "vault_database_url", "master_keys")
    sys.exit(import_command(settings, file, clinic, therapist))


@goals.command()
@click.pass_obj
def rekey(settings: Settings) -> None:
    """Wrap all keys of the vault by the master key of now.

    While everything runs; killed, run it again.
    """
    from shared.rekeying import rekey_command  # noqa: PLC0415

    rekey_command(*settings.require("vault_database_url", "master_keys"))


@goals.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--again", is_flag=True, help="First read the whole log anew: after a vault was restored.")
@probed
@click.pass_obj
def erase(settings: Settings, once: bool, again: bool, metrics_port: int | None, metrics_host: str) -> None:
    """Carry out the erasures that are due, until told to stop.

    That is CAIRN_ERASURE_WAIT_DAYS after they were granted.
    """
    from services.goals.erasing import worklist  # noqa: PLC0415
    from services.goals.erasing.carry_out import carry_out  # noqa: PLC0415
    from services.goals.parts import Parts, parts_of  # noqa: PLC0415

    settings.require("goals_database_url", "vault_database_url", "master_keys")
    with parts_of(settings) as parts:
        if again:
            worklist.begin_anew(parts.log)
        if once:
            wait = timedelta(days=settings.erasure_wait_days)
            click.echo(f"{carry_out(parts.house, wait, click.echo)} erased")
        else:
            run_loops(parts, metrics_host, metrics_port, {"erase": Parts.erase})


@goals.command(hidden=True, name="loops")
@probed
@click.pass_obj
def all_loops(settings: Settings, metrics_port: int | None, metrics_host: str) -> None:
    """Carry out erasures, and seal the log, in one process."""
    from services.goals.parts import Parts, parts_of  # noqa: PLC0415

    with parts_of(settings) as parts:
        run_loops(parts, metrics_host, metrics_port, {"erase": Parts.erase, "seal": Parts.seal})


for command in (verify, seal, move_partition):
    goals.add_command(command)
