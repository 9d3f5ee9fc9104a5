"""The vocabulary over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.deps import CatalogueDep, ReadSessionDep
from app.errors import NotFoundError
from app.models.concept import ConceptPublic
from app.models.directory import ConceptPage, ConceptQuery, SuggestionQuery, Suggestions
from app.problems import documented
from app.routers import answers
from app.routers.providers import IfNoneMatch
from app.services import concepts

router = APIRouter(prefix="/v1/concepts", tags=["concepts"])

KNOWN: dict[int | str, dict[str, str]] = {
    304: {"description": "The caller has this already"},
}


@router.get("", response_model=ConceptPage, responses={**KNOWN})
def list_concepts(
    query: Annotated[ConceptQuery, Query()],
    session: ReadSessionDep,
    catalogue: CatalogueDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The terms that needs and capabilities are understood by, in order of id.

    With `q` the best 200 are listed, best first. Look-alikes are left out unless `decoys` is set.
    """
    vocabulary = catalogue.vocabulary
    return answers.tagged(
        concepts.etag(vocabulary, query),
        if_none_match,
        lambda: concepts.page(session, vocabulary, query),
    )


@router.get("/suggest", response_model=Suggestions, responses={**KNOWN})
def suggest_concepts(
    query: Annotated[SuggestionQuery, Query()],
    catalogue: CatalogueDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Terms for what someone is typing, best first, in any language and despite misspellings."""
    vocabulary = catalogue.vocabulary
    return answers.tagged(
        concepts.etag(vocabulary, query),
        if_none_match,
        lambda: concepts.suggest(vocabulary, query),
    )


@router.get(
    "/{concept_id}", response_model=ConceptPublic, responses={**KNOWN, **documented(NotFoundError)}
)
def read_concept(
    concept_id: Annotated[str, Path(max_length=80)],
    session: ReadSessionDep,
    catalogue: CatalogueDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A term with its names, its links, and the terms right below it."""
    vocabulary = catalogue.vocabulary
    found = concepts.read(session, vocabulary, concept_id)
    return answers.tagged(concepts.etag(vocabulary), if_none_match, lambda: found)
