"""The events of a page in their own traces: how long each lay in the feed, and how it was applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from opentelemetry.trace import Span

from shared import tracing

LATELY = timedelta(hours=1)
"""What was recorded before is caught up with: its trace was looked at, or never will be."""


@contextmanager
def traced(items: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[dict[str, str]]:
    """While they are applied: the step that each request's events are at, by its correlation id."""
    steps: list[tuple[str, Span]] = []
    for item in items if tracing.is_on() else ():
        recorded_at = datetime.fromisoformat(item["recordedtime"])
        if (parent := item.get("traceparent")) and now - recorded_at <= LATELY:
            steps.append((item["correlationid"], _applied(item, parent, recorded_at)))
    try:
        yield {name: here for name, span in steps if (here := tracing.traceparent(span))}
    finally:
        for _, span in steps:
            span.end()


def _applied(item: Mapping[str, Any], parent: str, recorded_at: datetime) -> Span:
    says = {"cairn.event": item["type"], "cairn.event_id": item["id"], "cairn.lane": int(item["lane"])}
    lay = tracing.start("feed", says, kind=tracing.CONSUMER, parent=parent, began_at=recorded_at)
    lay.end()
    return tracing.start("apply", says, parent=tracing.traceparent(lay))
