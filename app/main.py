"""The app: `uvicorn --factory app.main:create_app` serves it; any number of workers may."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from app import __doc__ as summary
from app import db, logs, problems, telemetry
from app.edge import Envelope
from app.errors import BadRequestError, InvalidError, UnavailableError
from app.problems import Problem, TooLargeError, documented
from app.routers import (
    capabilities,
    companies,
    concepts,
    directory,
    facilities,
    health,
    keys,
    match,
    phrases,
    portals,
    providers,
)
from app.routers import problems as problem_types
from app.services.catalogue import LiveCatalogue
from app.settings import Settings
from app.strict_json import StrictJson
from app.web import site

_TURN_S = 0.001
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
)


class Service(FastAPI):
    """FastAPI inside of the envelope that every answer leaves in."""

    def build_middleware_stack(self) -> ASGIApp:
        """Outermost, so that crashes and the size limit's answers pass through it too."""
        return Envelope(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        """The contract, with problems in the place of FastAPI's own validation errors."""
        contract = super().openapi()
        schemas = contract.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        if "Problem" not in schemas:
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(shape.pop("$defs"), Problem=shape)
        return contract


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service with these settings (by default those of the environment), not yet started."""
    chosen = settings or Settings()
    logs.configure(chosen.log_level)
    observed = telemetry.build(chosen)
    app = Service(
        title="CDMO Match",
        summary=summary,
        lifespan=_lifespan,
        openapi_url="/openapi.json" if chosen.docs else None,
        max_body_size=chosen.max_body_bytes,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry=observed.config,
        middleware=[Middleware(StrictJson)],
    )
    app.state.settings = chosen
    app.state.telemetry = observed
    problems.install(app)
    app.include_router(health.router)
    app.include_router(problem_types.router)
    for router in _API:
        app.include_router(
            router,
            responses=documented(BadRequestError, InvalidError, TooLargeError, UnavailableError),
        )
    site.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.engine = db.create_engine(app.state.settings)
    try:
        app.state.catalogue = LiveCatalogue(app.state.engine)
        # The first snapshot is built now, so that the first request needn't wait for it; where
        # the database isn't there yet, /readyz says so until it is.
        await run_in_threadpool(app.state.catalogue.is_ready)
        # The collector needn't walk the catalogue again and again, for it stays: a full walk
        # holds every request of the worker.
        gc.freeze()
        # Threads take turns more often than by default: a short request that meets a long one
        # waits for its turn a dozen times.
        sys.setswitchinterval(_TURN_S)
        yield
    finally:
        app.state.engine.dispose()
