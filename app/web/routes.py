"""The pages' routes: the match in free text, and a provider's record."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse

from app.deps import CatalogueDep, ReadSessionDep
from app.errors import InvalidError
from app.matching.catalogue import Catalogue
from app.models.match import MatchAnswer
from app.services import directory, providers
from app.services import match as matching
from app.web import directory_form, need_form, record
from app.web.directory_form import DirectoryForm
from app.web.need_form import NeedForm
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep
from app.web.requirement_form import RequirementForm, title_of
from app.web.shortlist import context_of, country_options, names_by_slug

EXAMPLES = ("mrna", "toxicology", "cell")

router = APIRouter(
    route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)


@router.get("/")
def show_desk(
    view: ViewDep, catalogue: CatalogueDep, example: Annotated[str | None, Query()] = None
) -> HTMLResponse:
    """The empty desk, or one with an example typed in."""
    chosen = example if example in EXAMPLES else None
    return _desk(view, catalogue, NeedForm(), example=chosen)


@router.post("/")
def answer_need(
    view: ViewDep, catalogue: CatalogueDep, form: Annotated[NeedForm, Form()]
) -> HTMLResponse:
    """The shortlist for a need, which travels in the body so that no address or log holds it."""
    if not form.asks:
        return _desk(view, catalogue, form)
    found = need_form.read(form, view.lang)
    if found.data is None:
        return _desk(view, catalogue, form, faults=found.faults)
    try:
        answer = matching.match(found.data, catalogue)
    except InvalidError:
        return _desk(view, catalogue, form, faults={"text": "fault.form"})
    return _desk(view, catalogue, form, answer=answer)


@router.get("/providers")
def list_providers(
    view: ViewDep,
    session: ReadSessionDep,
    catalogue: CatalogueDep,
    form: Annotated[DirectoryForm, Query()],
) -> HTMLResponse:
    """A page of the published providers that a search and its filters leave."""
    found = directory.page(session, catalogue, directory_form.read(form))
    return view.page("providers/list.html", form=form, found=found)


@router.get("/providers/{slug}")
def show_provider(
    slug: str, view: ViewDep, session: ReadSessionDep, catalogue: CatalogueDep
) -> HTMLResponse:
    """A provider's record."""
    provider = providers.read(session, slug, drafts_too=False)
    sheet = record.sheet(provider, datetime.now(UTC).date())
    names = names_by_slug(catalogue, [provider.successor])
    return view.page("providers/page.html", record=sheet, successors=names)


def _desk(
    view: View,
    catalogue: Catalogue,
    form: NeedForm,
    *,
    example: str | None = None,
    faults: need_form.Faults | None = None,
    answer: MatchAnswer | None = None,
) -> HTMLResponse:
    context: dict[str, Any] = {
        "form": form,
        "example": example,
        "examples": EXAMPLES,
        "faults": faults or {},
        "answer": answer,
        "countries": country_options(catalogue, view.lang),
    }
    if answer:
        context |= context_of(answer, catalogue, view.lang, need_form.SHOWN)
    if answer and view.keeps_requirements:
        context["keep"] = RequirementForm(title=title_of(form.text))
    if view.is_partial and answer:
        return view.page("shortlist/result.html", **context)
    if view.is_partial and faults:
        swap = {"HX-Retarget": "#need-form", "HX-Reswap": "outerHTML"}
        return view.page("shortlist/form.html", status=422, headers=swap, **context)
    return view.page("shortlist/page.html", status=422 if faults else 200, **context)
