"""Routes of pages, whose refusals are pages too."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app import browser
from app.errors import DomainError, ForbiddenError, UnauthorizedError
from app.web import returning
from app.web.pages import View
from app.web.texts import TEXTS

_LARGEST_FORM = 65_536  # bytes: a text of 4,000 characters in any script, percent-encoded


class PageRoute(APIRoute):
    """A route whose refusals are pages too. It takes forms, and so no large bodies."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override] # narrower: Awaitable is all that is needed
        """The handler, with what it refuses rendered for people."""
        handle = super().get_route_handler()

        async def handle_or_tell(request: Request) -> Response:
            _forget_keys(request)
            if _is_large(request):
                return refusal(View(request), 413)
            try:
                await _take_token(request)
                return await handle(request)
            except UnauthorizedError:
                return _to_sign_in(request)
            except DomainError as error:
                return refusal(View(request), error.status, dict(error.headers), _key(error))
            except RequestValidationError:
                return refusal(View(request), 422)
            except HTTPException as error:
                return refusal(View(request), error.status_code)

        return handle_or_tell


def _forget_keys(request: Request) -> None:
    # Pages know people by their sign-in alone; a proxy that asks for a password of its own adds
    # this field to whatever it passes on.
    fields = request.scope["headers"]
    request.scope["headers"] = [field for field in fields if field[0] != b"authorization"]


async def _take_token(request: Request) -> None:
    """Put the token of a form where changes are asked for theirs."""
    if request.method in browser.SAFE_METHODS:
        return
    given = (await request.form()).get("csrf_token")
    request.scope[browser.FORM_TOKEN] = given if isinstance(given, str) else None


def _is_large(request: Request) -> bool:
    # A body without a stated length is read up to the app's own limit, and then judged by field.
    length = request.headers.get("content-length", "")
    return length.isdecimal() and int(length) > _LARGEST_FORM


def _to_sign_in(request: Request) -> Response:
    """Where somebody signs in, and comes back from to the page that asked for it."""
    address = View(request).href("/sign-in", next=returning.page_of(request))
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _key(error: DomainError) -> str:
    is_of_role = isinstance(error, ForbiddenError) and not isinstance(error, browser.CrossSiteError)
    return "problem.role" if is_of_role else f"problem.{error.status}"


def refusal(
    view: View, status: int, headers: dict[str, str] | None = None, key: str = ""
) -> Response:
    """A page, or the part of one, that says in plain words why there is nothing else to see."""
    known = key or f"problem.{status}"
    said = known if known in TEXTS else "problem.other"
    template = "problem_notice.html" if view.is_partial else "problem.html"
    return view.page(template, status=status, headers=headers, key=said)
