"""Code of another day, for as long as a test needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.goals.log import stored
from shared.events import Event
from shared.personal import split


@contextmanager
def before(field: str, *kinds: type[Event]) -> Iterator[None]:
    """What is written meanwhile of these events is of the shape before, which had no such field."""

    def parted(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
        clear, sealed = split(event)
        if isinstance(event, kinds):
            del clear[field]
        return clear, sealed

    with pytest.MonkeyPatch.context() as patched:
        for kind in kinds:
            patched.setattr(kind, "SHAPE", kind.SHAPE - 1)
        patched.setattr(stored, "split", parted)
        yield


@contextmanager
def after(kind: type[Event]) -> Iterator[None]:
    """What is written meanwhile of this event is of a shape that code of today does not know."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kind, "SHAPE", kind.SHAPE + 1)
        yield
