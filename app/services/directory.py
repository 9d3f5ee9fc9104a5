"""The list of providers: searched, filtered, counted, and given page by page."""

import json
from bisect import bisect_right
from datetime import UTC, date, datetime
from hashlib import blake2b
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Fault, ForbiddenError, InvalidError, UnauthorizedError
from app.matching import ENGINE
from app.matching.catalogue import Catalogue
from app.matching.listing import Listing, Wanted, listing
from app.matching.types import Candidate
from app.models.directory import FacetCount, ProviderFacets, ProviderPage, ProviderQuery
from app.models.provider import Operating, Ownership, Provider, ProviderKind, ProviderSummary, State
from app.period import Period
from app.services import cursor
from app.services.candidates import candidate_of, states_of
from app.services.editing import whole
from app.services.tenancy import Caller

_LABELS = ("kind", "country", "ownership", "stage", "operating")


def page(session: Session, catalogue: Catalogue, query: ProviderQuery) -> ProviderPage:
    """A page of the providers that a search and its filters leave.

    InvalidError for an unknown concept, BadRequestError for a cursor of another search.
    """
    after = cursor.read(query.after, _asked(query), int, str) if query.after else None
    wanted = _wanted(query, catalogue)
    if query.state is not State.PUBLISHED:
        catalogue = _unpublished(session, query.state, catalogue)
    found = listing(catalogue, wanted, _today())
    rest = found if after is None else _following(found, catalogue, *after)
    numbers = rest.numbers[: query.limit].tolist()
    has_more = len(rest.numbers) > query.limit
    return ProviderPage(
        items=[_summary(catalogue.candidates[number], query.state) for number in numbers],
        next=_cursor(rest, catalogue, query) if has_more else None,
        total=len(found.numbers),
        facets=_facets(found),
    )


def check_rights(query: ProviderQuery, caller: Caller) -> None:
    """UnauthorizedError or ForbiddenError if the caller may not list records of this state."""
    if query.state is State.PUBLISHED or caller.is_curator:
        return
    if caller.role is None:
        raise UnauthorizedError("Drafts and archived records need a curator's key.")
    raise ForbiddenError("Only curators may see drafts and archived records.")


def etag(catalogue: Catalogue, query: ProviderQuery) -> str:
    """The entity tag of a page: it changes with the catalogue, the vocabulary, the query, the
    engine, and the day, from which dates are judged."""
    made_of = [
        ENGINE,
        catalogue.revision,
        catalogue.vocabulary.version,
        _today().isoformat(),
        _asked(query),
        query.limit,
        query.after,
    ]
    return f'"{blake2b(json.dumps(made_of).encode(), digest_size=12).hexdigest()}"'


def _today() -> date:
    return datetime.now(UTC).date()


def _asked(query: ProviderQuery) -> str:
    """What decides the order and the extent of the list, written one way."""
    said = query.model_dump(mode="json", exclude={"limit", "after"})
    ordered = {k: sorted(set(v)) if isinstance(v, list) else v for k, v in said.items()}
    return json.dumps(ordered, sort_keys=True)


def _wanted(query: ProviderQuery, catalogue: Catalogue) -> Wanted:
    faults = [
        Fault(f"query.concept[{place}]", "There is no concept with this id.")
        for place, concept in enumerate(query.concept)
        if concept not in catalogue.vocabulary.concepts
    ]
    if faults:
        raise InvalidError("Some of the filters can't be used.", faults=faults)
    by = query.operational_by
    return Wanted(
        q=query.q or "",
        labels={name: [str(value) for value in getattr(query, name)] for name in _LABELS},
        concepts=tuple(query.concept),
        narrower=query.narrower,
        certificates=tuple(query.certificate),
        operational_by=Period.parse(by) if by else None,
    )


def _unpublished(session: Session, state: State, catalogue: Catalogue) -> Catalogue:
    """The records of a state as a catalogue of their own, read afresh: it is the curators' work
    list, and what isn't published is kept in no worker's memory."""
    states = states_of(session)
    rows = session.exec(select(Provider).where(Provider.state == state).options(*whole())).all()
    candidates = [candidate_of(row, states) for row in rows]
    return Catalogue.build(candidates, catalogue.vocabulary, catalogue.revision)


def _following(found: Listing, catalogue: Catalogue, score: int | str, slug: int | str) -> Listing:
    number = bisect_right(catalogue.candidates, str(slug), key=lambda candidate: candidate.slug)
    return found.after(int(score), number)


def _cursor(rest: Listing, catalogue: Catalogue, query: ProviderQuery) -> str:
    last = query.limit - 1
    slug = catalogue.candidates[int(rest.numbers[last])].slug
    return cursor.write([int(rest.scores[last]), slug], _asked(query))


def _facets(found: Listing) -> ProviderFacets:
    return ProviderFacets(
        **{
            name: [FacetCount(value=value, count=count) for value, count in counts]
            for name, counts in found.facets.items()
        }
    )


def _summary(candidate: Candidate, state: State) -> ProviderSummary:
    return ProviderSummary(
        id=UUID(candidate.id),
        slug=candidate.slug,
        name=candidate.name,
        native_name=candidate.native_name,
        kind=ProviderKind(candidate.kind),
        ownership=Ownership(candidate.ownership),
        country=candidate.country,
        region=candidate.region,
        city=candidate.city,
        operating=Operating(candidate.operating),
        state=state,
        description=candidate.description,
    )
