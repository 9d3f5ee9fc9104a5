"""Routes of pages, whose refusals are pages too."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.errors import DomainError
from app.web.pages import View
from app.web.texts import TEXTS

_LARGEST_FORM = 65_536  # bytes: a text of 4,000 characters in any script, percent-encoded


class PageRoute(APIRoute):
    """A route whose refusals are pages too. It takes forms, and so no large bodies."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override] # narrower: Awaitable is all that is needed
        """The handler, with what it refuses rendered for people."""
        handle = super().get_route_handler()

        async def handle_or_tell(request: Request) -> Response:
            if _is_large(request):
                return refusal(View(request), 413)
            try:
                return await handle(request)
            except DomainError as error:
                return refusal(View(request), error.status, dict(error.headers))
            except RequestValidationError:
                return refusal(View(request), 422)
            except HTTPException as error:
                return refusal(View(request), error.status_code)

        return handle_or_tell


def _is_large(request: Request) -> bool:
    # A body without a stated length is read up to the app's own limit, and then judged by field.
    length = request.headers.get("content-length", "")
    return length.isdecimal() and int(length) > _LARGEST_FORM


def refusal(view: View, status: int, headers: dict[str, str] | None = None) -> Response:
    """A page, or the part of one, that says in plain words why there is nothing else to see."""
    known = f"problem.{status}"
    key = known if known in TEXTS else "problem.other"
    template = "problem_notice.html" if view.is_partial else "problem.html"
    return view.page(template, status=status, headers=headers, key=key)
