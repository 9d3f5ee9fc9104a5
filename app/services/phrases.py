"""Phrases that the vocabulary doesn't understand: of records, and of needs that may be shared.

A phrase of a need is a trade secret. It is kept only where the sender opted in and is told apart
by a company's key, and until THRESHOLD companies have used it only as a digest under a secret:
the words themselves come with the request that reaches the threshold.
"""

import hashlib
import hmac
import logging
import secrets
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, and_, delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, col, select, update

from app.db import reading, writing
from app.matching import unmatched
from app.matching.catalogue import Catalogue
from app.matching.terms import normalise, words
from app.matching.types import Understood
from app.matching.vocabulary import Vocabulary
from app.models.concept import Facet
from app.models.key import Role
from app.models.phrase import (
    Nearest,
    PhraseField,
    PhrasePage,
    PhrasePublic,
    PhraseQuery,
    PhraseSecret,
    PhraseUse,
    SharedPhrase,
    Source,
)
from app.services import afterwards, batches, cursor, keys
from app.services.tenancy import IDENTIFY, Caller

THRESHOLD = 3  # companies that have used a phrase before anybody may read it
_MOST = 30  # phrases of one request that count
# Longer stretches are sentences: no second company writes the same.
_LONGEST, _MOST_WORDS = 80, 8
_EXAMPLES = 5
_PATIENCE_S = 1.0  # how long a match waits for its turn to share; its answer matters more

_log = logging.getLogger("cdmo.phrases")


@dataclass(frozen=True, slots=True)
class Sharing:
    """How one request shares its wording: by its key, should it have one."""

    engine: Engine
    bearer: str | None
    secret: str = ""
    origin: str | None = None

    def check(self) -> None:
        """UnauthorizedError for a key that isn't valid."""
        if self.bearer is None:
            return
        with afterwards.turn(_PATIENCE_S) as is_ours:
            if not is_ours:
                return
            try:
                with reading(self.engine, IDENTIFY) as session:
                    keys.identify(session, self.bearer, self.origin)
            except SQLAlchemyError:
                _log.warning("a key was not checked")

    def keep(self, understood: Understood) -> None:
        """Count the phrases that no concept explains, which may wait for another writer: after the
        answer. UnauthorizedError for a key that isn't valid (any more). Where the database is too
        busy they aren't counted."""
        if self.bearer is None:
            return
        with afterwards.turn(_PATIENCE_S) as is_ours:
            if not is_ours:
                return
            try:
                with writing(self.engine, IDENTIFY) as session:
                    caller = keys.identify(session, self.bearer, self.origin)
                    share(session, caller, understood, self.secret)
            except SQLAlchemyError:
                _log.warning("phrases were not counted")


def page(session: Session, catalogue: Catalogue, query: PhraseQuery) -> PhrasePage:
    """A page of phrases, the most used first; BadRequestError for a cursor of another list."""
    asked = query.model_dump_json(exclude={"limit", "after"})
    place = cursor.read(query.after, asked, int, str, str) if query.after else None
    if query.source is Source.CATALOGUE:
        found = _of_catalogue(catalogue, place, query.limit + 1)
    else:
        found = _of_needs(session, place, query.limit + 1)
    kept = found[: query.limit]
    last = kept[-1] if len(found) > query.limit else None
    return PhrasePage(
        items=[_with_nearest(each, catalogue.vocabulary) for each in kept],
        next=cursor.write([last.count, last.phrase, last.field.value], asked) if last else None,
    )


def share(session: Session, caller: Caller, understood: Understood, secret: str = "") -> None:
    """Count what a company's need said that no concept explains. Who isn't known by a company's
    key isn't counted, and nothing is kept: one sender could pass for three.

    `secret` is the settings' key of the digests; the database keeps one where it is empty.
    """
    told = _said(understood)
    if caller.role is not Role.COMPANY or not told:
        return
    mark = secret or own_secret(session)
    company = str(caller.company_id)
    digests = {_digest(mark, "phrase", phrase): (phrase, told[phrase]) for phrase in told}
    for digest in sorted(digests):  # in one order, so that two writers never wait in a circle
        if _is_new(session, digest, _digest(mark, "company", digest, company)):
            _count(session, digest, *digests[digest])


def forget(session: Session, company_id: UUID, secret: str = "") -> None:
    """Take back what a company shared. A phrase that fewer than THRESHOLD companies have used then
    is written down no longer. `secret` as in `share`; what was counted under the database's own,
    before there was one in the settings, is taken back as well."""
    marks = _marks(session, secret)
    company = str(company_id)
    known = session.exec(select(SharedPhrase.digest).order_by(SharedPhrase.digest)).all()
    for phrases in batches.of(known):
        by_it = [_digest(mark, "company", phrase, company) for mark in marks for phrase in phrases]
        uses = delete(PhraseUse).where(
            col(PhraseUse.phrase).in_(phrases), col(PhraseUse.company).in_(by_it)
        )
        taken = session.execute(uses.returning(col(PhraseUse.phrase))).scalars().all()
        for phrase in sorted(taken):
            _discount(session, phrase)


