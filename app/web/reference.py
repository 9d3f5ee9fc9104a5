"""The page that describes the API, under a policy that lets in its script and nothing else."""

import base64
import json
import re
from hashlib import sha256

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

_SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ELSEWHERE = "https://cdn.jsdelivr.net"
_CONTRACT = "/openapi.json"


def install(app: FastAPI) -> None:
    """Serve the contract and the page at /docs. The viewer comes from a public host, this service's
    description of itself from here."""

    written: list[bytes] = []  # once: it is long, and the same for everybody

    @app.get(_CONTRACT, include_in_schema=False)
    def read_contract() -> Response:
        """The contract, as OpenAPI."""
        if not written:
            contract = json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":"))
            written.append(contract.encode())
        return Response(written[0], media_type="application/json")

    @app.get("/docs", include_in_schema=False)
    async def show_reference(request: Request) -> HTMLResponse:
        """The description of the API."""
        root = str(request.scope.get("root_path", "")).rstrip("/")
        page = get_swagger_ui_html(
            openapi_url=f"{root}{_CONTRACT}", title=app.title, swagger_favicon_url="data:,"
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
