"""`cairn reminders …`: the processes of the reminder service."""

# ruff: noqa: PLC0415  each command imports what it alone needs, and so starts in half the time

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import click

from services.reminders import running
from services.reminders.operating import setting_right, trying
from services.reminders.parts import Parts, all_local, clock
from shared import logs, tracing
from shared.listening import must_be_free
from shared.loops import told_to_stop
from shared.owners import beside, of_service, owner_url, owners_needed
from shared.probed import answering, probed
from shared.settings import Settings

THREADS = 8


@click.group("reminders")
@click.pass_context
def reminders(context: click.Context) -> None:
    """The reminder service: follows the goals service, and sends nudges and celebrations."""
    logs.configure("reminders")
    if not isinstance(context.obj, Settings):
        context.obj = Settings.read(os.environ)


@reminders.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--threads", default=THREADS, show_default=True, type=click.IntRange(1, 256), help="Answers at once."
)
@click.pass_obj
def serve(settings: Settings, host: str, threads: int) -> None:
    """Serve HTTP on CAIRN_REMINDERS_PORT until SIGTERM."""
    from services.reminders import serving
    from services.reminders.app import NEEDS

    settings.require(*NEEDS)
    must_be_free(host, settings.reminders_port, "CAIRN_REMINDERS_PORT")
    serving.serve(settings, host, threads=threads)


@reminders.command()
@click.option("--as", "owner", metavar="URL", help="The reminder database, as its owner.")
@click.option(
    "--vault-as", "vault_owner", metavar="URL", help="Its vault's database, where its owner is another."
)
@click.pass_obj
def migrate(settings: Settings, owner: str | None, vault_owner: str | None) -> None:
    """Bring the ledger and its vault to what this version expects."""
    from services.reminders import schema

    ledger = of_service(owner_url("--as", owner), settings.reminders_database_url)
    known = settings.reminders_vault_database_url
    keys = owner_url("--vault-as", vault_owner) or beside(ledger, known, "cairn_reminders_vault")
    given = replace(
        settings,
        reminders_database_url=ledger or settings.reminders_database_url,
        reminders_vault_database_url=keys or settings.reminders_vault_database_url,
    )
    with owners_needed():
        schema.migrate(*given.require("reminders_database_url", "reminders_vault_database_url"))


@reminders.command()
@probed
@click.pass_obj
def follow(settings: Settings, metrics_port: int | None, metrics_host: str) -> None:
    """Follow the goals service's feed until told to stop."""
    running.run_loops(Parts(settings), metrics_host, metrics_port, running.follow)


@reminders.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option(
    "--at",
    metavar="TIME",
    help="With --once, to try it: as if it were this time (RFC 3339). What comes due then is sent now.",
)
@probed
@click.pass_obj
def schedule(
    settings: Settings, once: bool, at: str | None, metrics_port: int | None, metrics_host: str
) -> None:
    """Plan what comes due by the clock until told to stop.

    With --once it prints how many came due.
    """
    if not once:
        if at is not None:
            raise click.UsageError("--at needs --once: a clock is moved for one round only")
        running.run_loops(
            Parts(settings), metrics_host, metrics_port, running.schedule, running.flags, running.digests
        )
        return
    moment = trying.moment(at, "--at") if at is not None else None
    if moment and not (all_local(settings) or _stand_ins_only(settings)):
        raise click.UsageError("--at moves the clock, so it is refused where real messages would be sent")
    from services.reminders.scheduling import schedule as scheduler

    parts = Parts(settings)
    if moment:
        click.echo(scheduler.schedule_once_at(parts.engine, parts.ring, clock(), moment))
    else:
        click.echo(scheduler.schedule(parts.engine, parts.ring, clock()))


@reminders.command()
@click.option(
    "--threads",
    default=THREADS,
    show_default=True,
    type=click.IntRange(1, 256),
    help="For each channel's bulk queue.",
)
@probed
@click.pass_obj
def work(settings: Settings, threads: int, metrics_port: int | None, metrics_host: str) -> None:
    """Deliver messages until told to stop."""
    from services.reminders import readiness
    from services.reminders.sending import worker
    from services.reminders.sending.deliver import deliverer
    from services.reminders.sending.watched import Watched

    parts, watched = Parts(settings, pool=2 * threads), Watched()
    deliver = deliverer(
        parts.engine, parts.vault, parts.channels(), parts.buckets(), clock, parts.links, watched
    )
    broker_url = settings.require("broker_url")
    parts.show_in(watched.registry)
    stop = told_to_stop()
    tracing.begin(settings, "cairn-reminders")
    with answering(metrics_host, metrics_port, watched.registry, lambda: readiness.unheard(parts)):
        worker.work(broker_url, deliver, stop, threads=threads, middleware=[watched.jobs])
    tracing.end()


