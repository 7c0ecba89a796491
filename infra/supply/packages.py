"""What is publicly known against the packages of our locks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Unreachable(Exception):
    """The advisory database did not answer, so nothing is known; the text is the kind of trouble."""


@dataclass(frozen=True)
class Advisory:
    """One thing that is known against a package."""

    id: str
    package: str
    fixed_in: str


@dataclass(frozen=True)
class Known:
    """Of how many packages the database knew at all, of which it did not, and what is against the known."""

    judged: int
    unjudged: tuple[str, ...]
    advisories: tuple[Advisory, ...]


def known(locks: Sequence[Path]) -> Known:
    """Asks the advisory database about every package of these locks. Raises Unreachable."""
    named = [word for lock in locks for word in ("-r", str(lock))]
    command = [sys.executable, "-m", "pip_audit", *named, "--require-hashes", "--disable-pip"]
    quiet = ["-f", "json", "--progress-spinner", "off"]
    done = subprocess.run([*command, *quiet], capture_output=True, text=True, check=False)  # noqa: S603  our own words
    return read(done.stdout, done.stderr)


def read(answer: str, complaints: str) -> Known:
    """What pip-audit said. Raises Unreachable where it said nothing; its exit status would not tell."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        raise Unreachable(_kind(complaints)) from None
    judged = [package for package in packages if "vulns" in package]
    unjudged = tuple(sorted({package["name"] for package in packages if "vulns" not in package}))
    return Known(len(judged), unjudged, tuple(one for package in judged for one in _advisories(package)))


def _advisories(package: dict[str, Any]) -> list[Advisory]:
    named = f"{package['name']} {package['version']}"
    return [
        Advisory(found["id"], named, ", ".join(found["fix_versions"]) or "nothing yet")
        for found in package["vulns"]
    ]


def _kind(complaints: str) -> str:
    last = (complaints.strip().splitlines() or ["no answer"])[-1]
    return last.partition(":")[0].rpartition(".")[2]
