"""The pages of runs: a kept shortlist, computed again, compared with an earlier one."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlmodel import Session

from app.deps import AccessDep, CatalogueDep, OwnerDep, TenantSessionDep
from app.matching.catalogue import Catalogue
from app.models.match import MATCH_LIMIT, Lang, MatchAnswer
from app.models.run import Run
from app.services import pages, requirements, run_diff, runs
from app.services.tenancy import Caller
from app.web import asked_words, shortlist
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep
from app.web.texts import say

router = APIRouter(
    prefix="/runs/{run_id}",
    route_class=PageRoute,
    include_in_schema=False,
    default_response_class=HTMLResponse,
)


@router.get("")
def show_run(
    run_id: str,
    view: ViewDep,
    caller: OwnerDep,
    session: TenantSessionDep,
    catalogue: CatalogueDep,
) -> HTMLResponse:
    """A kept shortlist as it was, and what it was computed from."""
    run = runs.found(session, run_id, caller)
    return view.page("runs/page.html", **_context(view, run, session, catalogue, caller))


@router.post("/replay")
def replay_run(
    run_id: str, view: ViewDep, caller: OwnerDep, catalogue: CatalogueDep, access: AccessDep
) -> HTMLResponse:
    """The run computed again on the catalogue as it stands now. Nothing is kept."""
    with access.reading() as session:
        run = runs.found(session, run_id, caller)
        context = _context(view, run, session, catalogue, caller)
    again = runs.replayed(run, catalogue)
    context |= _answer(again, view, catalogue)
    context["again"], context["causes"] = again, ", ".join(_causes(run, again, view.lang))
    return view.page("runs/replay.html", **context)


@router.get("/diff/{other_id}")
def compare_runs(
    run_id: str, other_id: str, view: ViewDep, caller: OwnerDep, session: TenantSessionDep
) -> HTMLResponse:
    """What changed from one run of a requirement to another, in sentences."""
    old, new = (runs.found(session, each, caller) for each in (run_id, other_id))
    kept = requirements.read(session, str(new.requirement_id), caller)
    diff = run_diff.compare(session, old, new, view.lang)
    asked = [asked_words.change(each, view.lang) for each in diff.request_changes]
    return view.page("runs/diff.html", kept=kept, diff=diff, asked=asked)


def _context(
    view: View, run: Run, session: Session, catalogue: Catalogue, caller: Caller
) -> dict[str, Any]:
    requirement_id = str(run.requirement_id)
    others = runs.page(
        session, requirement_id, caller, after=None, limit=pages.LIMIT, newest_first=True
    )
    return {
        "run": run,
        "kept": requirements.read(session, requirement_id, caller),
        "earlier": [
            each for each in others.items if (each.created_at, each.id) < (run.created_at, run.id)
        ],
        **_answer(run, view, catalogue),
    }


def _causes(run: Run, again: Run, lang: Lang) -> list[str]:
    """Why a run comes out differently now, in words; nothing where it doesn't."""
    if again.answer_digest == run.answer_digest:
        return []
    names = ("catalogue", "vocabulary", "engine")
    changed = [name for name in names if getattr(run, name) != getattr(again, name)]
    return [say(lang, f"run.replayed.cause.{name}") for name in changed or ["none"]]


def _answer(run: Run, view: View, catalogue: Catalogue) -> dict[str, Any]:
    try:
        answer = MatchAnswer.model_validate_json(run.answer)
    except ValidationError:  # of an engine whose answers had another form
        return {"answer": None}
    return shortlist.context_of(answer, catalogue, view.lang, MATCH_LIMIT)
