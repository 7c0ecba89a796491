"""`cairn reminders …`: the processes of the reminder service."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime

import click

from services.reminders import loops, schema
from services.reminders.deliver import deliverer
from services.reminders.follow import follow_until
from services.reminders.parts import Parts, all_local, clock
from services.reminders.schedule import schedule as schedule_now
from services.reminders.schedule import schedule_once_at, schedule_until
from services.reminders.sweep import sweep_until
from services.reminders.worker import work as run_workers
from shared import logs
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
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve the outbox, messages, health and metrics over HTTP."""
    from services.reminders.serving import serve as run  # noqa: PLC0415  gunicorn, for this one process

    run(settings)


@reminders.command()
@click.option("--as", "owner", metavar="URL", help="The reminder database, as its owner.")
@click.option("--vault-as", "vault_owner", metavar="URL", help="Its vault's database, as its owner.")
@click.pass_obj
def migrate(settings: Settings, owner: str | None, vault_owner: str | None) -> None:
    """Bring the reminder database and its vault to what this version expects."""
    given = replace(
        settings,
        reminders_database_url=owner or settings.reminders_database_url,
        reminders_vault_database_url=vault_owner or settings.reminders_vault_database_url,
    )
    schema.migrate(*given.require("reminders_database_url", "reminders_vault_database_url"))


@reminders.command()
@click.pass_obj
def follow(settings: Settings) -> None:
    """Follow the goals service's feed until told to stop."""
    _run(Parts(settings), "follow")


@reminders.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--at", metavar="TIME", help="With --once: as if it were this time (RFC 3339).")
@click.pass_obj
def schedule(settings: Settings, once: bool, at: str | None) -> None:
    """Plan what comes due by the clock until told to stop."""
    parts = Parts(settings)
    if at is not None and not once:
        raise click.UsageError("--at needs --once: a clock is moved for one round only")
    if at is not None:
        moment = _moment(at)
        if not (all_local(settings) or _stand_ins_only(settings)):
            raise click.UsageError("--at moves the clock, so it is refused where real messages would be sent")
        click.echo(schedule_once_at(parts.engine, parts.ring, clock(), moment))
    elif once:
        click.echo(schedule_now(parts.engine, parts.ring, clock()))
    else:
        _run(parts, "schedule")


@reminders.command()
@click.option("--threads", default=THREADS, show_default=True, help="For each channel's bulk queue.")
@click.pass_obj
def work(settings: Settings, threads: int) -> None:
    """Deliver messages until told to stop."""
    parts = Parts(settings, pool=2 * threads)
    stop = loops.told_to_stop()
    deliver = deliverer(parts.engine, parts.vault, parts.channels(), parts.buckets(), clock)
    run_workers(parts.broker, deliver, stop, threads=threads)


@reminders.command()
@click.pass_obj
def sweep(settings: Settings) -> None:
    """Ring again what was not heard, and settle what was left half done, until told to stop."""
    _run(Parts(settings), "sweep")


@reminders.command(hidden=True, name="loops")
@click.pass_obj
def all_loops(settings: Settings) -> None:
    """Follow, schedule and sweep in one process."""
    _run(Parts(settings), "follow", "schedule", "sweep")


def _run(parts: Parts, *names: str) -> None:
    stop = loops.told_to_stop()
    made = {
        "follow": lambda: follow_until(parts.engine, parts.vault, parts.ring, parts.feed, clock),
        "schedule": lambda: schedule_until(parts.engine, parts.ring, clock),
        "sweep": lambda: sweep_until(parts.engine, parts.broker, parts.outbox.arrived, clock),
    }
    loops.run(stop, {name: made[name]() for name in names})


def _moment(at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter(
            "must be a time with its offset: 2026-03-02T08:00:00-05:00", param_hint="--at"
        )
    return moment


def _stand_ins_only(settings: Settings) -> bool:
    return settings.smtp_url is None and settings.twilio_api_url is not None
