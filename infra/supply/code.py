"""What bandit has against our own code, and which of it is explained where it stands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OURS = ("services", "shared", "infra", "bench")
_REMARK = re.compile(r"# noqa: (?P<codes>[A-Z0-9, ]+?)(?:  | \()(?P<why>\S.+)")


@dataclass(frozen=True)
class Finding:
    """One thing that bandit found; `explained` where its line says why it stands."""

    number: str
    place: str
    what: str
    explained: bool


def findings(stands: Mapping[str, str]) -> list[Finding]:
    """All that bandit finds in our code; `stands` explains whole numbers of its."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", *OURS, "-f", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    return [_finding(found, stands) for found in json.loads(done.stdout)["results"]]


def remarked(number: str, lines: Sequence[str]) -> bool:
    """Whether one of the lines lets this number of bandit's (B603) stand as ruff's (S603), and says why."""
    said = (match for line in lines if (match := _REMARK.search(line)))
    return any(f"S{number[1:]}" in match["codes"].replace(" ", "").split(",") for match in said)


def _finding(found: Mapping[str, Any], stands: Mapping[str, str]) -> Finding:
    number, span = found["test_id"], found["line_range"]
    lines = (ROOT / found["filename"]).read_text().splitlines()[min(span) - 1 : max(span)]
    place = f"{found['filename']}:{found['line_number']}"
    return Finding(number, place, found["issue_text"], number in stands or remarked(number, lines))
