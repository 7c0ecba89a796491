"""The lines of a file, one at a time and none too long, each read strictly as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from services.goals.api.body import Twice, no_constant, once_each
from services.goals.importing.bad import Bad

MOST_BYTES = 1024 * 1024
"""The longest line that is read."""
_REPORT_EVERY = 1024

Progress = Callable[[int], None]
"""Told how many bytes of the file were read since."""


class Line(NamedTuple):
    """A line by its number, the first being 1, and the object that it holds; or why it holds none."""

    number: int
    said: dict[str, Any] | Bad


def read(path: Path, progress: Progress) -> Iterator[Line]:
    """The lines that are not empty."""
    with path.open("rb") as file:
        number = unreported = 0
        while raw := file.readline(MOST_BYTES + 1):
            number += 1
            unreported += len(raw)
            too_long = len(raw) > MOST_BYTES
            while too_long and not raw.endswith(b"\n") and (raw := file.readline(MOST_BYTES)):
                unreported += len(raw)
            if number % _REPORT_EVERY == 0:
                progress(unreported)
                unreported = 0
            if too_long:
                yield Line(number, Bad(number, None, f"A line has at most {MOST_BYTES // 1024} KiB."))
            elif raw.strip():
                yield Line(number, _read(number, raw))
        progress(unreported)


def _read(number: int, raw: bytes) -> dict[str, Any] | Bad:
    try:
        said = json.loads(raw.decode("utf-8-sig"), parse_constant=no_constant, object_pairs_hook=once_each)
    except Twice:
        return Bad(number, None, "A name stands twice in an object; each is said once.")
    except (RecursionError, ValueError):
        said = None
    if not isinstance(said, dict):
        return Bad(number, None, "A line holds one JSON object, in UTF-8.")
    return said
