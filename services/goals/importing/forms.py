"""Which of the forms a file is in, and whom it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from services.goals.importing import lines, sheet
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad, Unreadable
from services.goals.importing.lines import Progress
from services.goals.importing.people import Place, people
from services.goals.importing.whole import Whole, is_ours, records

Form = Literal["lines", "sheet", "export"]


@dataclass(frozen=True)
class File:
    """A file that is to be imported."""

    path: Path
    form: Form

    def people(self, place: Place, progress: Progress = lambda _: None) -> Iterator[Person | Whole]:
        """Each client that it tells of, read as it goes. Raises Unreadable."""
        match self.form:
            case "lines":
                yield from people(lines.read(self.path, progress), place)
            case "sheet":
                yield from people(sheet.read(self.path, progress), place)
            case "export":
                yield from records(lines.read(self.path, progress))

    def clinic_id(self) -> UUID | None:
        """The clinic that an export of ours comes from; None for what does not say."""
        if self.form != "export":
            return None
        first = next(records(lines.read(self.path, lambda _: None)), None)
        return first.told[0][1].clinic_id if first and first.told else None

    def named(self, bad: Bad) -> Bad:
        """What is bad, by the names of this form."""
        return sheet.of_a_row(bad) if self.form == "sheet" else bad


def opened(path: Path) -> File:
    """The file, by what it begins with. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise Unreadable("The file is empty.")
    if not head.startswith(b"{"):
        return File(path, "sheet")
    first = next(lines.read(path, lambda _: None)).said
    return File(path, "export" if not isinstance(first, Bad) and is_ours(first) else "lines")
