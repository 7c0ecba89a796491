"""What stands between two parts and breaks what passes: cuts, resets, delays, black holes."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, TypeVar

from infra.local.ports import free_port

T = TypeVar("T")

RESET_WHEN_CLOSED = struct.pack("ii", 1, 0)
AT_ONCE = 65_536


@dataclass
class Proxy:
    """A port of `at` that leads to another of 127.0.0.1. Whoever holds it may be called from any thread."""

    name: str
    to: int
    """The port that it leads to; another from the next connection on, when it is set."""
    port: int = field(default_factory=free_port)
    delay: float = 0.0
    """Seconds that everything takes longer, each way."""
    refuses: bool = False
    """Whether new connections are reset at once."""
    cut_at: bytes | None = None
    """What a caller must say for the connection to be cut when its answer comes, which nobody gets; once."""
    cuts: int = 0
    """How often that was done."""
    at: str = "127.0.0.1"
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _mute: set[asyncio.Event] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._passes = asyncio.Event()
        self._passes.set()
        self._thread = Thread(target=self._loop.run_forever, name=f"proxy {self.name}", daemon=True)
        self._thread.start()
        self._server = self._here(asyncio.start_server(self._serve, self.at, self.port))

    def cut(self) -> None:
        """Resets every connection that is open."""
        self._here(self._reset_all())

    @contextmanager
    def hole(self) -> Iterator[None]:
        """Meanwhile nothing passes, either way, and nobody is told; afterwards it comes all at once."""
        self._loop.call_soon_threadsafe(self._passes.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._passes.set)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Meanwhile nobody is there: what is open is reset, and so is who comes."""
        self.refuses = True
        self.cut()
        try:
            yield
        finally:
            self.refuses = False

    def close(self) -> None:
        """Ends it, and all that passes."""
        self._here(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        self._passes.set()
        await self._reset_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            _reset(writer)
            return
        self._open |= {writer, back}
        heard = asyncio.Event()  # that the answer is there which nobody shall hear
        ways = [asyncio.create_task(self._ask(reader, back, heard)),
                asyncio.create_task(self._answer(there, writer, heard))]  # fmt: skip
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._mute.discard(heard)
            for end in (writer, back):
                self._open.discard(end)
                end.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while said := await reader.read(AT_ONCE):
                cut = self.cut_at is not None and self.cut_at in said
                if cut:
                    self.cut_at = None
                    self._mute.add(heard)
                await self._pass(said, writer)
                if cut:
                    await heard.wait()
                    self.cuts += 1
                    return

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while said := await reader.read(AT_ONCE):
                if heard in self._mute:
                    heard.set()
                    continue
                await self._pass(said, writer)

    async def _pass(self, said: bytes, writer: asyncio.StreamWriter) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        await self._passes.wait()
        writer.write(said)
        await writer.drain()

    async def _reset_all(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    def _here(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)


def _reset(writer: asyncio.StreamWriter) -> None:
    line: socket.socket = writer.get_extra_info("socket")
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_WHEN_CLOSED)
    writer.transport.abort()
