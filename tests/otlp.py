"""A collector of our own: takes what is handed to it by OTLP over HTTP, and keeps it for a test to read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Told:
    """A span as it was handed over; its parent is an empty text where it has none."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    says: dict[str, Any]
    failed: bool
    service: str
    began: int
    """Nanoseconds since 1970."""
    ended: int


@dataclass
class Collector:
    """Where spans are handed over, and what came."""

    url: str = ""
    spans: list[Told] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """As they came, for whoever looks for what should not be in them."""

    def take(self, body: bytes) -> None:
        """Reads what was handed over."""
        self.bodies.append(body)
        for of_a_service in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _said(of_a_service.resource.attributes)["service.name"]
            for scope in of_a_service.scope_spans:
                self.spans += [_told(span, service) for span in scope.spans]

    def of(self, trace: str) -> list[Told]:
        """What came of one trace."""
        return [span for span in self.spans if span.trace == trace]

    def is_whole(self, trace: str, caller: str) -> bool:
        """Whether the parent of each span came too; they come as they end, the innermost first."""
        ids = {span.id for span in self.of(trace)} | {caller}
        return all(span.parent in ids for span in self.of(trace))

    def one(self, trace: str, name: str, **says: Any) -> Told:
        """The only span of a trace that is called so and says this."""
        named = [span for span in self.of(trace) if span.name == name]
        found = [span for span in named if span.says.items() >= says.items()]
        assert len(found) == 1, (name, says, self.of(trace))
        return found[0]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def deaf() -> Iterator[str]:
    """The address of a collector that takes whatever comes, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as hole:
        yield f"http://127.0.0.1:{hole.getsockname()[1]}"


def _told(span: Any, service: str) -> Told:
    return Told(
        span.name, span.kind, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(),
        _said(span.attributes), span.status.code == 2, service, span.start_time_unix_nano,
        span.end_time_unix_nano,
    )  # fmt: skip


def _said(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
