"""Counters of requests: in this process, or shared by all workers.

Both count in a sliding window: the hits of the present window and, by the part of it that the last
`seconds` still cover, those of the window before. In this process the counters are ours, a few
numbers for each caller and the least used forgotten first: the memory store of the package `limits`
walks over all its counters again and again, which a flood from many addresses would turn into the
very load that limits are to keep away. Shared counters are those of `limits`, on Redis.
"""

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.rates import Policy

_MOST = 50_000  # callers whose requests are counted in a process; some ten megabytes
_STORE_TIMEOUT_S = 0.25
_STORE_RETRY_S = 5.0
_log = logging.getLogger("cdmo")


@dataclass(frozen=True, slots=True)
class Count:
    """Where a caller stands: whether this request is within the limit, how many more are, and in
    how many seconds there is room again."""

    is_within: bool
    remaining: int
    reset_s: float


class Counters(Protocol):
    """Counts the requests of callers."""

    async def hit(self, policy: Policy, caller: str, cost: int = 1) -> Count:
        """Count a request of `caller` if it is within the policy; with cost 0, only look."""

    async def close(self) -> None:
        """Give back what is held."""


class OwnCounters:
    """Counts in this process alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: OrderedDict[tuple[str, str], tuple[int, int, int]] = OrderedDict()

    async def hit(self, policy: Policy, caller: str, cost: int = 1) -> Count:
        """Count a request of `caller` if it is within the policy; with cost 0, only look."""
        key = (policy.name, caller)
        number, part = divmod(self._clock() / policy.seconds, 1)
        last, before, now = self._windows.get(key, (0, 0, 0))
        if last != number:
            before, now = (now if last == number - 1 else 0), 0
        used = before * (1 - part) + now
        is_within = used + max(cost, 1) <= policy.most
        if is_within and cost:
            now, used = now + cost, used + cost
            self._windows[key] = (int(number), before, now)
            self._windows.move_to_end(key)
            if len(self._windows) > _MOST:
                self._windows.popitem(last=False)
        remaining = max(0, math.floor(policy.most - used))
        return Count(is_within, remaining, _room_in(policy, before, now, part))

    async def close(self) -> None:
        """Nothing is held."""


def _room_in(policy: Policy, before: int, now: int, part: float) -> float:
    """Seconds until a full caller may send one more: until enough of the older hits have slid out
    of the window; for a caller with room, until the present window ends."""
    free = policy.most - 1 - now
    if before * (1 - part) > free >= 0:
        return (1 - free / before - part) * policy.seconds
    rest = (1 - part) * policy.seconds
    if free >= 0:
        return rest
    return rest + max(0.0, 1 - (policy.most - 1) / now) * policy.seconds


class SharedCounters:
    """Counts for all workers on a Redis server.

    Where the server doesn't answer, each worker goes on counting by itself and looks again after
    some seconds. Refusing everybody would turn the loss of a counter into an outage, and letting
    everybody in would invite whoever can bring the counter down; so limits stay, worker by worker.
    """

    def __init__(self, address: str) -> None:
        try:
            from limits.aio.storage import RedisStorage
            from limits.aio.strategies import SlidingWindowCounterRateLimiter
            from redis.asyncio import ConnectionPool
        except ImportError:
            raise RuntimeError(
                "CDMO_RATE_STORE is set and its packages are missing: install cdmo-match[redis]"
            ) from None
        self._pool = ConnectionPool.from_url(
            address, socket_timeout=_STORE_TIMEOUT_S, socket_connect_timeout=_STORE_TIMEOUT_S
        )
        storage = RedisStorage(
            "async+redis://the-pool-says:6379",  # it asks for a host and a port in any case
            implementation="redispy",
            key_prefix="cdmo",
            connection_pool=self._pool,  # type: ignore[arg-type] # told of, and not typed
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._own = OwnCounters()
        self._retry_at = 0.0

    async def hit(self, policy: Policy, caller: str, cost: int = 1) -> Count:
        """Count a request of `caller` if it is within the policy; with cost 0, only look."""
        if time.monotonic() < self._retry_at:
            return await self._own.hit(policy, caller, cost)
        try:
            async with asyncio.timeout(_STORE_TIMEOUT_S):
                return await self._hit(policy, caller, cost)
        except Exception as error:
            _log.warning(
                "the shared counters don't answer; limits hold for each worker by itself",
                extra={"fields": {"error": type(error).__qualname__}},
            )
            self._retry_at = time.monotonic() + _STORE_RETRY_S
            return await self._own.hit(policy, caller, cost)

    async def _hit(self, policy: Policy, caller: str, cost: int) -> Count:
        from limits import RateLimitItemPerSecond

        item = RateLimitItemPerSecond(policy.most, policy.seconds, policy.name)
        ask = self._limiter.hit if cost else self._limiter.test
        is_within = await ask(item, caller)
        stats = await self._limiter.get_window_stats(item, caller)
        return Count(is_within, stats.remaining, max(0.0, stats.reset_time - time.time()))

    async def close(self) -> None:
        """Close the connections to the server."""
        await self._pool.disconnect()


def counters(address: str) -> Counters:
    """Shared counters where an address is given, else the process's own."""
    return SharedCounters(address) if address else OwnCounters()
