"""What a thief looks for: the words of the story, in a dump of a database or in any file."""

from __future__ import annotations

import base64
import subprocess

from infra.local import story as told
from infra.local.postgres import programs

HERS = [
    told.NAME,
    "Okafor",
    told.NUMBER,
    told.NUMBER.removeprefix("+1"),
    told.ADDRESS,
    told.STATEMENT,
    "deep breathing",
    told.WIN,
    "wanted to cancel",
    "Deep breathing for five minutes",
    "anxious moments",
    "Mornings are rushed",
    "Ana Ruiz",
    "ana.ruiz@example.org",
]


def dump(database: str) -> bytes:
    """A database as SQL."""
    command = [str(programs() / "pg_dump"), "--dbname", database, "--inserts"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def finds_nothing(haystack: bytes) -> None:
    """Her name, number, address and words: as they are, as hexadecimal (how bytea is dumped), as base64."""
    lowered = haystack.lower()
    for word in HERS:
        raw = word.encode()
        spelled = base64.b64encode(raw)[: len(raw) // 3 * 4]
        for form in (raw.lower(), raw.hex().encode(), spelled.lower()):
            assert form not in lowered, f"found {word!r}"
