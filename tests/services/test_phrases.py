"""Phrases of needs: kept where the sender agreed, and read only when three companies used them."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.db import reading, writing
from app.errors import BadRequestError
from app.matching.catalogue import Catalogue
from app.matching.types import Need, Span, Understanding, Understood
from app.models.company import Company
from app.models.key import Role
from app.models.phrase import PhraseQuery, PhraseSecret, PhraseUse, SharedPhrase, Source
from app.services import cursor, keys, phrases
from app.services.editing import Editor
from app.services.holders import Holder
from app.services.tenancy import SYSTEM, Caller
from tests.matching.builders import vocabulary

SECRET_PHRASE = "zorbium kx-417"


def said(*spans: str, service: str | None = None, concepts: Sequence[str] = ()) -> Understood:
    field = Understanding(service, concepts=tuple(concepts)) if service else None
    return Understood(
        needs=(Need(id="n1", service=field),),
        not_understood=tuple(Span(text, 0, len(text)) for text in spans),
    )


def bearer(engine: Engine, name: str, role: Role = Role.COMPANY) -> str:
    """A key of a company of this name, the same company for the same name."""
    with writing(engine, SYSTEM.claims) as session:
        company = session.exec(select(Company).where(Company.name == name)).one_or_none()
        holder = Holder(company.portal_id, company.id) if company else None
        return keys.create(session, name=name, role=role, editor=Editor(), holder=holder)[1]


def share(engine: Engine, name: str, understood: Understood, role: Role = Role.COMPANY) -> None:
    phrases.Sharing(engine, bearer(engine, name, role)).keep(understood)


def listed(engine: Engine, **query: Any) -> list[dict[str, Any]]:
    catalogue = Catalogue.build([], vocabulary(), 1)
    with reading(engine) as session:
        page = phrases.page(session, catalogue, PhraseQuery(source=Source.NEEDS, **query))
    return [each.model_dump(mode="json") for each in page.items]


def everything(engine: Engine) -> str:
    """All that the database holds, as text."""
    with reading(engine, SYSTEM.claims) as session:
        return "\n".join(
            json.dumps([str(value) for value in row])
            for table in SQLModel.metadata.sorted_tables
            for row in session.execute(table.select())
        )


class TestShare:
    def test_shows_a_phrase_when_three_companies_have_used_it(self, engine: Engine) -> None:
        for company in ("Alpha", "Beta"):
            share(engine, company, said("Zorbium  KX-417"))
            assert listed(engine) == []
            assert "zorbium" not in everything(engine).casefold()
        share(engine, "Gamma", said(service=SECRET_PHRASE))
        shown = {
            "phrase": SECRET_PHRASE,
            "field": "service",
            "count": 3,
            "examples": [],
            "nearest": None,
        }
        assert listed(engine) == [shown]
        share(engine, "Delta", said(SECRET_PHRASE))
        assert listed(engine) == [shown | {"count": 4}]

    def test_counts_a_company_once_however_often_and_with_whatever_key(
        self, engine: Engine
    ) -> None:
        for _ in range(4):
            share(engine, "Alpha", said(SECRET_PHRASE, "other thing"))
        share(engine, "Beta", said(SECRET_PHRASE))
        assert listed(engine) == []

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.CURATOR])
    def test_counts_companies_alone(self, engine: Engine, role: Role) -> None:
        for name in ("Alpha", "Beta", "Gamma"):
            share(engine, name, said(SECRET_PHRASE), role)
            phrases.Sharing(engine, None).keep(said(SECRET_PHRASE))
        with writing(engine) as session:
            phrases.share(session, Caller(), said(SECRET_PHRASE))
        with reading(engine) as session:
            for table in (SharedPhrase, PhraseUse, PhraseSecret):
                assert session.exec(select(table)).all() == []

    def test_keeps_no_trace_that_ties_phrases_or_companies(self, engine: Engine) -> None:
        share(engine, "Alpha", said("zorbium", "wibble"))
        share(engine, "Beta", said("zorbium"))
        with reading(engine) as session:
            uses = session.exec(select(PhraseUse)).all()
        assert len({use.company for use in uses}) == len(uses) == 3
        assert {len(use.company) for use in uses} == {64}

    def test_a_secret_of_the_settings_stays_out_of_the_database(self, engine: Engine) -> None:
        for name in ("Alpha", "Beta", "Gamma"):
            sharing = phrases.Sharing(engine, bearer(engine, name), "a secret from elsewhere")
            sharing.keep(said(SECRET_PHRASE))
        assert [each["phrase"] for each in listed(engine)] == [SECRET_PHRASE]
        assert "elsewhere" not in everything(engine)
        with reading(engine) as session:
            assert session.exec(select(PhraseSecret)).all() == []

    def test_takes_short_phrases_that_no_concept_explains(self, engine: Engine) -> None:
        sentence = " ".join(f"wibble{letter}" for letter in "abcdefghi")
        for name in ("Alpha", "Beta", "Gamma"):
            share(engine, name, said(sentence, "…", service="Filling", concepts=("fill-finish",)))
            share(engine, name, said(*(f"zorbium {a}{b}" for a in "kmrtvz" for b in "bdfghj")))
        assert len(listed(engine, limit=200)) == 30

    def test_of_companies_at_once_none_is_missed(self, engine: Engine) -> None:
        names = [f"Company {number}" for number in range(8)]
        bearers = [bearer(engine, name) for name in names]
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda key: phrases.Sharing(engine, key).keep(said("wibble", "zorbium")),
                    bearers,
                )
            )
        assert [(each["phrase"], each["count"]) for each in listed(engine)] == [
            ("wibble", 8),
            ("zorbium", 8),
        ]

    def test_a_database_that_fails_costs_nobody_a_match(
        self,
        engine: Engine,
        session: Session,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        key = bearer(engine, "Alpha")
        from sqlalchemy.exc import OperationalError

        def fail(*_: object) -> None:
            raise OperationalError("INSERT", {"phrase": SECRET_PHRASE}, Exception(SECRET_PHRASE))

        monkeypatch.setattr(phrases, "share", fail)
        logging.getLogger("cdmo").propagate = True
        phrases.Sharing(engine, key).keep(said(SECRET_PHRASE))
        assert "zorbium" not in caplog.text


class TestForget:
    def test_takes_back_what_one_company_said_and_hides_it_again(self, engine: Engine) -> None:
        for name in ("Alpha", "Beta", "Gamma"):
            share(engine, name, said("zorbium"))
        for name in ("Alpha", "Beta", "Gamma", "Delta"):
            share(engine, name, said("wibble"))
        share(engine, "Alpha", said("frobnic"))
        self.forget(engine, "Alpha")
        assert [(each["phrase"], each["count"]) for each in listed(engine)] == [("wibble", 3)]
        assert "zorbium" not in everything(engine)
        with reading(engine) as session:
            counted = session.exec(select(SharedPhrase.companies)).all()
            assert (sorted(counted), len(session.exec(select(PhraseUse)).all())) == ([2, 3], 5)
        self.forget(engine, "Alpha")
        share(engine, "Delta", said("zorbium"))
        assert [each["phrase"] for each in listed(engine)] == ["wibble", "zorbium"]

    def test_finds_it_under_the_secret_that_it_was_kept_with(self, engine: Engine) -> None:
        phrases.Sharing(engine, bearer(engine, "Alpha"), "one").keep(said("zorbium"))
        for secret, left in (("two", 1), ("one", 0)):
            self.forget(engine, "Alpha", secret)
            with reading(engine) as session:
                assert len(session.exec(select(PhraseUse)).all()) == left

    def test_finds_it_from_before_there_was_a_secret_in_the_settings(self, engine: Engine) -> None:
        for name in ("Alpha", "Beta", "Gamma"):
            share(engine, name, said("wibble", "zorbium"))
        phrases.Sharing(engine, bearer(engine, "Alpha"), "one").keep(said("zorbium", "frobnic"))
        self.forget(engine, "Alpha", "one")
        assert listed(engine) == []
        assert not {"zorbium", "wibble", "frobnic"} & set(everything(engine).split('"'))
        with reading(engine) as session:
            assert sorted(session.exec(select(SharedPhrase.companies)).all()) == [2, 2]
            assert len(session.exec(select(PhraseUse)).all()) == 4

    def forget(self, engine: Engine, name: str, secret: str = "") -> None:
        with writing(engine, SYSTEM.claims) as session:
            company = session.exec(select(Company).where(Company.name == name)).one()
            phrases.forget(session, company.id, secret)


class TestPage:
    def test_goes_on_where_the_page_before_ended(self, engine: Engine) -> None:
        for name in ("Alpha", "Beta", "Gamma", "Delta"):
            share(engine, name, said("wibble", "zorbium", "frobnic"))
        share(engine, "Epsilon", said("zorbium"))
        catalogue = Catalogue.build([], vocabulary(), 1)
        seen, after = [], None
        for _ in range(3):
            query = PhraseQuery(source=Source.NEEDS, limit=1, after=after)
            with reading(engine) as session:
                page = phrases.page(session, catalogue, query)
            seen += [(each.phrase, each.count) for each in page.items]
            after = page.next
        assert (seen, after) == ([("zorbium", 5), ("frobnic", 4), ("wibble", 4)], None)

    def test_refuses_a_cursor_of_the_other_list(self, engine: Engine) -> None:
        catalogue = Catalogue.build([], vocabulary(), 1)
        after = cursor.write([3, "a", "text"], '{"source":"catalogue"}')
        with reading(engine) as session, pytest.raises(BadRequestError):
            phrases.page(session, catalogue, PhraseQuery(source=Source.NEEDS, after=after))
