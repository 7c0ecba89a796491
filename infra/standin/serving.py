"""The stand-in's server: threads on a port of the loopback, able to hang up in the middle of an answer."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.standin.admin import admin
from infra.standin.api import messages
from infra.standin.errors import error
from infra.standin.provider import Provider

RESET_WHEN_CLOSED = struct.pack("ii", 1, 0)


class Handler(WSGIRequestHandler):
    """Keeps connections open as the provider does; a ConnectionError of the application cuts them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002
        """Hangs up; at once and rudely where the application was reset."""
        if isinstance(error, ConnectionResetError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_WHEN_CLOSED)
            os.close(self.connection.detach())  # before anyone can say goodbye on it
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Says nothing: numbers stand in its paths."""


def create_app(provider: Provider) -> Flask:
    """The WSGI application around an account."""
    app = Flask("infra.standin", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a ConnectionError is for the server, not an answer of 500
    app.register_blueprint(messages(provider))
    app.register_blueprint(admin(provider))
    app.register_error_handler(404, lambda _: error(20404))
    return app


def make(provider: Provider, port: int = 0) -> BaseWSGIServer:
    """A server on 127.0.0.1 that listens already; 0 is any free port, `.port` says which."""
    return make_server("127.0.0.1", port, create_app(provider), threaded=True, request_handler=Handler)


@contextmanager
def running(provider: Provider, port: int = 0) -> Iterator[str]:
    """Serves in a thread, and gives the URL."""
    server = make(provider, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        provider.close()
        server.shutdown()
        thread.join()
        server.server_close()
