"""How a page is made: templates, the language, links, and the header fields of every page."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import browser
from app.deps import VisitorDep
from app.models.capability import Stage
from app.models.match import Lang
from app.models.provider import Ownership
from app.services.sign_ins import SignedIn
from app.services.tenancy import Caller
from app.web import menu, wording
from app.web.language import choose
from app.web.texts import LANGUAGES, say

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_DIGESTS = {
    path.relative_to(STATIC).as_posix(): sha256(path.read_bytes()).hexdigest()[:12]
    for path in sorted(STATIC.rglob("*"))
    if path.is_file()
}
_CODES: dict[str, frozenset[str]] = {
    "stage": frozenset(Stage),
    "ownership": frozenset(Ownership),
}
_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    points=wording.points, is_link=wording.is_link, short_address=wording.short_address
)


class View:
    """A request as the pages see it: its language, its links, and whether htmx sent it."""

    def __init__(self, request: Request) -> None:
        self._request = request
        wished = request.query_params.get("lang")
        self.lang: Lang = choose(wished, request.headers.get("accept-language"))
        self.chosen: Lang | None = self.lang if wished in LANGUAGES else None
        self.path: str = request.url.path
        self.is_partial = request.headers.get("hx-request") == "true"
        self.visitor: SignedIn | None = browser.visitor_seen(request)

    @property
    def menu(self) -> tuple[menu.Entry, ...]:
        """The pages that the reader may open."""
        return menu.open_to(self._caller)

    @property
    def keeps_requirements(self) -> bool:
        """Whether the reader may keep what they look for."""
        return menu.KEPT.is_open_to(self._caller)

    @property
    def _caller(self) -> Caller:
        return self.visitor.caller if self.visitor else Caller()

    def href(self, path: str, lang: str | None = None, **query: str) -> str:
        """A link within the site that keeps the language the reader chose."""
        chosen = lang or self.chosen
        values = {**query, **({"lang": chosen} if chosen else {})}
        root = str(self._request.scope.get("root_path", "")).rstrip("/")
        return f"{root}{path}" + (f"?{urlencode(values)}" if values else "")

    def asset(self, name: str) -> str:
        """The address of a static file, another one for each content."""
        root = str(self._request.scope.get("root_path", "")).rstrip("/")
        return f"{root}/static/{name}?v={_DIGESTS[name]}"

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """A rendered page under a policy that allows nothing from elsewhere."""
        body = _templates.get_template(template).render(
            view=self,
            lang=self.lang,
            languages=LANGUAGES,
            **self._words(),
            **context,
        )
        return HTMLResponse(
            body,
            status,
            {
                "Content-Security-Policy": POLICY,
                "Content-Language": self.lang,
                "Cache-Control": "no-store",
                "Vary": "Accept-Language, HX-Request",
                **(headers or {}),
            },
        )

    def _words(self) -> dict[str, Callable[..., str]]:
        return {
            "t": partial(say, self.lang),
            "word": lambda group, value: say(self.lang, f"{group}.{value}"),
            "country": partial(wording.country, self.lang),
            "tongue": partial(wording.language, self.lang),
            "day": partial(wording.day, self.lang),
            "moment": partial(wording.moment, self.lang),
            "period": partial(wording.period, self.lang),
            "words": lambda group, values: ", ".join(
                say(self.lang, f"{group}.{value}") for value in values
            ),
            "countries_of": lambda codes: ", ".join(
                wording.country(self.lang, code) for code in codes
            ),
            "tongues": lambda codes: ", ".join(wording.language(self.lang, code) for code in codes),
            "said": self._said,
            "own_name": lambda code: wording.language(code, code),
            "href": self.href,
            "asset": self.asset,
        }

    def _said(self, criterion: str, text: str | None) -> str:
        """What a ledger's line holds, with its codes as words; a dash where it holds nothing."""
        if not text:
            return "–"
        if criterion == "time":
            return wording.period(self.lang, text)
        return ", ".join(self._meaning(criterion, code) for code in text.split(", "))

    def _meaning(self, criterion: str, code: str) -> str:
        if criterion == "place":
            return wording.country(self.lang, code)
        if criterion == "language":
            return wording.language(self.lang, code)
        stated = code in _CODES.get(criterion, ())
        return say(self.lang, f"{criterion}.{code}") if stated else code


def get_view(request: Request, _: VisitorDep) -> View:
    """The view of this request, which knows who is signed in."""
    return View(request)


ViewDep = Annotated[View, Depends(get_view)]
