"""Whether an installation has room to live in: what its disk has left, and what a full or closed one says."""

import errno
import shutil
from pathlib import Path

from infra.local.trouble import CannotStart, server_trouble

A_HOME = 160
"""MiB: four databases and their log, as they are made."""
TO_GO_ON = 24
"""MiB: PostgreSQL writes its log 16 at a time."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def must_have_room(home: Path) -> None:
    """Raises CannotStart where the disk has too little left for what is about to be made."""
    needed = TO_GO_ON if (home / "postgres" / "data").exists() else A_HOME
    if left(home) < needed:
        raise CannotStart(no_room(home, needed))


def left(home: Path) -> int:
    """MiB that the disk of a home, or of where it will be, has left for whoever we are."""
    nearest = next(place for place in (home, *home.parents) if place.exists())
    return shutil.disk_usage(nearest).free // 2**20


def no_room(home: Path, needed: int) -> str:
    """The line that says so, and what to do."""
    return (
        f"The disk of {home} has {left(home)} MiB left, and {needed} are needed: "
        "make room there, or set CAIRN_HOME to a folder on another."
    )


def trouble_at_start(home: Path, error: Exception) -> str | None:
    """What a start that failed says to a person; None for what nobody foresaw."""
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or left(home) < TO_GO_ON:
        return no_room(home, TO_GO_ON)
    if isinstance(error, OSError) and number in CLOSED:
        return f"CAIRN_HOME must be a folder of yours: {home} cannot be written ({error.strerror})"
    return server_trouble(error)
