"""Rows as CSV that a spreadsheet opens rightly, and in which nothing that somebody wrote is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BEGINS_A_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")
"""With any of these before it, the rest of a cell would be computed by some spreadsheet."""
_BEGINS_ANOTHER = re.compile(r"([;\t\r\n][\"\s]*)(?=[=+\-@|%＝＋－＠])")
"""Where a spreadsheet that parts cells by semicolons (as in Spanish) or tabs would begin a cell with one."""
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By it a spreadsheet knows UTF-8."""


def written(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The file: RFC 4180, every cell in quotes, after the mark of UTF-8."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return (_MARK + into.getvalue()).encode()


def inert(cell: str) -> str:
    """A cell that is text and nothing else: an apostrophe before what might be computed, no NUL."""
    cell = _BEGINS_ANOTHER.sub(r"\1'", cell.replace("\0", ""))
    return f"'{cell}" if cell.lstrip()[:1] in BEGINS_A_FORMULA or cell[:1] in BEGINS_A_FORMULA else cell
