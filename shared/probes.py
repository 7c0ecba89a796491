"""/healthz, /readyz and /metrics of a process that serves nothing else, on a port of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, make_wsgi_app

from shared.problems import CONTENT_TYPE, ProblemDetails

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Unready = Callable[[], str | None]
"""Why the process cannot do its work just now, or None."""


class PortTaken(Exception):
    """They cannot be served; the text says where, and why."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: whoever asks, asks every few seconds."""


def of_process() -> CollectorRegistry:
    """A registry that begins with this process's own memory, CPU and collections."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


@contextmanager
def served(host: str, port: int, registry: CollectorRegistry, unready: Unready) -> Iterator[None]:
    """Serves them. Raises PortTaken."""
    try:
        server = make_server(host, port, _application(registry, unready), _Server, _Quiet)
    except OSError as error:
        raise PortTaken(f"port {port} of {host} cannot be had: {error.strerror}") from None
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _application(registry: CollectorRegistry, unready: Unready) -> WSGIApplication:
    figures = make_wsgi_app(registry)

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/metrics":
                page: Iterable[bytes] = figures(environ, start)
                return page
            case "/healthz":
                return _well(start, "alive")
            case "/readyz":
                why = unready()
                return _problem(start, 503, "Service Unavailable", why) if why else _well(start, "ready")
            case _:
                return _problem(start, 404, "Not Found", "Here are /healthz, /readyz and /metrics.")

    return application


def _well(start: StartResponse, status: str) -> list[bytes]:
    start("200 OK", [("Content-Type", "application/json")])
    return [msgspec.json.encode({"status": status})]


def _problem(start: StartResponse, status: int, title: str, detail: str) -> list[bytes]:
    start(f"{status} {title}", [("Content-Type", CONTENT_TYPE), ("Retry-After", "5")])
    return [msgspec.json.encode(ProblemDetails(title, status, detail))]
