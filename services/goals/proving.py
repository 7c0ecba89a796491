"""`cairn goals verify` and `cairn goals seal`: whether the log is as it was written."""

# ruff: noqa: PLC0415  each command loads what it needs, when it runs

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.goals.counting import counting
from services.goals.running import run_loops
from shared.lanes import LANES
from shared.probed import probed
from shared.settings import Settings

if TYPE_CHECKING:
    from services.goals.log.soundness import Mark
    from services.goals.parts import Parts
    from services.goals.seals.seal import Held
    from services.goals.seals.signing import PublicKey

KEY = click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PUBLIC",
    help="A file with the public keys that are trusted: a JWK, a JWK Set or PEM.",
)


@click.command()
@click.option(
    "--from-seal", is_flag=True, help="Begin at the last seal; what is under it is taken for sound."
)
@KEY
@click.option(
    "--export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check an export instead, by --key alone: no database, no network.",
)
@click.pass_obj
def verify(settings: Settings, from_seal: bool, key: Path | None, export: Path | None) -> None:
    """Say whether the log is as it was written.

    One line a lane, then the verdict; exit 1 when it is not.

    Every seal is held against the log: if it was cut short, changed with all its hashes, or put in place of
    another, that shows.
    """
    if export is not None:
        if key is None or from_seal:
            raise click.UsageError("An export is checked with --key PUBLIC, the keys of /v1/seals, alone.")
        sys.exit(_check_export(export, _trusted(key)))
    from services.goals.log.verify import verify as judged
    from services.goals.parts import parts_of

    with parts_of(settings) as parts:
        last, marks = _seals(parts, key)
        if from_seal and last is None:
            raise click.UsageError("There is no seal to begin at: `cairn goals seal` makes one.")
        events = faults = 0
        for lane in judged(parts.log, counting("events read"), marks=marks, from_last=from_seal):
            events += lane.events
            faults += lane.fault is not None
            if lane.fault:
                click.echo(f"lane {lane.lane}: event {lane.fault.position} {lane.fault.why}")
            elif lane.events:
                click.echo(f"lane {lane.lane}: {lane.events} events, sound")
    click.echo(_said_of(last))
    if faults:
        click.echo(f"The log is not as it was written: {faults} of {LANES} lanes are not sound.")
        sys.exit(1)
    since = f" since seal {last.statement.number}" if from_seal and last else ""
    unread = "; what is under the seal was not read" if since else ""
    click.echo(f"The log is as it was written{since}: {events} events, every chain whole{unread}.")


@click.command()
@click.option(
    "--every", type=click.IntRange(1), metavar="MINUTES", help="Go on: a seal every so many minutes."
)
@click.option("--public", is_flag=True, help="Print the public keys that seals are checked by, and end.")
@probed
@click.pass_obj
def seal(
    settings: Settings, every: int | None, public: bool, metrics_port: int | None, metrics_host: str
) -> None:
    """Verify what was written since the last seal, and sign it.

    A file in CAIRN_SEALS, by CAIRN_SEAL_KEY. Once; with --every, again and again until told to stop.
    """
    from services.goals.parts import Parts, parts_of

    settings.require("seal_keys")
    with parts_of(settings) as parts:
        if public:
            click.echo(_public(parts))
        elif every is None:
            _seal_once(parts)
        else:
            settings.require("goals_database_url")
            loop = partial(Parts.seal, every=timedelta(minutes=every))
            run_loops(parts, metrics_host, metrics_port, {"seal": loop})


def _check_export(export: Path, trusted: Mapping[str, PublicKey]) -> int:
    from services.goals.export.jsonl.checked import BadExport, check

    try:
        with export.open("rb") as lines:
            found = check(lines, trusted)
    except BadExport as error:
        click.echo(f"The export is not as it was made: {error}")
        return 1
    begun = found.begun
    what = (
        f"goal {begun.goal_id} of client {begun.record_id}" if begun.goal_id else f"client {begun.record_id}"
    )
    click.echo(
        f"{what}: {begun.events} events, exported {found.made_at:%Y-%m-%d %H:%M} UTC ({begun.purpose})"
    )
    if begun.first or begun.last:
        bounds = (f"{at:%Y-%m-%d %H:%M} UTC" if at else "-" for at in (begun.first, begun.last))
        click.echo(f"of what was recorded between {' and '.join(bounds)}")
    if found.sealed_at:
        click.echo(f"{found.proven} are proven by seals, the last of {found.sealed_at:%Y-%m-%d %H:%M} UTC")
    if found.unsealed:
        click.echo(
            f"{found.unsealed} were written after the last seal: the export's signature vouches for them"
        )
    if begun.withheld:
        click.echo(f"{len(begun.withheld)} are left out, and said to be: they are for the staff alone")
    click.echo("The export is as it was made: nothing changed, added, left out or put in another order.")
    return 0


def _seal_once(parts: Parts) -> None:
    from services.goals.seals.place import PlaceAway
    from services.goals.seals.seal import BadSeal
    from services.goals.seals.sealing import Unsound
    from services.goals.seals.sealing import seal as sealed

    try:
        made = sealed(parts.log, parts.seals, parts.seal_keys, datetime.now(UTC), counting("events read"))
    except (Unsound, BadSeal) as error:
        raise click.ClickException(f"Nothing was sealed: {error}. `cairn goals verify` says more.") from None
    except PlaceAway as error:
        raise click.ClickException(f"Nothing was sealed: {error}.") from None
    click.echo(_said_of(made) if made else "Nothing was written since the last seal.")


def _seals(parts: Parts, key: Path | None) -> tuple[Held | None, dict[int, list[Mark]]]:
    """The last seal, and what all of them say of each lane; a seal that is not right ends it with exit 1."""
    from services.goals.seals.sealing import marks_of, succession
    from services.goals.seals.signing import publics

    trusted = _trusted(key) if key else publics(parts.settings.seal_keys or ())
    with _told_of_seals():
        held = list(succession(parts.seals, trusted))
    return (held[-1] if held else None), marks_of(held)


def _trusted(key: Path) -> dict[str, PublicKey]:
    from services.goals.seals.signing import read_public

    try:
        return read_public(key.read_bytes().decode(errors="replace"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--key") from None


def _public(parts: Parts) -> str:
    """The keys of the seals that were made, and the one that signs the next, as a JWK Set."""
    import msgspec

    from services.goals.seals.published import Published

    with _told_of_seals():
        keys = Published(parts.seals, parts.seal_keys).keys()
    return msgspec.json.format(msgspec.json.encode({"keys": keys})).decode()


@contextmanager
def _told_of_seals() -> Iterator[None]:
    """A line and exit 1 where the seals are not right, or cannot be read."""
    from services.goals.seals.place import PlaceAway
    from services.goals.seals.seal import BadSeal

    try:
        yield
    except BadSeal as error:
        raise click.ClickException(f"The seals are not as they were made: {error}.") from None
    except PlaceAway as error:
        raise click.ClickException(f"The seals cannot be read: {error}.") from None


def _said_of(last: Held | None) -> str:
    if last is None:
        return "There is no seal: that the end was cut off, heads and all, would not show."
    said = last.statement
    return (
        f"Seal {said.number} of {said.made_at:%Y-%m-%d %H:%M} UTC holds {said.events} events,"
        f" signed by key {said.key['kid']}."
    )
