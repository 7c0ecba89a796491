"""bench/RESULTS.md: the last result of each benchmark, with the machine and the commit beside it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from bench.figures import Result, Table
from bench.plots import drawn

PLACE = Path(__file__).parent / "RESULTS.md"
HEAD = """# What was measured

Every figure is a ratio, taken side by side in one run, round by round: machines differ and drift. A figure
without a peer is a time. Shown is the median of the rounds, with the least and the most. `cairn bench NAME`
measures one again and replaces its part of this page; `make bench` installs what it is measured beside, and
measures all.
"""
GOAL_HEADS = ("to be reached", "limit", "found", "reached")


def shown(result: Result) -> str:
    """A result as Markdown, without its head."""
    goals = Table(GOAL_HEADS, tuple(goal.row() for goal in result.goals))
    plots = (f"```text\n{drawn(plot)}\n```" for plot in result.plots)
    tables = [_markdown(table) for table in result.tables]
    return "\n\n".join([textwrap.fill(result.method, 110), *tables, *plots, _markdown(goals)])


def keep(name: str, result: Result, where_and_when: str, place: Path = PLACE) -> None:
    """Replaces the part of this benchmark on the page, or adds it."""
    page = place.read_text() if place.exists() else HEAD
    parts = {
        match[1]: match[0] for match in re.finditer(r"^## .*?`(\w+)`\n.*?(?=^## |\Z)", page, re.M | re.S)
    }
    parts[name] = f"## {result.title}: `{name}`\n\n{where_and_when}\n\n{shown(result)}\n\n"
    unfinished = place.with_suffix(".unfinished")
    body = "".join(part.rstrip("\n") + "\n\n" for _, part in sorted(parts.items()))
    unfinished.write_text(f"{HEAD}\n{body.rstrip()}\n")
    unfinished.rename(place)


def _markdown(table: Table) -> str:
    widths = [max(len(line[n]) for line in (table.heads, *table.rows)) for n in range(len(table.heads))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (table.heads, rule, *table.rows)
    )
