"""A local TCP relay: distributes connections over several servers, and can be paused."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import count
from threading import Event, Thread

from tests.support.server import free_port

CHUNK = 65_536
PATIENCE = 30


class Relay:
    """Forwards each new connection to the next server that accepts it; while paused, nothing passes
    in either direction.

    Attributes:
        port: Where it listens.
    """

    def __init__(self, ports: Sequence[int], *, port: int | None = None) -> None:
        self.port, self._ports, self._turn = port or free_port(), ports, count()
        self._loop = asyncio.new_event_loop()
        self._open, self._end = asyncio.Event(), asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._listens = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Relay":
        """Begin, and wait until it listens."""
        self._thread.start()
        if not self._listens.wait(PATIENCE):
            raise RuntimeError(f"Nothing listens on port {self.port}")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def pause(self) -> None:
        self._loop.call_soon_threadsafe(self._open.clear)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with await asyncio.start_server(self._accept, "127.0.0.1", self.port):
            self._listens.set()
            await self._end.wait()
            for writer in self._writers:
                writer.close()
            self._open.set()
            await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = next(self._turn)
        for place in range(len(self._ports)):
            with contextlib.suppress(OSError, asyncio.CancelledError):
                port = self._ports[(start + place) % len(self._ports)]
                their_reader, their_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(
                    self._forward(reader, their_writer), self._forward(their_reader, writer)
                )
                return
        writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError):
            while some := await reader.read(CHUNK):
                await self._open.wait()
                writer.write(some)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)
