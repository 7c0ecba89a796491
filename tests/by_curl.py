"""The requests that a page of ours shows as curl commands, as they are sent."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "api.md"


class Shown(NamedTuple):
    """A request; `line` is how the page shows it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    line: str


def shown(service: str, values: Mapping[str, str]) -> Iterator[Shown]:
    """Each request to a service (`GOALS` or `REMINDERS`), in the page's order, its variables filled in."""
    for line in re.findall(r"^curl .*$", PAGE.read_text(), re.MULTILINE):
        if f"${service}/" in line:
            yield _read(Template(line).substitute(values, **{service: ""}), line)


def _read(typed: str, line: str) -> Shown:
    method, path, body = "GET", "", None
    headers = {}
    words = iter(shlex.split(typed)[1:])
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                body = next(words)
            case _:
                path = word
    return Shown(method, path, headers, body, line)
