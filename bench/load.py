"""HTTP load: some connections that are kept open, one request at a time on each, from one thread."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from infra.local.trouble import LocalError

Next = Callable[[int], bytes]
"""The next request of a connection, by its number."""
PATIENCE = 10.0


@dataclass
class Driven:
    """What was answered: how long each answer took, in seconds, and how long it all took."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds


@dataclass
class _Line:
    number: int
    wire: socket.socket
    asked_at: float = 0.0
    answer: bytes = b""


def put(path: str, body: bytes, token: str, host: str) -> bytes:
    """A PUT as it goes over the wire."""
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def drive(port: int, following: Next, *, connections: int, seconds: float) -> Driven:
    """Asks on all connections until the time is over. Raises LocalError for any answer but 200 and 201."""
    driven = Driven()
    with ExitStack() as open_lines, selectors.DefaultSelector() as selector:
        lines = []
        for number in range(connections):
            wire = open_lines.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = _Line(number, wire)
            selector.register(wire, selectors.EVENT_READ, line)
            lines.append(line)
        began = time.monotonic()
        for line in lines:
            _ask(line, following)
        waiting = len(lines)
        while waiting:
            ready = selector.select(PATIENCE)
            if not ready:
                raise LocalError(f"No answer on {waiting} connections within {PATIENCE:.0f} s")
            for key, _ in ready:
                line = key.data
                if _hear(line):
                    now = time.monotonic()
                    driven.took.append(now - line.asked_at)
                    if now - began < seconds:
                        _ask(line, following)
                    else:
                        waiting -= 1
        driven.seconds = time.monotonic() - began
    return driven


def send_all(port: int, requests: Sequence[bytes]) -> None:
    """Asks these, one after the other, on one connection."""
    left = list(reversed(requests))
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as wire:
        line = _Line(0, wire)
        while left:
            _ask(line, lambda _: left.pop())
            while not _hear(line):
                continue


def _ask(line: _Line, following: Next) -> None:
    request = following(line.number)
    line.answer = b""
    line.asked_at = time.monotonic()
    line.wire.sendall(request)


def _hear(line: _Line) -> bool:
    """Whether the answer is whole now."""
    got = line.wire.recv(65_536)
    line.answer += got
    head, between, body = line.answer.partition(b"\r\n\r\n")
    if not got or (between and head[9:12] not in (b"200", b"201")):
        raise LocalError(f"A PUT was answered by {line.answer[:300].decode(errors='replace') or 'nothing'}")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return bool(between) and len(body) >= int(length)
