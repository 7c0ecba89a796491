"""`make audit`: what is known against our code and our packages, or that it could not be known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from infra.supply import code, packages
from infra.supply.explained import explained

LOCKS = tuple(code.ROOT / "infra" / "locks" / name for name in ("dev.txt", "audit.txt", "uv.txt"))
"""dev.txt holds all that runs, too."""
CLEAN, FOUND, UNKNOWN = 0, 1, 3
"""What it ends with: nothing is against us; something is; it could not be known."""

Line = tuple[str, int]
"""A line of the report, and what it alone would end with."""
Ask = Callable[[Sequence[Path]], packages.Known]


def of_code(found: Sequence[code.Finding]) -> Iterator[Line]:
    """What is against our own code and stands unexplained."""
    for one in found:
        if not one.explained:
            yield f"{one.place}  {one.number}  {one.what}", FOUND
    yield f"Code: {len(found)} findings, {sum(one.explained for one in found)} of them explained.", CLEAN


def of_packages(stands: Mapping[str, str], ask: Ask = packages.known) -> Iterator[Line]:
    """What is known against the packages of our locks; `stands` says by an advisory's id why it may."""
    try:
        known = ask(LOCKS)
    except packages.Unreachable as why:
        yield f"Packages: NOT JUDGED. The advisory database could not be reached ({why}).", UNKNOWN
        return
    for one in known.advisories:
        line, reason = f"{one.package}  {one.id}  mended in {one.fixed_in}", stands.get(one.id)
        yield (f"{line}; stands: {reason}", CLEAN) if reason else (line, FOUND)
    yield f"Packages: {known.judged} judged, {len(known.advisories)} advisories.", CLEAN
    if known.unjudged:
        first, count = known.unjudged[0], len(known.unjudged)
        yield f"NOT JUDGED: {count} that the database knows nothing of, {first} the first.", UNKNOWN


def main() -> int:
    """Prints the report; the worst that it found."""
    let, worst = explained(), CLEAN
    for line, ends in chain(of_code(code.findings(let.code)), of_packages(let.packages)):
        print(line)  # noqa: T201  it is what the command is for
        worst = _worse(worst, ends)
    if worst == UNKNOWN:
        print("That is no clean bill: run it again where the database answers.")  # noqa: T201
    return worst


def _worse(one: int, other: int) -> int:
    return max(one, other, key=(CLEAN, UNKNOWN, FOUND).index)


if __name__ == "__main__":
    sys.exit(main())
