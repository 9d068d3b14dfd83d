"""A relay before a server on the loopback, in a process of its own: it waits before each request, and counts bytes.

`python benchmarks/relay.py UPSTREAM_PORT SECONDS` prints its port, and at each line on standard input the bytes that
came from the server since the line before, and the requests.
"""

from __future__ import annotations

import asyncio
import sys

_CHUNK = 1 << 18


class Relay:
    """Counts what passes; a request is what a client sends without waiting for an answer."""

    def __init__(self, upstream: int, latency: float) -> None:
        self.upstream, self.latency = upstream, latency
        self.bytes = self.requests = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        back, forth = await asyncio.open_connection("127.0.0.1", self.upstream)
        await asyncio.gather(
            self._requests(reader, forth), self._answers(back, writer), return_exceptions=True
        )
        writer.close()
        forth.close()

    async def _requests(self, reader: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            self.requests += data.count(b"\r\n\r\n")
            await asyncio.sleep(self.latency)
            forth.write(data)
            await forth.drain()
        forth.close()

    async def _answers(self, back: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await back.read(_CHUNK):
            self.bytes += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()


async def main() -> None:
    relay = Relay(int(sys.argv[1]), float(sys.argv[2]))
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0, limit=_CHUNK)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(relay.bytes, relay.requests, flush=True)
        relay.bytes = relay.requests = 0


if __name__ == "__main__":
    asyncio.run(main())
