"""How long a client may take to say what it asks, before its thread is given to somebody else."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import get_ident

LISTENS_SECONDS = 10.0
"""For all of a request, once a thread listens to it. A proxy before us hands on what it has whole."""


@dataclass
class Patience:
    """Who is listened to just now, by the thread that does. Threads may share it."""

    seconds: float
    _since: dict[int, tuple[socket.socket, float]] = field(default_factory=dict)

    @contextmanager
    def listening(self, line: socket.socket) -> Iterator[None]:
        """This thread listens to it, until `heard` at the latest."""
        self._since[get_ident()] = (line, time.monotonic())
        try:
            yield
        finally:
            self.heard()

    def heard(self) -> None:
        """This thread has heard all that was to be said."""
        self._since.pop(get_ident(), None)

    def run_out(self) -> None:
        """Hears nothing more from whoever takes longer; what is still answered is answered to the end."""
        latest = time.monotonic() - self.seconds
        for line, since in list(self._since.values()):
            if since < latest:
                with suppress(OSError):  # it has gone by itself
                    line.shutdown(socket.SHUT_RD)
