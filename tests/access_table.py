"""The table of docs/access.md: each operation asked by each caller, and what the page says of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from flask import Flask

from tests.openapi import served

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
REWRITE = "CAIRN_WRITE_PAGES"
"""Where this is set in the environment, the page is written from the answers; else it is compared."""

Row = str
"""An operation: its method, and its path as OpenAPI writes it."""
Column = dict[Row, str]
"""What each operation answers one caller: `yes`, or the status of the refusal."""


def row_of(app: Flask, method: str, path: str) -> Row:
    """The operation that a request is for."""
    rule, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method, return_rule=True)
    return f"{method} {_outward(rule.rule)}"


def mark(status: int) -> str:
    """What a cell says of an answer."""
    return "yes" if status < 400 else str(status)


def untold(app: Flask, rows: Iterable[Row]) -> set[Row]:
    """The operations of an app that no row tells of."""
    return {f"{method} {path}" for method, path in served(app, "/v1/")} - set(rows)


def must_be_told(house: str, caller: str, column: Column) -> None:
    """The page says of a house what its doors answer a caller; or, where that is asked for, it is made to."""
    before, table, after = _parted(house)
    if os.environ.get(REWRITE):
        told = {row: table.get(row, {}) | {caller: answered} for row, answered in column.items()}
        PAGE.write_text(before + _as_lines(told) + after)
        return
    assert {row: cells.get(caller) for row, cells in table.items()} == column


def _parted(house: str) -> tuple[str, dict[Row, dict[str, str]], str]:
    """The page before a house's table, the table, and the page after it."""
    head, begin, rest = PAGE.read_text().partition(f"<!-- {house}: what its doors answer -->\n")
    written, end, after = rest.partition("<!-- end -->")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in written.splitlines()]
    callers = lines[0][1:] if lines else []
    table = {cells[0].strip("`"): dict(zip(callers, cells[1:], strict=True)) for cells in lines[2:]}
    return head + begin, table, end + after


def _as_lines(table: dict[Row, dict[str, str]]) -> str:
    callers = list(dict.fromkeys(caller for cells in table.values() for caller in cells))
    lines = [f"| | {' | '.join(callers)} |", "|---|" + "---|" * len(callers)]
    for row in sorted(table, key=lambda row: row.split()[::-1]):
        lines.append(f"| `{row}` | {' | '.join(table[row].get(caller, '') for caller in callers)} |")
    return "\n".join(lines) + "\n"


def _outward(rule: str) -> str:
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule)
