"""The pages of companies: added, handed out, and deleted by who types the name."""

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.web.texts import say
from tests.catalogue import load
from tests.web.markup import Page
from tests.web.readers import House, keep


def _listed(house: House) -> list[str]:
    return Page(house.partner.get("/companies").text).text_of("th")[3:]


def test_lists_and_adds(house: House) -> None:
    assert _listed(house) == ["songdo start-up", "Next door"]
    answer = house.partner.post("/companies", name=" Third & Sons ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/companies?done=added")
    assert _listed(house) == ["songdo start-up", "Next door", "Third & Sons"]
    for name in ("", "x" * 161, "a\x00"):
        answer = house.partner.post("/companies", name=name)
        faults = Page(answer.text).text_of("span", "fault")
        assert (answer.status_code, faults) == (422, [say("en", "fault.name")])


def test_an_admin_is_offered_no_export(house: House, browser: TestClient) -> None:
    house.admin.post("/companies", name="Of the centre")
    page = Page(house.admin.get("/companies").text)
    links = [str(a["href"]) for a in page.all("a") if "/companies/" in str(a["href"])]
    assert [link.rpartition("/")[2] for link in links] == ["delete"]


def test_another_name_deletes_nothing(house: House) -> None:
    for name in ("", "Songdo start-up", "songdo start-up!", "Next door"):
        answer = house.partner.post(f"/companies/{house.songdo.company_id}/delete", name=name)
        assert (answer.status_code, Page(answer.text).text_of("span", "fault")) == (
            422,
            [say("en", "fault.company_name")],
        )
        assert _listed(house) == ["songdo start-up", "Next door"]


def test_the_name_deletes_it_with_all_it_kept(house: House, engine: Engine) -> None:
    load(engine)
    kept = keep(house)
    path = f"/companies/{house.songdo.company_id}/delete"
    label = say("en", "companies.delete.type", name="songdo start-up")
    assert label in Page(house.partner.get(path).text).text_of("label")
    answer = house.partner.post(path, name=" songdo start-up ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/companies?done=deleted")
    assert _listed(house) == ["Next door"]
    assert house.partner.get(f"/requirements/{kept['id']}").status_code == 404
    assert house.company.get("/requirements").headers["location"].startswith("/sign-in")
