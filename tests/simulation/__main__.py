"""`make soak`, after the storm: the simulation at length on every core, with a closing table."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import sys
import time
from collections.abc import Iterator

import click

from tests.simulation.course import Tally, piece
from tests.simulation.episode import failure_of, steps_of

PIECE = 25_000
"""Steps that a process does before it says how it fares."""
SAID_EVERY = 10.0
"""Seconds."""


@click.command()
@click.option("--steps", default=1_000_000_000, show_default=True, help="How many, all processes together.")
@click.option("--seed", help="Of an earlier run, to make its choices again.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True)
@click.option("--replay", metavar="SEED", help="One episode, by the seed that a failure named.")
def main(steps: int, seed: str | None, processes: int, replay: str | None) -> None:
    """Drive the rules and the ledger through faults in virtual time; exit 1 if a promise breaks."""
    if replay is not None:
        found = failure_of(replay, steps_of(replay))
        click.echo(found or f"{replay}: every promise holds.")
        sys.exit(1 if found else 0)
    seed = seed or str(secrets.randbelow(1_000_000))
    click.echo(f"Seed {seed}: {steps:,} steps on {processes} cores.")
    tally, began, said = Tally(), time.monotonic(), time.monotonic()
    for done in _pieces(seed, steps, processes):
        tally.add(done)
        if time.monotonic() - said >= SAID_EVERY or tally.failure:
            said = time.monotonic()
            click.echo(f"{said - began:7.0f} s  {tally.steps:,} steps, {tally.handed:,} handed over")
        if tally.failure is not None:
            break
    _show(tally, time.monotonic() - began)
    if tally.failure is not None:
        click.echo(f"\n{tally.failure}")
        sys.exit(1)


def _pieces(seed: str, steps: int, processes: int) -> Iterator[Tally]:
    begins = enumerate(range(0, steps, PIECE))
    asked = ((f"{seed}.{number}", min(PIECE, steps - begin)) for number, begin in begins)
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(piece, asked)


def _show(tally: Tally, seconds: float) -> None:
    years = tally.days / 365
    rows = {
        "steps": f"{tally.steps:,}, {seconds / max(tally.steps, 1) * 1e6:.0f} us each",
        "episodes": f"{tally.episodes:,}, {years:,.0f} years of clients' time",
        "died or cut off": f"{tally.died:,}",
        "handed over": f"{tally.handed:,}",
        "messages": ", ".join(f"{count:,} {state}" for state, count in sorted(tally.states.items())),
        "held back by": ", ".join(f"{count:,} {cause}" for cause, count in tally.causes.most_common(12)),
        "promises broken": "none" if tally.failure is None else tally.failure.what,
    }
    click.echo()
    for name, figure in rows.items():
        click.echo(f"  {name:<18} {figure}")


if __name__ == "__main__":
    main()
