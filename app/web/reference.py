"""The page that describes the API, under a policy that lets in its script and nothing else."""

import base64
import json
import re
from hashlib import sha256

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

_SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ELSEWHERE = "https://cdn.jsdelivr.net"
_CONTRACT = "/openapi.json"


router = APIRouter(include_in_schema=False)


# Both ask the request for its app: FastAPI remembers routes beyond the life of an app, and what
# they hold with them.
@router.get(_CONTRACT)
def read_contract(request: Request) -> Response:
    """The contract, as OpenAPI."""
    app: FastAPI = request.app
    written: bytes | None = getattr(app.state, "contract", None)
    if written is None:  # once: it is long, and the same for everybody
        contract = json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":"))
        written = app.state.contract = contract.encode()
    return Response(written, media_type="application/json")


@router.get("/docs")
async def show_reference(request: Request) -> HTMLResponse:
    """The description of the API. The viewer comes from a public host, this service's description
    of itself from here."""
    root = str(request.scope.get("root_path", "")).rstrip("/")
    page = get_swagger_ui_html(
        openapi_url=f"{root}{_CONTRACT}", title=request.app.title, swagger_favicon_url="data:,"
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


def _policy(html: str) -> str:
    digests = (sha256(script.encode()).digest() for script in _SCRIPTS.findall(html))
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_ELSEWHERE} {allowed}",
            f"style-src {_ELSEWHERE} 'unsafe-inline'",  # the viewer writes styles into its elements
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
