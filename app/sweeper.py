"""The hourly sweep of a serving worker."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from app.services import retention
from app.settings import Settings

FIRST_S, AGAIN_S = 60.0, 3600.0
_LOG = logging.getLogger("cdmo.retention")


@asynccontextmanager
async def sweeping(engine: Engine, settings: Settings) -> AsyncIterator[None]:
    """Sweep in a thread now and then; at the end only the batch under way is waited for."""
    ended = asyncio.Event()
    task = asyncio.create_task(_sweep_on(engine, settings, ended))
    try:
        yield
    finally:
        ended.set()
        await task


async def _sweep_on(engine: Engine, settings: Settings, ended: asyncio.Event) -> None:
    wait = FIRST_S
    while not await _ends_within(ended, wait):
        wait = AGAIN_S
        try:
            await run_in_threadpool(
                retention.sweep, engine, settings, goes_on=lambda: not ended.is_set()
            )
        except Exception as error:  # whatever it is, the service goes on and tries again
            # Its kind alone: a database's words may hold what was stored.
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            _LOG.error("the sweep failed", extra={"fields": {"error": kind}})


async def _ends_within(ended: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)
    return ended.is_set()
