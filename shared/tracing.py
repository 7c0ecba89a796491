"""Where something is on its way: spans that go to a collector where one is named, and else nowhere.

A span carries ids, names of our own and numbers; never words, addresses, statements or URLs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer

from shared.settings import Settings, SettingsError

Says = Mapping[str, str | int | float | bool]
NONE: Says = {}
INTERNAL, SERVER, CLIENT, CONSUMER = (
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.CONSUMER,
)

TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
"""W3C trace context: version, trace id, the span's id, flags."""

UNTOLD = trace.INVALID_SPAN
"""A step of which nobody is told; it takes whatever is said of it."""

_tracer: Tracer | None = None
_farewell: Callable[[], None] | None = None


def begin(settings: Settings, service: str) -> None:
    """From here on this process tells of its spans, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

    Raises SettingsError where it does and the packages are not installed.
    """
    global _tracer, _farewell
    must_be_tellable(settings)
    if settings.otlp_endpoint is not None and _tracer is None:
        from shared.telling import telling  # noqa: PLC0415  an extra, and slow to load

        _tracer, _farewell = telling(settings.otlp_endpoint, service)


def must_be_tellable(settings: Settings) -> None:
    """Raises SettingsError where a collector is named and what tells it is not installed."""
    if settings.otlp_endpoint is not None and find_spec("opentelemetry.sdk") is None:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs the extra otel: pip install 'cairn[otel]', or do not set it"
        )


def end() -> None:
    """Hands over what is left, within two seconds; nobody is told any more."""
    global _tracer, _farewell
    farewell, _tracer, _farewell = _farewell, None, None
    if farewell is not None:
        farewell()


def is_on() -> bool:
    """Whether anybody is told."""
    return _tracer is not None


def start(
    name: str,
    says: Says = NONE,
    *,
    kind: SpanKind = INTERNAL,
    parent: str | None = None,
    began_at: datetime | None = None,
) -> Span:
    """A step that begins now, or that began then, of the parent or else of the step under way; whoever
    starts it ends it.
    """
    if _tracer is None:
        return UNTOLD
    began_ns = int(began_at.timestamp() * 1e9) if began_at else None
    return _tracer.start_span(name, _within(parent), kind, says, start_time=began_ns)


@contextmanager
def span(
    name: str, says: Says = NONE, *, kind: SpanKind = INTERNAL, parent: str | None = None
) -> Iterator[Span]:
    """A step while it lasts; those that begin within are its children. An error shows as its kind's name."""
    if _tracer is None:
        yield UNTOLD
        return
    step = start(name, says, kind=kind, parent=parent)
    with trace.use_span(step, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield step
        except Exception as error:
            failed(step, type(error).__name__)
            raise


def failed(step: Span, error: str) -> None:
    """It went wrong; the name of the error's kind, never its text."""
    step.set_status(StatusCode.ERROR)
    step.set_attribute("error.type", error)


def traceparent(step: Span) -> str | None:
    """By which another process makes its steps the children of this one; None where nobody is told."""
    context = step.get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def current() -> str | None:
    """The traceparent of the step that is under way; None where nobody is told, or none is."""
    return traceparent(trace.get_current_span()) if _tracer is not None else None


def headers() -> dict[str, str]:
    """What a request of ours carries, so that whoever answers it makes its steps the children of this one."""
    here = current()
    return {} if here is None else {"traceparent": here}


def _within(parent: str | None) -> Context | None:
    found = TRACEPARENT.fullmatch(parent or "")
    if found is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return trace.set_span_in_context(trace.NonRecordingSpan(context))
