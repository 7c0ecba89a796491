"""Which of the forms a file is in, and who it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.goals.importing import lines, sheet
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad, Unreadable
from services.goals.importing.lines import Progress
from services.goals.importing.people import Place, people


@dataclass(frozen=True)
class File:
    """A file that is to be imported: JSON lines, or a sheet."""

    path: Path
    is_sheet: bool

    def people(self, place: Place, progress: Progress = lambda _: None) -> Iterator[Person]:
        """Each client that it tells of, read as it goes. Raises Unreadable."""
        reader = sheet.read if self.is_sheet else lines.read
        yield from people(reader(self.path, progress), place)

    def named(self, bad: Bad) -> Bad:
        """What is bad, by the names of this form."""
        return bad._replace(field=sheet.field_of(bad.field)) if self.is_sheet else bad


def opened(path: Path) -> File:
    """The file, by what it begins with. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise Unreadable("The file is empty.")
    return File(path, is_sheet=not head.startswith(b"{"))
