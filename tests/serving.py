"""An application served over HTTP for as long as a test wants it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


class _Server(ThreadedWSGIServer):
    """Is closed once everything is answered: what still is would hold connections that nobody closes."""

    daemon_threads = False


def _whole(app: Flask) -> WSGIApplication:
    """The same, with each answer had whole before any of it is sent.

    A browser that goes away meanwhile would leave a file open: werkzeug closes what it sends only once it has
    read what is left of the request, and that fails.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = app(environ, start_response)
        try:
            return [b"".join(said)]
        finally:
            if hasattr(said, "close"):
                said.close()

    return answer


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """Serves it on this port of 127.0.0.1, 0 is any free one, and gives the URL."""
    server = _Server("127.0.0.1", port, _whole(app), handler=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
