"""`cairn simulate`: what a crowd of clients would be sent, and what it takes to send it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from services.reminders.simulation.load import simulate as simulated
from services.reminders.simulation.shown import lines

BEGINS = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; ninety days from it meet the change of the clocks."""


@click.command()
@click.option(
    "--clients", default=1_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many."
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3_660), help="For how long.")
@click.option("--seed", default=1, show_default=True, type=int, help="Another seed is another crowd.")
def simulate(clients: int, days: int, seed: int) -> None:
    """Live through the days of a crowd in virtual time, by the rules that send, and say what it takes.

    Nothing is stored or sent. A thousand clients' ninety days take half a minute of a core.
    """
    with click.progressbar(length=clients, label="clients", file=sys.stderr) as bar:
        load = simulated(clients, BEGINS, days, seed, os.cpu_count() or 1, bar.update)
    for line in lines(load, days):
        click.echo(line)
