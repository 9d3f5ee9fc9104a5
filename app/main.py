"""The app: `uvicorn --factory app.main:create_app` serves it; any number of workers may."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from app import __doc__ as summary
from app import contract, db, logs, problems, rates, safety, telemetry
from app.deps import IDENTIFIED
from app.edge.body import WholeBody
from app.edge.callers import address_of
from app.edge.counters import counters
from app.edge.envelope import Envelope
from app.edge.gate import Gate
from app.edge.origins import KnownOrigins, Origins
from app.edge.revalidation import Revalidation
from app.edge.workload import Workload
from app.errors import (
    BadRequestError,
    ForbiddenError,
    InvalidError,
    OverloadedError,
    TooManyAtOnceError,
    TooManyRequestsError,
    UnauthorizedError,
    UnavailableError,
)
from app.guesses import Guesses
from app.problems import TimedOutError, TooLargeError, documented
from app.routers import (
    capabilities,
    companies,
    concepts,
    directory,
    facilities,
    health,
    keys,
    match,
    people,
    phrases,
    portals,
    providers,
    requirements,
    runs,
    sign_in,
)
from app.routers import problems as problem_types
from app.services import cursor, sealing
from app.services.catalogue import LiveCatalogue
from app.services.keys import bound_origins
from app.settings import Settings
from app.sweeper import sweeping
from app.web import reference, site

_TURN_S = 0.0005
_COLLECTED = 10_000, 10, 100  # objects made until a walk, and walks until a longer one
_ONE_AT_A_TIME = Lock()  # the contract takes a second of work, which needn't be done twice
_ANYWHERE = documented(
    BadRequestError,
    UnauthorizedError,
    ForbiddenError,  # to an embeddable key in somebody else's page
    TimedOutError,
    TooLargeError,
    InvalidError,
    TooManyRequestsError,
    TooManyAtOnceError,
    UnavailableError,
    OverloadedError,
)
_API: tuple[APIRouter, ...] = (
    directory.router,
    providers.router,
    facilities.router,
    capabilities.router,
    match.router,
    concepts.router,
    phrases.router,
    keys.router,
    portals.router,
    companies.router,
    requirements.router,
    runs.router,
    people.router,
)


class Service(FastAPI):
    """FastAPI inside of the envelope that every answer leaves in."""

    def build_middleware_stack(self) -> ASGIApp:
        """Outermost, so that crashes and the size limit's answers pass through them too."""
        settings: Settings = self.state.settings
        shared = Origins(super().build_middleware_stack(), known=self.state.origins)
        return Envelope(shared, https=settings.public_url.startswith("https://"))

    def openapi(self) -> dict[str, Any]:
        """The contract, with what holds for every operation."""
        with _ONE_AT_A_TIME:
            is_new = self.openapi_schema is None
            made = super().openapi()
            if is_new:
                contract.complete(made)
            return made


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service with these settings (by default those of the environment), not yet started."""
    chosen = settings or Settings()
    logs.configure(chosen.log_level)
    safety.require(chosen)
    observed = telemetry.build(chosen)
    counted = counters(chosen.rate_store.get_secret_value())
    policies = rates.parse(chosen.rate_limits)
    app = Service(
        title="CDMO Match",
        summary=summary,
        lifespan=_lifespan,
        openapi_url=None,  # `reference` serves it
        docs_url=None,
        redoc_url=None,
        max_body_size=chosen.max_body_bytes,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry=observed.config,
        middleware=[
            Middleware(
                Gate,
                policies=policies,
                counters=counted,
                at_once=chosen.at_once,
            ),
            Middleware(Workload, body=WholeBody(chosen.body_timeout_s)),
            Middleware(Revalidation),
        ],
    )
    app.state.settings = chosen
    app.state.counters = counted
    app.state.guesses = Guesses(counted, policies.get("account"), address_of)
    app.state.origins = KnownOrigins(chosen.cors_origins, lambda: bound_origins(app.state.engine))
    app.state.telemetry = observed
    problems.install(app)
    app.include_router(health.router)
    app.include_router(problem_types.router)
    for router in _API:
        # Every route knows its caller: a wrong key is refused wherever it is shown, and a right
        # one is what its requests are counted under.
        app.include_router(router, dependencies=[IDENTIFIED], responses=_ANYWHERE)
    app.include_router(sign_in.router, responses=_ANYWHERE)
    site.install(app)
    if chosen.docs:
        app.include_router(reference.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    engine = app.state.engine = db.create_engine(settings)
    cursor.seal_with(sealing.key(engine, settings.phrase_secret.get_secret_value()))
    before = gc.get_threshold(), sys.getswitchinterval()
    try:
        app.state.catalogue = LiveCatalogue(engine)
        # The first snapshot is built now, so that the first request needn't wait for it; where
        # the database isn't there yet, /readyz says so until it is.
        await run_in_threadpool(app.state.catalogue.is_ready)
        # The collector needn't walk the catalogue again and again, for it stays: a full walk
        # holds every request of the worker.
        gc.freeze()
        # Nor what requests leave to later ones, which grows: hardly anything else survives.
        gc.set_threshold(*_COLLECTED)
        # Threads take turns more often than by default: a short request that meets a long one
        # waits for its turn a dozen times.
        sys.setswitchinterval(_TURN_S)
        async with sweeping(engine, settings):
            yield
    finally:
        await app.state.counters.close()
        engine.dispose()
        cursor.forget_key()
        # Whoever goes on in this process finds it as it was, and may collect this app.
        gc.unfreeze()
        gc.set_threshold(*before[0])
        sys.setswitchinterval(before[1])
