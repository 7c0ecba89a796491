"""A spreadsheet of clients and their goals, saved as CSV: each row as lines of the documented form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.goals.api.fields import NEITHER
from services.goals.importing.bad import Bad, Unreadable
from services.goals.importing.lines import Line, Progress

CLIENT = {
    "client": "id",
    "name": "name",
    "adult": "adult",
    "locale": "locale",
    "time_zone": "time_zone",
    "since": "since",
    "therapist": "team",
    "phone": "contacts/sms/address",
    "email": "contacts/email/address",
}
"""The columns of a client, and where each stands in her line."""
GOAL = {
    "goal": "id",
    **{
        name: name
        for name in (
            "theme", "statement", "reflection", "specific", "baseline", "target", "confidence", "relevance",
            "start_on", "end_on", "review_on", "if_then", "focus", "agreed",
        )
    },
    "measure": "measure/kind",
    "unit": "measure/unit",
    "period": "measure/period",
}  # fmt: skip
"""The columns of a goal; with a measure it is set, without one it is a draft."""
COLUMNS = (*CLIENT, *GOAL)
NEEDED = ("client", "name", "adult")
YES_OR_NO = ("adult", "focus")
YES, NO = ("yes", "y", "true", "1", "sí", "si", "s"), ("no", "n", "false", "0")


def read(path: Path, progress: Progress) -> Iterator[Line]:
    """The rows as lines, by the number of the line on which each ends. Raises Unreadable."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            delimiter = max(",;\t", key=file.readline().count)
            file.seek(0)
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            columns = _columns([cell.strip().casefold() for cell in next(rows, [])])
            yield from _lines(rows, columns)
        except UnicodeDecodeError:
            raise Unreadable("The file is not UTF-8: save the spreadsheet as CSV UTF-8.") from None
        except csv.Error:
            raise Unreadable(f"line {rows.line_num}: its quotes do not fit together.") from None
    progress(path.stat().st_size)


def of_a_row(bad: Bad) -> Bad:
    """What is wrong with a line, by the column and the words of a spreadsheet."""
    column = _column_of(bad.field)
    if column in YES_OR_NO and bad.why == NEITHER:
        return Bad(bad.line, column, "yes or no is expected.")
    return bad._replace(field=column)


def _column_of(field: str | None) -> str | None:
    """The column of a field of a line; what stands in no column is left as it is."""
    places = {place: column for column, place in (CLIENT | GOAL).items() if column not in ("client", "goal")}
    plain = re.sub(r"/\d+$", "", field or "")
    return places.get(plain, field)


def _columns(head: list[str]) -> list[str]:
    named = [name for name in head if name]
    if not set(NEEDED) <= set(named):
        raise Unreadable(f"The first row names the columns; needed are {', '.join(NEEDED)}.")
    for number, name in enumerate(head, start=1):
        if name and name not in COLUMNS:
            raise Unreadable(f"Column {number} is called nothing that is known: {', '.join(COLUMNS)}.")
    if len(set(named)) != len(named):
        raise Unreadable("Two columns are called the same.")
    return head


def _lines(rows: Any, columns: list[str]) -> Iterator[Line]:
    key, hers = None, dict[str, str]()
    for row in rows:
        number = rows.line_num
        cells = {
            name: cell.strip() for name, cell in zip(columns, row, strict=False) if name and cell.strip()
        }
        if not cells:
            continue
        her = {name: cell for name, cell in cells.items() if name in CLIENT}
        if cells.get("client") != key or key is None:
            key, hers = cells.get("client"), her
            yield Line(number, {"what": "client", **_line(her, CLIENT)})
        elif not her.items() <= hers.items():
            wrong = "It says otherwise of her than her first row; there it is said, or the same here."
            yield Line(number, Bad(number, "client", wrong))
            continue
        goal = {name: cell for name, cell in cells.items() if name in GOAL}
        if goal:
            status = "active" if "measure" in goal else "draft"
            yield Line(number, {"what": "goal", "client": key, "status": status, **_line(goal, GOAL)})


def _line(cells: dict[str, str], places: dict[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for column, cell in cells.items():
        at = line
        *outer, name = places[column].split("/")
        for part in outer:
            at = at.setdefault(part, {})
        at[name] = _value(column, cell)
    return line


def _value(column: str, cell: str) -> Any:
    """A cell as the form has it; what cannot be is left as text, for the form to say what would be right."""
    match column:
        case _ if column in YES_OR_NO:
            word = cell.casefold()
            return True if word in YES else False if word in NO else cell
        case "confidence" | "target" | "baseline" if re.fullmatch(r"-?\d{1,9}", cell):
            return int(cell)
        case "review_on" | "therapist":
            return re.split(r"[;,\s]+", cell)
        case _:
            return cell
