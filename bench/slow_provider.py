"""`python -m bench.slow_provider PORT SECONDS`: takes every SMS after so long, at hardly any cost of its own.

It speaks as much of the provider's interface as sending needs, so that what is measured is who sends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.queues import tally
from infra.local.child import start
from infra.local.ports import free_port
from shared.settings import Settings, other_variables

HEAD = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
_numbers = count(1)


class Line(asyncio.Protocol):
    """A connection that is kept open; one request at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connects."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers a request once it is whole, and its time has passed."""
        self._heard += data
        head, whole, body = self._heard.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if whole and len(body) >= int(length or 0):
            self._heard = b""
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        tally.one_more()
        body = json.dumps({"sid": f"SM{next(_numbers):032x}", "status": "queued"})
        self._transport.write((HEAD.format(len(body)) + body).encode())


@contextmanager
def taking(ground: Path, seconds: float) -> Iterator[tuple[Settings, Path]]:
    """One that runs: the settings that lead to it, and the folder in which it tallies what it took."""
    taken = ground / "taken"
    taken.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "bench.slow_provider", str(port), str(seconds)]
    environment = other_variables() | {tally.VARIABLE: str(taken)}
    child = start("the stand-in", command, env=environment, log=ground / "provider.log")
    settings = Settings(
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="0" * 32,
        twilio_messaging_service_sid="MG" + "0" * 32,
        twilio_api_url=f"http://127.0.0.1:{port}",
    )
    try:
        yield settings, taken
    finally:
        child.stop()


async def main(port: int, seconds: float) -> None:
    """Serves until it is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(seconds), "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
