"""Arrays as PostgreSQL reads them: to let the driver adapt lists costs twice what the append itself does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


def plain(values: Iterable[UUID | int | bool | str]) -> str:
    """An array of ids, numbers, truths, or names of nothing but letters, digits, dots and underscores."""
    return "{" + ",".join(map(str, values)) + "}"


def moments(values: Iterable[datetime]) -> str:
    """An array of instants."""
    return "{" + ",".join(f'"{value.isoformat()}"' for value in values) + "}"


def blobs(values: Iterable[bytes | None]) -> str:
    """An array of bytes and nulls."""
    return "{" + ",".join("NULL" if value is None else f'"\\\\x{value.hex()}"' for value in values) + "}"
