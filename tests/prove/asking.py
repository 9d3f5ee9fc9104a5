"""A client that asks at given moments, over connections that stay open, and costs little itself."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Got:
    """What was answered, and how long it took."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)  # of the good answers
    unmarked: int = 0  # refusals without Retry-After
    broken: int = 0  # connections that ended without an answer

    def add(self, other: "Got") -> None:
        """Take in what was got at another time."""
        self.seconds += other.seconds
        self.statuses += other.statuses
        self.times += other.times
        self.unmarked += other.unmarked
        self.broken += other.broken

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.statuses[200] / self.seconds


class Client:
    """Connections to one port, opened as they are needed and kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bool]:
        """The status, and whether the answer says when to ask again."""
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        while self._idle:
            try:
                return await self._ask(*self._idle.pop(), request)
            except (ConnectionError, asyncio.IncompleteReadError):
                continue  # the server had closed it, as it may when nothing is asked for a while
        opened = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        return await self._ask(*opened, request)

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> tuple[int, bool]:
        writer.write(request)
        told = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(told.split(b" ", 2)[1])
        length = int(told.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        while length:  # in small pieces: one large answer shall not hold up who else asks here
            piece = len(await reader.read(min(length, 65_536)))
            if not piece:
                raise asyncio.IncompleteReadError(b"", length)
            length -= piece
        self._idle.append((reader, writer))
        return status, b"\r\nretry-after: " in told

    def close(self) -> None:
        """Close every connection that waits."""
        for _, writer in self._idle:
            writer.close()


async def _one(client: Client, got: Got, method: str, path: str, body: bytes) -> None:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(20):
            status, has_retry = await client.ask(method, path, body)
    except (OSError, EOFError, TimeoutError):
        got.broken += 1
        return
    got.statuses[status] += 1
    if status == 200:
        got.times.append(time.perf_counter() - begun)
    elif not has_retry:
        got.unmarked += 1


async def in_turn(
    client: Client, bodies: list[bytes], at_once: int, seconds: float, rest_s: float = 0.0
) -> Got:
    """Matches as fast as they are answered, so many at once; each asker rests in between."""
    got, end = Got(), time.perf_counter() + seconds

    async def asker(number: int) -> None:
        while time.perf_counter() < end:
            await _one(client, got, "POST", "/v1/match", bodies[number % len(bodies)])
            number += at_once
            await asyncio.sleep(rest_s)

    begun = time.perf_counter()
    await asyncio.gather(*(asker(number) for number in range(at_once)))
    got.seconds = time.perf_counter() - begun
    return got


async def at_rate(client: Client, bodies: list[bytes], rate: float, seconds: float) -> Got:
    """Matches at moments that don't wait for answers, as independent people would ask."""
    got, chance = Got(), random.Random(4)
    begun = time.perf_counter()
    moment, number = 0.0, 0
    asked: list[asyncio.Task[None]] = []
    while (moment := moment + chance.expovariate(rate)) < seconds:
        await asyncio.sleep(max(0.0, begun + moment - time.perf_counter()))
        body = bodies[number % len(bodies)]
        asked.append(asyncio.create_task(_one(client, got, "POST", "/v1/match", body)))
        number += 1
    await asyncio.gather(*asked)
    got.seconds = time.perf_counter() - begun
    return got


async def probe(
    client: Client,
    path: str,
    every_s: float,
    stop: asyncio.Event,
    *,
    method: str = "GET",
    body: bytes = b"",
) -> Got:
    """One request after the other at a calm pace, until told to stop."""
    got = Got()
    while not stop.is_set():
        await _one(client, got, method, path, body)
        await asyncio.sleep(every_s)
    return got
