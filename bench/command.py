"""`cairn bench [NAME]`: measures, shows a table, and keeps it in bench/RESULTS.md."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import click

from bench import results
from bench.figures import Result
from bench.machine import where_and_when
from bench.rounds import Progress
from infra.local.signals import stoppable
from infra.local.trouble import LocalError

ROWS = {
    "append": ("bench.append", "sixteen"),
    "append_one": ("bench.append", "one"),
    "put_win": ("bench.put_win", "put_win"),
    "import": ("bench.bulk", "bulk"),
    "feed": ("bench.feed", "feed"),
    "verify": ("bench.verifying", "verifying"),
    "follow": ("bench.following", "following"),
    "wall": ("bench.wall", "wall"),
    "deliver": ("bench.deliver", "deliver"),
    "queue": ("bench.queue", "queue"),
    "as_of": ("bench.as_of", "as_of"),
    "pages": ("bench.pages", "pages"),
    "idle": ("bench.idle", "idle"),
    "memory": ("bench.memory", "memory"),
    "growth": ("bench.growth", "growth"),
    "clone": ("bench.clone", "clone"),
}
"""Where each is; imported when it runs, for some need a library that nothing else does."""

BESIDE = ("eventsourcing", "psycopg_pool", "celery", "procrastinate")
"""What it is measured beside: no part of Cairn."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(ROWS)), metavar="[NAME]...")
@click.option(
    "--keep/--no-keep", default=True, show_default=True, help="Keep the tables in bench/RESULTS.md."
)
@click.option("--quick", is_flag=True, help="As small as can be, to see that it runs; keeps nothing.")
def bench(names: tuple[str, ...], keep: bool, quick: bool) -> None:
    """Measure it beside its peers, about a minute each, or all of them.

    NAME is append, append_one, import, put_win, feed, verify, follow, wall, deliver, queue, as_of, pages,
    idle, memory, growth or clone.
    """
    for name in names or ROWS:
        about = where_and_when()
        began = time.monotonic()
        click.echo(f"{name} ...", err=True)
        with stoppable():
            result = row(name)(_progress, quick_size(name) if quick else None)
        _progress("")
        click.echo(
            f"\n{result.title} ({time.monotonic() - began:.0f} s)\n{about}\n\n{results.shown(result)}\n"
        )
        if keep and not quick:
            results.keep(name, result, about)


def row(name: str) -> Callable[[Progress, Any], Result]:
    """One of ROWS, which takes a size too. Raises LocalError where what it is measured beside is missing."""
    found: Callable[[Progress, Any], Result] = getattr(_module(name), ROWS[name][1])
    return found


def quick_size(name: str) -> Any:
    """The smallest size at which this one of ROWS shows that it runs."""
    return _module(name).QUICK


def _module(name: str) -> ModuleType:
    try:
        return import_module(ROWS[name][0])
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in BESIDE:
            raise
        raise LocalError(
            f"{missing.name}, which it is measured beside, is not installed: run make bench"
        ) from None


def _progress(what: str) -> None:
    """One line that is written over, where somebody looks."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}", err=True, nl=False)
    elif what:
        click.echo(f"  {what}", err=True)
