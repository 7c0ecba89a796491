"""Which exceptions in the code, from a rule about what is safe, do not say why: `make check` finds none."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from infra.supply.code import OURS, ROOT

_EXCEPTION = re.compile(r"# noqa: [A-Z0-9, ]*\bS\d{3}")
_WITH_REASON = re.compile(r"# noqa: [A-Z0-9, ]+?(?:  | \()\S")


def without() -> Iterator[str]:
    """The place of each."""
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if _EXCEPTION.search(line) and not _WITH_REASON.search(line):
                    yield f"{file.relative_to(ROOT)}:{number}"


if __name__ == "__main__":
    bare = list(without())
    for place in bare:
        print(f"{place}  say behind the noqa, after two spaces, why this is safe")  # noqa: T201  it is for people
    sys.exit(bool(bare))
