"""`cairn status`: how the installation is, and what needs a person."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from shutil import get_terminal_size

import click
import msgspec

from infra.local.home import Home
from infra.status.asking import ask
from infra.status.screen import lines
from infra.status.status import Status
from infra.status.status import status as status_of
from shared.settings import Settings

RUNBOOKS = "docs/operations/alerts.md"
EVERY_SECONDS = 3.0


@click.command()
@click.option(
    "--at", "places", metavar="URL", multiple=True,
    help="Where a process shows its figures, again for each kind; by default all that `cairn up` started.",
)  # fmt: skip
@click.option("--watch", is_flag=True, help="Look again every three seconds, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a look.")
@click.pass_obj
def status(settings: Settings, places: Sequence[str], watch: bool, as_json: bool) -> None:
    """Say how everything is, and what needs a person.

    What is wrong comes first, with its entry in the runbook. Exit 1 when something needs a person, 0 when all
    is well.
    """
    asked = {place: place.rstrip("/") for place in places} or _known_here(settings)
    look = _look(asked)
    try:
        for nth in count():
            _show(look, as_json=as_json, again=nth > 0, in_place=watch and sys.stdout.isatty())
            if not watch:
                break
            time.sleep(EVERY_SECONDS)
            look = _look(asked)
    except KeyboardInterrupt:
        click.echo()
    raise click.exceptions.Exit(0 if look.well else 1)


def _known_here(settings: Settings) -> dict[str, str]:
    home = Home(settings.home)
    known = {"goals serve": settings.goals_url, "reminders serve": settings.reminders_url}
    found = {name: url for name, url in known.items() if url is not None}
    if home.is_running():
        found |= home.read("up.json").get("behind", {})
    if not found:
        raise click.UsageError(
            "nothing runs here: start it with `cairn up`, or say where it runs by --at URL"
        )
    return {f"{name}, {url}": url for name, url in found.items()}


def _look(places: Mapping[str, str]) -> Status:
    return status_of(ask(places), datetime.now(UTC))


def _show(now: Status, *, as_json: bool, again: bool, in_place: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(now))
        return
    said = list(lines(now, os.environ.get("CAIRN_RUNBOOKS") or RUNBOOKS))
    if in_place:
        click.echo(over(said, get_terminal_size().lines - 1), nl=False)
    else:
        click.echo("\n".join(["", *said] if again else said))


def over(said: Sequence[str], height: int) -> str:
    """Written over what stood there, line by line, so that nothing is ever blank, as far as there is room."""
    home, to_the_end, below = "\x1b[H", "\x1b[K", "\x1b[J"
    return home + "".join(f"{line}{to_the_end}\n" for line in said[:height]) + below
