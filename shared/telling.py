"""Spans handed to a collector by OTLP over HTTP: beside the work, out of a bounded queue, or not at all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import Tracer

from shared.logs import logger

QUEUE = 8_192
"""So many spans wait to be handed over; what comes beyond that is dropped, oldest first."""
EVERY_MS = 1_000
ANSWER_SECONDS = 3.0
"""The collector has so long to take a batch."""
FAREWELL_SECONDS = 2.0
SAID_EVERY_SECONDS = 60.0

log = logger()


def telling(endpoint: str, service: str) -> tuple[Tracer, Callable[[], None]]:
    """What makes the spans of this service for the collector there, and what hands over the last of them.

    A collector that does not answer is not waited for.
    """
    # The library's own lines would come once a span, and name where the collector is.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    exporter = _Exporter(endpoint=f"{endpoint}/v1/traces", timeout=ANSWER_SECONDS)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(exporter, max_queue_size=QUEUE, schedule_delay_millis=EVERY_MS)
    )

    def farewell() -> None:
        closing = threading.Thread(target=provider.shutdown, daemon=True)
        closing.start()
        closing.join(FAREWELL_SECONDS)
        # What is under way may end; nothing is tried again.
        exporter.shutdown()  # type: ignore[no-untyped-call]

    return provider.get_tracer("cairn"), farewell


class _Exporter(OTLPSpanExporter):
    """Hands over, and says in our log, once a minute at most, that nobody takes it."""

    _lost = 0
    _said_at = float("-inf")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        if result is not SpanExportResult.SUCCESS:
            self._lose(len(spans))
        return result

    def _lose(self, spans: int) -> None:
        self._lost += spans
        now = time.monotonic()
        if now - self._said_at >= SAID_EVERY_SECONDS:
            log.warning("traces not taken", spans=self._lost)
            self._said_at, self._lost = now, 0
