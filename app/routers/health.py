"""For operators: is the process alive, may it be sent requests, and how is it doing."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.deps import ReadSessionDep
from app.errors import NotFoundError, UnavailableError
from app.problems import documented
from app.services import readiness
from app.services.catalogue import LiveCatalogue
from app.telemetry import Telemetry

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """That all is well; where it isn't, a problem says what is missing."""

    status: Literal["ok", "behind"] = "ok"
    detail: str | None = None


_BEHIND = Health(
    status="behind",
    detail="The catalogue could not be built anew; answers come from the one before.",
)


@router.get("/livez", response_model_exclude_none=True)
async def check_alive() -> Health:
    """Whether the process answers at all. Asks no database, so that no database restarts it."""
    return Health()


@router.get("/readyz", response_model_exclude_none=True, responses=documented(UnavailableError))
def check_ready(request: Request, session: ReadSessionDep) -> Health:
    """Whether requests may be sent here: database, tables and catalogue are there. `behind` says
    that the last change couldn't be taken over, and that an older catalogue is in service."""
    catalogue: LiveCatalogue = request.app.state.catalogue
    readiness.check(session, catalogue_ready=catalogue.is_ready)
    return _BEHIND if catalogue.has_failed() else Health()


@router.get("/metrics", response_class=Response, responses=documented(NotFoundError))
def read_metrics(request: Request) -> Response:
    """Metrics of this worker process in Prometheus' text form."""
    observed: Telemetry = request.app.state.telemetry
    exposition = observed.exposition()
    if exposition is None:
        raise NotFoundError("Metrics are off. Start the service with CDMO_TELEMETRY=true.")
    content, media_type = exposition
    return Response(content, media_type=media_type)
