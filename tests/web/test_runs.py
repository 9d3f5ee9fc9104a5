"""The pages of runs: shown as they were kept, computed again, compared in sentences."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models.run import Run
from app.web.texts import say
from tests.catalogue import HWASUN, load
from tests.service import Headers, tagged
from tests.web.markup import Page
from tests.web.readers import House, keep, rename, run


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


def _edit_hwasun(browser: TestClient, curator: Headers) -> None:
    path = f"/v1/providers/{HWASUN}"
    version = browser.get(path).json()["version"]
    answer = browser.patch(
        path, json={"description": "mRNA and LNP under GMP"}, headers=tagged(curator, version)
    )
    assert answer.status_code == 200, answer.text


class TestPage:
    def test_shows_the_answer_as_a_live_one_and_what_it_came_from(
        self, house: House, browser: TestClient
    ) -> None:
        kept = keep(house)
        run_id = run(house, kept, include_ineligible=True)
        as_json = browser.get(f"/v1/runs/{run_id}", headers=house.songdo.company).json()
        page = Page(house.company.get(f"/runs/{run_id}").text)
        names = [match["provider"]["name"] for match in as_json["answer"]["matches"]]
        assert [name for name in page.text_of("h3") if name in names] == names
        assert len(page.all("table", **{"class": "ledger"})) == len(names)
        origin = as_json["computed_from"]
        assert page.text_of("dd")[1:] == [
            "1",
            page.text_of("dd")[2],
            *(str(origin[name]) for name in ("catalogue", "vocabulary", "engine")),
            origin["request_digest"],
            origin["answer_digest"],
        ]
        assert page.inline == []

    def test_says_that_the_requirement_was_edited_since(self, house: House) -> None:
        kept = keep(house)
        run_id = run(house, kept)
        own = f"/requirements/{kept['id']}"
        house.company.post(f"{own}/edit", title="Other", text="mRNA", version="1")
        assert say("en", "run.older_text") in house.company.get(f"/runs/{run_id}").text

    def test_stands_without_a_list_that_it_can_t_lay_out(
        self, house: House, engine: Engine
    ) -> None:
        run_id = run(house, keep(house))
        rename(engine, Run, run_id, answer='{"matches": "of another form"}')
        page = Page(house.company.get(f"/runs/{run_id}").text)
        assert page.text_of("p", "notice") == [say("en", "run.unreadable", id=run_id)]


class TestReplay:
    def test_of_an_unchanged_catalogue_is_the_same(self, house: House) -> None:
        run_id = run(house, keep(house))
        page = Page(house.company.post(f"/runs/{run_id}/replay").text)
        assert page.text_of("p", "assured") == [say("en", "run.replayed.same")]
        assert "Shortlist" in page.text_of("h2")

    def test_says_why_it_comes_out_differently(
        self, house: House, browser: TestClient, curator: Headers
    ) -> None:
        kept = keep(house)
        run_id = run(house, kept)
        _edit_hwasun(browser, curator)
        page = Page(house.company.post(f"/runs/{run_id}/replay").text)
        (notice,) = page.text_of("p", "notice")
        assert notice == say("en", "run.replayed.other", causes="the catalogue")
        shown = Page(house.company.get(f"/requirements/{kept['id']}").text)
        assert len(re.findall("/runs/[0-9a-f-]{36}", str(shown.all("a")))) == 1


class TestCompare:
    def test_tells_in_sentences_what_moved(
        self, house: House, browser: TestClient, curator: Headers
    ) -> None:
        kept = keep(house)
        old = run(house, kept)
        _edit_hwasun(browser, curator)
        new = run(house, kept)
        later = Page(house.company.get(f"/runs/{new}").text)
        assert {"href": f"/runs/{old}/diff/{new}"} in later.all("a")
        earlier = Page(house.company.get(f"/runs/{old}").text)
        assert say("en", "run.compare.none") in earlier.text_of("p", "note")
        page = Page(house.company.get(f"/runs/{old}/diff/{new}").text)
        path = f"/v1/runs/{old}/diff/{new}"
        diff = browser.get(path, headers=house.songdo.company).json()
        assert page.text_of("p", "card") == [diff["summary"]]
        assert diff["moves"]
        for move in diff["moves"]:
            assert move["text"] in page.text_of("p")

    def test_names_what_was_asked_differently(self, house: House) -> None:
        kept = keep(house, wishes={"countries": {"preferred": ["KR"]}})
        old = run(house, kept)
        own = f"/requirements/{kept['id']}"
        fields = {"title": "x", "text": "mRNA", "country": "", "needed_from": "2027-Q2"}
        house.company.post(f"{own}/edit", version="1", **fields)
        new = run(house, kept, include_ineligible=True, lang="ko")
        page = Page(house.company.get(f"/runs/{old}/diff/{new}").text)
        assert sorted(page.text_of("tr")[1:]) == [
            "Language of the answer en ko",
            "Needed from nothing Q2 2027",
            "Preferably in South Korea nothing",
            "Those that do not fit, too no yes",
            "What you need GMP mRNA and LNP formulation mRNA",
        ]

    def test_of_two_requirements_is_refused(self, house: House) -> None:
        runs = [run(house, keep(house)) for _ in range(2)]
        answer = house.company.get(f"/runs/{runs[0]}/diff/{runs[1]}")
        assert (answer.status_code, Page(answer.text).text_of("h1")) == (
            422,
            [say("en", "problem.422")],
        )
