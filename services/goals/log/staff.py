"""Whether whoever asks still works there: asked of the staff list along with what else is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.goals.rules.access import Who
from services.goals.rules.refusal import SignedOut

CLINIC = "cairn.still_at(:clinic, CAST(:staff AS uuid), CAST(:role AS text))"
"""In place of `:clinic` in a statement: the same, or the refusal that `judged` turns into SignedOut."""

_STILL = text(f"SELECT {CLINIC}")


def asking(clinic_id: UUID | None, who: Who | None) -> dict[str, Any]:
    """The values of CLINIC; None asks for nobody in particular."""
    return {
        "clinic": clinic_id,
        "staff": who.staff_id if who else None,
        "role": who.role if who else None,
    }


@contextmanager
def judged() -> Iterator[None]:
    """Around a statement with CLINIC in it. Raises SignedOut for who left, or has another role by now."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "CN010":
            raise SignedOut from error
        raise


def must_still_work(connection: Connection, who: Who) -> None:
    """The same question by itself, where nothing else is asked. Raises SignedOut."""
    with judged():
        connection.execute(_STILL, asking(who.clinic_id, who))