@reminders.command()
@probed
@click.pass_obj
def sweep(settings: Settings, metrics_port: int | None, metrics_host: str) -> None:
    """Ring again what was not heard, until told to stop.

    It also settles what was left half done, and tells the log what it must know.
    """
    running.run_loops(Parts(settings), metrics_host, metrics_port, running.sweep, running.carry)


@reminders.command()
@probed
@click.pass_obj
def reconcile(settings: Settings, metrics_port: int | None, metrics_host: str) -> None:
    """Ask the provider what became of messages, until told to stop.

    And to forget the words of those that have come to an end.
    """
    running.run_loops(Parts(settings), metrics_host, metrics_port, running.reconcile)


@reminders.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def unknown(settings: Settings, as_json: bool) -> None:
    """List the messages that may have gone, and nobody can tell.

    Ids and times, never words.
    """
    from services.reminders.operating.showing import unknown_lines

    with closing(Parts(settings)) as parts:
        for line in unknown_lines(parts.engine, as_json=as_json):
            click.echo(line)


@reminders.command()
@click.argument("client", type=click.UUID)
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 31), help="So far ahead.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def preview(settings: Settings, client: UUID, days: int, as_json: bool) -> None:
    """Say what a client will get in the coming days.

    If nothing happens meanwhile; and what not, and why. Times and kinds, never words; times are by her
    own clock.
    """
    from services.reminders.operating.preview_lines import preview_lines

    with closing(Parts(settings)) as parts:
        for line in preview_lines(parts, client, clock(), days, as_json=as_json):
            click.echo(line)


@reminders.command()
@click.pass_obj
def rekey(settings: Settings) -> None:
    """Wrap all keys of the vault by the master key of now.

    While everything runs; killed, run it again.
    """
    from shared.rekeying import rekey_command

    rekey_command(*settings.require("reminders_vault_database_url", "master_keys"))


@reminders.command()
@click.pass_obj
def bounce(settings: Settings) -> None:
    """Take in an e-mail that came back, from stdin.

    A delivery status notification, as a mail server pipes it.
    """
    from services.reminders.channels.dsn import read
    from services.reminders.sending.bouncing import take

    parts = Parts(settings)
    told = read(sys.stdin.buffer.read())
    ours = told is not None and take(parts.engine, parts.vault, told, clock())
    click.echo("taken" if ours else "no notification about an e-mail of ours")


@reminders.command()
@click.pass_obj
def hold(settings: Settings) -> None:
    """Send nothing, as after a restore, until `release`.

    For a ledger restored in its old place.

    One that was restored elsewhere is held by itself. Who writes in danger is answered all the same.
    """
    from services.reminders.sending import holding

    with closing(Parts(settings)) as parts:
        new = holding.ask(parts.engine, clock())
    click.echo("Held: nothing is sent." if new else "It is held already.")


@reminders.command()
@click.option("--complete", is_flag=True, help="It is the newest ledger and whole: nothing was sent since.")
@click.pass_obj
def release(settings: Settings, complete: bool) -> None:
    """Let a ledger that was restored send again.

    Once it has followed all that happened. What the lost one may have sent becomes unknown, and the
    provider is asked about it; nothing goes twice.
    """
    from services.reminders.operating import releasing
    from services.reminders.operating.showing import released_line

    with closing(Parts(settings)) as parts:
        feed = None if complete else parts.feed
        try:
            done = releasing.release(parts.engine, parts.broker, parts.ring, feed, clock())
        except releasing.NotFollowed as why:
            raise click.ClickException(str(why)) from None
        click.echo(released_line(done))


@reminders.command(hidden=True, name="loops")
@probed
@click.pass_obj
def all_loops(settings: Settings, metrics_port: int | None, metrics_host: str) -> None:
    """Follow, schedule, tell the staff, sweep, carry and reconcile in one process."""
    running.run_loops(Parts(settings), metrics_host, metrics_port, *running.ALL)


for command in (*trying.commands(), setting_right.parked):
    reminders.add_command(command)


def _stand_ins_only(settings: Settings) -> bool:
    return settings.smtp_url is None and settings.twilio_api_url is not None
