"""How often a server asks its database and waits: counted on the wire, whatever the driver."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

ENDS_A_TRIP = frozenset(b"SQ")
"""Sync and a simple Query: after each of them, and no other message, the server gives its answer."""
UNTYPED = 8
"""Before the first typed message come some without a type; these ask whether the wire may be encrypted."""


class Trips:
    """Stands between a server and its PostgreSQL, and counts."""

    def __init__(self, port: int) -> None:
        self.count = 0
        self.port = 0
        self._behind = port

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes everything on, both ways, until either hangs up."""
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        back = asyncio.create_task(_pass(there_reader, writer))
        try:
            await self._forth(reader, there_writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            there_writer.close()
            back.cancel()
            writer.close()

    async def _forth(self, reader: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
        begun = False
        while True:
            kind = await reader.readexactly(1) if begun else b""
            size = await reader.readexactly(4)
            rest = await reader.readexactly(int.from_bytes(size, "big") - 4)
            begun = begun or len(rest) + 4 > UNTYPED
            self.count += bool(kind) and kind[0] in ENDS_A_TRIP
            there.write(kind + size + rest)
            await there.drain()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@contextmanager
def counted(port: int) -> Iterator[Trips]:
    """A place to connect to instead of this port."""
    trips = Trips(port)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(trips.meet, "127.0.0.1", 0))
    trips.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield trips
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