def _marks(session: Session, secret: str) -> list[str]:
    kept = session.exec(select(PhraseSecret.secret)).all()
    return [*{secret, *kept} - {""}]


def _discount(session: Session, digest: str) -> None:
    this = col(SharedPhrase.digest) == digest
    left = session.execute(
        update(SharedPhrase)
        .where(this)
        .values(companies=col(SharedPhrase.companies) - 1)
        .returning(col(SharedPhrase.companies))
        .execution_options(synchronize_session=False)
    ).scalar_one()
    if left == 0:
        session.execute(delete(SharedPhrase).where(this))
    elif left < THRESHOLD:
        session.execute(update(SharedPhrase).where(this).values(phrase=None, field=None))


def _said(understood: Understood) -> dict[str, str]:
    """The short phrases of a request that no concept explains, each with where it stood."""
    told = [
        (field, wording.text)
        for need in understood.needs
        for field, wording in (
            ("service", need.service),
            ("modality", need.modality),
            ("platform", need.platform),
            ("therapeutic_area", need.therapeutic_area),
            *(("quality", quality) for quality in need.quality),
        )
        if wording and not wording.concepts and not wording.readings
    ]
    told += [("text", span.text) for span in understood.not_understood]
    kept: dict[str, str] = {}
    for field, text in told:
        phrase = normalise(text)
        if len(phrase) <= _LONGEST and 0 < len(words(phrase)) <= _MOST_WORDS:
            kept.setdefault(phrase, field)
    return dict(list(kept.items())[:_MOST])


def _of_catalogue(
    catalogue: Catalogue, place: cursor.Place | None, limit: int
) -> list[PhrasePublic]:
    found, first = catalogue.unmatched, 0
    if place:
        count, phrase, field = place
        after = (-int(count), str(phrase), str(field))
        first = bisect_right(found, after, key=lambda e: (-len(e.slugs), e.phrase, e.field))
    return [
        PhrasePublic(
            phrase=each.phrase,
            field=PhraseField(each.field),
            count=len(each.slugs),
            examples=list(each.slugs[:_EXAMPLES]),
            nearest=None,
        )
        for each in found[first : first + limit]
    ]


def _of_needs(session: Session, place: cursor.Place | None, limit: int) -> list[PhrasePublic]:
    count, phrase = col(SharedPhrase.companies), col(SharedPhrase.phrase)
    statement = select(SharedPhrase).where(phrase.is_not(None), count >= THRESHOLD)
    if place:
        statement = statement.where(
            or_(count < place[0], and_(count == place[0], phrase > place[1]))
        )
    rows = session.exec(statement.order_by(count.desc(), phrase).limit(limit)).all()
    return _shown(rows)


def _shown(rows: Sequence[SharedPhrase]) -> list[PhrasePublic]:
    return [
        PhrasePublic(
            phrase=row.phrase or "",
            field=PhraseField(row.field or PhraseField.TEXT),
            count=row.companies,
            examples=[],
            nearest=None,
        )
        for row in rows
    ]


def _with_nearest(found: PhrasePublic, vocabulary: Vocabulary) -> PhrasePublic:
    near = unmatched.closest(found.phrase, found.field.value, vocabulary)
    if near is None:
        return found
    concept = vocabulary.concepts[near[0]]
    nearest = Nearest(
        id=concept.id, facet=Facet(concept.facet), labels=dict(concept.labels), matched=near[1]
    )
    return found.model_copy(update={"nearest": nearest})


def _digest(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def own_secret(session: Session) -> str:
    """The secret that the database keeps, made when it is first needed."""
    _insert(session, PhraseSecret, id=1, secret=secrets.token_hex(32))
    return session.exec(select(PhraseSecret.secret).where(PhraseSecret.id == 1)).one()


def _is_new(session: Session, phrase: str, company: str) -> bool:
    return _insert(session, PhraseUse, phrase=phrase, company=company)


def _count(session: Session, digest: str, phrase: str, field: str) -> None:
    _insert(session, SharedPhrase, digest=digest, companies=0)
    this = col(SharedPhrase.digest) == digest
    # The row stays locked until this transaction ends, so of two writers one sees the other.
    companies = session.execute(
        update(SharedPhrase)
        .where(this)
        .values(companies=col(SharedPhrase.companies) + 1)
        .returning(col(SharedPhrase.companies))
        .execution_options(synchronize_session=False)
    ).scalar_one()
    if companies == THRESHOLD:
        session.execute(
            update(SharedPhrase)
            .where(this)
            .values(phrase=phrase, field=field)
            .execution_options(synchronize_session=False)
        )


def _insert(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """Make a row unless it is there; whether it was made."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first_of_key = next(iter(values))
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    made = session.execute(statement.returning(getattr(table, first_of_key)))
    return made.one_or_none() is not None
