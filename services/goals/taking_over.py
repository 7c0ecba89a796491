"""`cairn goals import`: what an operator sees of it; of the file no word is repeated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import click

from services.goals import current
from services.goals.beats import House
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad, Unreadable
from services.goals.importing.checking import check
from services.goals.importing.clinics import only_clinic
from services.goals.importing.forms import File, opened
from services.goals.importing.people import Place, member_of
from services.goals.importing.whole import Whole
from services.goals.importing.writing import write
from services.goals.parts import parts_of
from shared.clinic import Clinic
from shared.settings import Settings
from shared.upcasting import UnknownEvent

NOTHING_CHANGED = "Nothing was changed."


def import_command(settings: Settings, path: Path, clinic_id: UUID | None, therapist: str | None) -> int:
    """Imports a file into a clinic; the exit status."""
    with _opened(settings) as house:
        file = opened(path)
        clinic = _clinic(house, clinic_id or file.clinic_id() or only_clinic(house.engine))
        place = Place(clinic, datetime.now(UTC), _staff(clinic, therapist))
        bad = check(house, place, _read(file, place, "Checked"), _told(file))
        if bad:
            click.echo(f"Lines that are not right: {bad}. {NOTHING_CHANGED}")
            return 1
        done = write(house, place, _read(file, place, "Imported"), _told(file), f"import-{uuid4()}")
    click.echo(
        f"Events imported: {done.events}. Clients that grew: {done.written}; there already: {done.there}."
    )
    if done.left_out:
        click.echo(f"Clients that were left out: {done.left_out}. See why, and import again.")
    return 1 if done.left_out else 0


@contextmanager
def _opened(settings: Settings) -> Iterator[House]:
    """The log and the vault; what hinders is one line, and exit 1."""
    with parts_of(settings) as parts:
        house = parts.house
        try:
            if why := parts.unready():
                raise click.ClickException(why)
            yield house
        except Unreadable as error:
            raise click.ClickException(f"{error} {NOTHING_CHANGED}") from None
        except UnknownEvent as error:
            raise click.ClickException(
                f"The log holds {error}, which this version does not know: use the newest."
            ) from None


def _clinic(house: House, clinic_id: UUID | None) -> Clinic:
    if clinic_id is None:
        raise click.UsageError("Whose clients they become is needed, for there is not one clinic: --clinic.")
    with house.engine.connect() as connection:
        clinic = current.clinic(connection, house.vault, clinic_id)
    if clinic is None:
        raise click.ClickException(
            "There is no such clinic here: make it first (cairn clinic add), or name another (--clinic)."
        )
    return clinic


def _staff(clinic: Clinic, named: str | None) -> UUID | None:
    """Whose clients they are where the file does not say; the one therapist of a clinic need not be named."""
    if named is None:
        therapists = [staff_id for staff_id, member in clinic.staff.items() if member.role == "therapist"]
        return therapists[0] if len(therapists) == 1 else None
    found = member_of(clinic, named)
    if found is None:
        raise click.BadParameter(
            "Nobody of the clinic's staff has this id or e-mail address.", param_hint="--therapist"
        )
    return found


def _told(file: File) -> Callable[[Bad], None]:
    return lambda bad: click.echo(str(file.named(bad)), err=True)


def _read(file: File, place: Place, what: str) -> Iterator[Person | Whole]:
    """The file, and on a terminal how much of it was read."""
    if not sys.stderr.isatty():
        yield from file.people(place)
        return
    size = file.path.stat().st_size
    with click.progressbar(length=size, label=what, file=sys.stderr) as bar:
        yield from file.people(place, bar.update)
