"""`cairn goals`: what an operator does with the goals service."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from shared.listening import must_be_free
from shared.loops import run, told_to_stop
from shared.owners import beside, of_service, owner_url, owners_needed
from shared.probed import answering, probed
from shared.settings import Settings


@click.group()
def goals() -> None:
    """The goals service."""


@goals.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--threads", default=16, show_default=True, type=click.IntRange(4, 256), help="Answers at once."
)
@click.pass_obj
def serve(settings: Settings, host: str, threads: int) -> None:
    """Serve HTTP on CAIRN_GOALS_PORT until SIGTERM."""
    from services.goals import server  # noqa: PLC0415  # other commands need no web server

    settings.require("goals_database_url", "vault_database_url", "master_keys", "token_keys")
    must_be_free(host, settings.goals_port, "CAIRN_GOALS_PORT")
    server.serve(settings, host, threads=threads)


@goals.command()
@click.option("--as", "owner", metavar="URL", help="The database of the log, as its owner.")
@click.option(
    "--vault-as", "vault_owner", metavar="URL", help="The database of the keys, where its owner is another."
)
@click.pass_obj
def migrate(settings: Settings, owner: str | None, vault_owner: str | None) -> None:
    """Bring the log and its vault to what this version expects; again changes nothing."""
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
@click.pass_obj
def verify(settings: Settings) -> None:
    """Say whether the log is as it was written: one line a lane, then the verdict; exit 1 when it is not."""
    from services.goals.log.verify import verify as judged  # noqa: PLC0415
    from shared.database import engine  # noqa: PLC0415

    seen = [0]

    def progress(rows: int) -> None:
        seen[0] += rows
        if sys.stderr.isatty():
            click.echo(f"\r{seen[0]:,} events read", err=True, nl=False)

    log = engine(settings.require("goals_database_url"), pool_size=1)
    events = faults = 0
    try:
        for lane in judged(log, progress):
            events += lane.events
            faults += lane.fault is not None
            if lane.fault:
                click.echo(f"lane {lane.lane}: event {lane.fault.position} {lane.fault.why}")
            elif lane.events:
                click.echo(f"lane {lane.lane}: {lane.events} events, sound")
    finally:
        log.dispose()
    if faults:
        click.echo(f"The log is not as it was written: {faults} of 256 lanes are not sound.")
        sys.exit(1)
    click.echo(f"The log is as it was written: {events} events, every chain whole.")


@goals.command()
@click.option(
    "--check", is_flag=True, help="Only say whether they are right; changes nothing, exit 1 if not."
)
@click.pass_obj
def rebuild(settings: Settings, check: bool) -> None:
    """Make the read models again from the log while writes go on, and swap them in at the end."""
    from services.goals.rebuilding.command import check_command, rebuild_command  # noqa: PLC0415

    settings.require("goals_database_url", "vault_database_url", "master_keys")
    sys.exit((check_command if check else rebuild_command)(settings))


@goals.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", required=True, type=click.UUID, help="Whose clients they become.")
@click.option("--therapist", metavar="STAFF", help="Who works with those of whom the file does not say it.")
@click.pass_obj
def import_(settings: Settings, file: Path, clinic: UUID, therapist: str | None) -> None:
    """Take over clients from a file: it is judged whole, then written; again changes nothing."""
    from services.goals.importing.command import import_command  # noqa: PLC0415

    settings.require("goals_database_url", "vault_database_url", "master_keys")
    sys.exit(import_command(settings, file, clinic, therapist))


@goals.command()
@click.pass_obj
def rekey(settings: Settings) -> None:
    """Wrap all keys of the vault by the master key of now, while everything runs; killed, run it again."""
    from shared.rekeying import rekey_command  # noqa: PLC0415

    rekey_command(*settings.require("vault_database_url", "master_keys"))


@goals.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--again", is_flag=True, help="First read the whole log anew: after a vault was restored.")
@probed
@click.pass_obj
def erase(settings: Settings, once: bool, again: bool, metrics_port: int | None, metrics_host: str) -> None:
    """Carry out the erasures that were granted CAIRN_ERASURE_WAIT_DAYS ago, until told to stop."""
    from services.goals.beats import House  # noqa: PLC0415
    from services.goals.erasing import worklist  # noqa: PLC0415
    from services.goals.erasing.carry_out import carry_out, erase_until  # noqa: PLC0415
    from services.goals.schema import unready  # noqa: PLC0415
    from shared.database import engine  # noqa: PLC0415
    from shared.logs import configure  # noqa: PLC0415
    from shared.probes import of_process  # noqa: PLC0415
    from shared.vault import Vault  # noqa: PLC0415

    goals_url, vault_url, masters = settings.require(
        "goals_database_url", "vault_database_url", "master_keys"
    )
    log, keys = (engine(url, pool_size=2, autocommit=True) for url in (goals_url, vault_url))
    vault, wait = Vault(keys, masters), timedelta(days=settings.erasure_wait_days)
    house = House(log, vault)
    configure("goals")
    try:
        if again:
            worklist.begin_anew(log)
        if once:
            click.echo(f"{carry_out(house, wait, click.echo)} erased")
        else:
            registry = of_process()
            with answering(
                metrics_host, metrics_port, registry, lambda: unready(log, keys) or vault.foreign()
            ):
                run(told_to_stop(), {"erase": erase_until(house, wait)}, registry)
    finally:
        log.dispose()
        keys.dispose()
