"""The pages as a part of the app: their routes and their files."""

from typing import Any

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles

from app.web import (
    account,
    accounts,
    companies,
    people,
    provider,
    requirement_edits,
    requirements,
    routes,
    runs,
)
from app.web.pages import STATIC

_A_YEAR = "public, max-age=31536000, immutable"


class _Assets(StaticFiles):
    """Static files, kept by browsers for a year: their addresses change with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, with how long it keeps."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _A_YEAR
        return response


def install(app: FastAPI) -> None:
    """Serve the pages and their files from this app."""
    for pages in (
        *(routes, accounts, provider, account),
        *(requirements, requirement_edits, runs),
        *(people, companies),
    ):
        app.include_router(pages.router)
    app.mount("/static", _Assets(directory=STATIC), name="static")
