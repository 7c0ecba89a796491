"""Which step a database is at, and whether a version of the code serves it: its own, and those beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)
_AT = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True)
class Expected:
    """The steps that this code is made for: `head`, and of the older ones `also`.

    A newer step than it knows only adds: what takes away comes a release after the last code that needs it.
    """

    scripts: Path
    head: str
    also: tuple[str, ...] = ()

    def serves(self, step: str | None) -> bool:
        """Whether this code serves a database that is at this step; None is one without any.

        A step is of one kind of database by its first letter: what is another's is no newer one of this.
        """
        if step is None or step[:1] != self.head[:1]:
            return False
        return step in (self.head, *self.also) or step not in chain(self.scripts)

    def has(self, connection: Connection, step: str) -> bool:
        """Whether the database has come to this step: what it adds may be used."""
        known, now = chain(self.scripts), at(connection)
        return now not in known or known.index(now) >= known.index(step)


def at(connection: Connection) -> str:
    """The step that a database is at."""
    return str(connection.execute(_AT).scalar())


@cache
def chain(scripts: Path) -> tuple[str, ...]:
    """The steps that this code knows, in their order."""
    follows: dict[str | None, str] = {}
    for file in (scripts / "versions").glob("*.py"):
        if found := _REVISION.search(file.read_text()):
            follows[found[2]] = found[1]
    steps: list[str] = []
    while (following := follows.get(steps[-1] if steps else None)) is not None:
        steps.append(following)
    return tuple(steps)
