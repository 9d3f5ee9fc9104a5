"""The service as `cdmo-match serve` starts it, with a slow address beside it to be in the midst of
something, and with the defect that CDMO_PROVE_DEFECT names.

`python -m tests.prove.served PORT WORKERS`
"""

import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

# What is heavy is imported within: workers import this module before they report as alive.

SLOW_S = 2.0


def create_app() -> "FastAPI":
    """The app of one worker."""
    from app import main
    from tests.prove import planted

    planted.plant(os.environ.get(planted.VARIABLE, ""))
    app = main.create_app()
    app.add_api_route("/prove/slow", _slow, methods=["GET"])
    app.add_api_route("/prove/begun", _told, methods=["GET"])
    return app


def _told() -> int:
    """How many have begun to be slow in this worker."""
    return len(_begun)


_begun: list[float] = []


def _slow() -> dict[str, Any]:
    _begun.append(time.monotonic())
    time.sleep(SLOW_S)
    return {"slept": SLOW_S}


def serve(port: int, workers: int) -> None:
    """Serve until told to stop."""
    import uvicorn

    from app import logs, server
    from app.settings import Settings
    from tests.prove import planted

    settings = Settings()
    logs.configure(settings.log_level)
    options = server.options(settings)
    if os.environ.get(planted.VARIABLE) == planted.SHORT_GRACE:
        options["timeout_graceful_shutdown"] = 1
    uvicorn.run(
        "tests.prove.served:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        workers=workers,
        **options,
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
