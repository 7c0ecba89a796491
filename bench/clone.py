"""Row 14: from a clone to the end of the demo's story, and again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cluster import folder
from bench.figures import Goal, Result, Table, written
from bench.machine import ROOT
from bench.rounds import Progress
from infra.local.trouble import LocalError
from shared.settings import other_variables

PATIENCE = 300.0
METHOD = (
    "The checked-out commit is cloned into an empty folder, then `make demo` is run there until the "
    "story is told: it makes the environment, installs from the locks, starts everything, tells the "
    "story and stops everything. The packages are in the installer's cache, as they are after any other "
    "installation. Then `make demo` once more in the same folder, with the same home."
)


@dataclass(frozen=True)
class Size:
    """What make is asked for."""

    target: str = "demo"


QUICK = Size(target="help")


def clone(progress: Progress, size: Size | None = None) -> Result:
    """Row 14."""
    size = size or Size()
    with folder("real") as ground:
        place = ground / "cairn"
        environment = other_variables() | {"CAIRN_HOME": str(ground / "home")}
        # Who made us must not tell the clone's make how it is called.
        for inherited in ("MAKEFLAGS", "MAKELEVEL", "VIRTUAL_ENV", "MFLAGS"):
            environment.pop(inherited, None)
        progress("cloned")
        cloning = _timed(["git", "clone", "--quiet", str(ROOT), str(place)], ground, environment)
        make = ["make", size.target, f"PYTHON={_python()}"]
        progress(f"make {size.target}, the first time")
        first = _timed(make, place, environment)
        progress(f"make {size.target}, the second time")
        second = _timed(make, place, environment)
    seconds = [written(value, "s") for value in (cloning, first, second)]
    table = Table(("git clone", f"make {size.target}", "the second time"), (tuple(seconds),))
    goals = (
        Goal("from a clone to the end of the story", (cloning + first,), 60, "s", at_least=False),
        Goal("the second time", (second,), 15, "s", at_least=False),
    )
    return Result("14. From a clone to the end of the story", METHOD, (table,), goals)


def _python() -> str:
    """The Python below our environment, as a person has it."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)))


def _timed(command: Sequence[str], where: Path, environment: dict[str, str]) -> float:
    began = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603  our own programs
            command, cwd=where, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LocalError(f"{' '.join(command[:2])} took more than {PATIENCE:.0f} s") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise LocalError(f"{' '.join(command[:2])} failed: {words[-1] if words else done.returncode}")
    return time.monotonic() - began
