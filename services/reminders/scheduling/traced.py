"""What the clock makes worth saying, each in a trace of its own: it began with nobody's request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from services.reminders.ledger.plan import Planned
from shared import tracing


@contextmanager
def traced(said: Sequence[Planned]) -> Iterator[Sequence[Planned]]:
    """The same, each with the step that it is at while it is planned."""
    if not tracing.is_on():
        yield said
        return
    steps = [tracing.start("plan", {"cairn.occasion": one.occasion.kind}) for one in said]
    try:
        here = map(tracing.traceparent, steps)
        yield [replace(one, traceparent=step) for one, step in zip(said, here, strict=True)]
    finally:
        for step in steps:
            step.end()
