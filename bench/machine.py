"""On which machine, from which commit: what stands beside every figure."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent


def where_and_when() -> str:
    """One line: the day, the commit, the processor, the cores, the system, Python, and how busy it was."""
    load = f"load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else "load unknown"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {os.cpu_count()} cores of {_processor()}, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {load}."
    )


def commit() -> str:
    """The commit that is checked out, and whether the code differs from it."""
    short = _git("rev-parse", "--short", "HEAD")
    if not short:
        return "unknown"
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "services", "shared", "infra")
    return f"{short} with changes" if changed else short


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607  git as it is found
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "an unnamed processor"
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.processor() or "an unnamed processor"
