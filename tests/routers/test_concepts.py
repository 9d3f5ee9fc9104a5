import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.matching.knowledge import table
from app.services import vocabulary_files

CONCEPTS = (
    '{"id": "fill-finish", "facet": "service", "label_en": "Fill-finish",'
    ' "synonyms": ["aseptic filling"], "sources": ["https://example.org"]}\n'
    '{"id": "pfs-filling", "facet": "service", "label_en": "Syringe filling",'
    ' "label_ko": "주사기 충전", "broader": "fill-finish"}\n'
    '{"id": "cgmp", "facet": "quality", "label_en": "GMP"}\n'
    '{"id": "glp-1", "facet": "modality", "label_en": "GLP-1", "broader": "fill-finish",'
    ' "is_decoy": true}\n'
    '{"id": "dog-studies", "facet": "service", "label_en": "Dog studies",'
    ' "synonyms": ["puppies"]}\n'
)
FILL_FINISH = {
    "id": "fill-finish",
    "facet": "service",
    "labels": {"en": "Fill-finish"},
    "synonyms": ["aseptic filling"],
    "broader": None,
    "related": [],
    "not_same_as": [],
    "codes": {},
    "is_decoy": False,
    "narrower": ["pfs-filling"],
    "sources": ["https://example.org"],
}


@pytest.fixture(autouse=True)
def _vocabulary(engine: Engine, client: TestClient) -> None:
    with writing(engine) as session:
        vocabulary_files.load(session, CONCEPTS)


def ids(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"/v1/concepts{query}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


class TestList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["cgmp", "dog-studies", "fill-finish", "pfs-filling"]),
            ("?facet=service", ["dog-studies", "fill-finish", "pfs-filling"]),
            ("?decoys=true", ["cgmp", "dog-studies", "fill-finish", "glp-1", "pfs-filling"]),
            ("?q=syrnge%20filling", ["pfs-filling"]),
            ("?q=zzzzzz", []),
            ("?q=fill&facet=quality", []),
        ],
    )
    def test_it_holds_what_is_asked_for(
        self, client: TestClient, query: str, expected: list[str]
    ) -> None:
        assert ids(client, query) == expected

    @pytest.mark.parametrize("q", ["", "&q=filling"])
    def test_pages_hold_every_concept_once(self, client: TestClient, q: str) -> None:
        whole = ids(client, f"?limit=200{q}")
        found, after = [], ""
        for _ in whole:
            page = client.get(f"/v1/concepts?limit=1{q}{after}").json()
            found += [item["id"] for item in page["items"]]
            after = f"&after={page['next']}"
        assert len(whole) >= 2
        assert (found, page["next"]) == (whole, None)

    def test_a_foreign_cursor_is_a_bad_request(self, client: TestClient) -> None:
        cursor = client.get("/v1/concepts?limit=1").json()["next"]
        assert client.get(f"/v1/concepts?limit=2&after={cursor}").status_code == 200
        assert client.get(f"/v1/concepts?facet=service&after={cursor}").status_code == 400
        assert client.get(f"/v1/providers?after={cursor}").status_code == 400

    @pytest.mark.parametrize("query", ["?colour=red", "?facet=taste", "?limit=201", "?q=%00"])
    def test_what_cannot_be_used_is_refused(self, client: TestClient, query: str) -> None:
        assert client.get(f"/v1/concepts{query}").status_code == 422


class TestOne:
    def test_a_concept_comes_with_those_right_below_it(self, client: TestClient) -> None:
        assert client.get("/v1/concepts/fill-finish").json() == FILL_FINISH

    def test_it_is_told_with_the_names_of_the_shipped_tables(self, client: TestClient) -> None:
        synonyms = client.get("/v1/concepts/dog-studies").json()["synonyms"]
        assert synonyms == ["puppies", *table("species")["names"]["dog-studies"]]

    @pytest.mark.parametrize("concept", ["no-such", "%00", "a%2Fb", "%F0%9F%98%80"])
    def test_an_unknown_one_is_not_found(self, client: TestClient, concept: str) -> None:
        assert client.get(f"/v1/concepts/{concept}").status_code == 404


class TestSuggest:
    @pytest.mark.parametrize("q", ["syr", "주사기", "Syringe%20filing"])
    def test_what_is_typed_suggests_concepts(self, client: TestClient, q: str) -> None:
        found = client.get(f"/v1/concepts/suggest?q={q}&limit=1").json()
        assert found == {
            "items": [
                {
                    "id": "pfs-filling",
                    "facet": "service",
                    "labels": {"en": "Syringe filling", "ko": "주사기 충전"},
                    "matched": "주사기 충전" if q == "주사기" else "Syringe filling",
                }
            ]
        }

    def test_a_facet_leaves_the_others_out(self, client: TestClient) -> None:
        assert client.get("/v1/concepts/suggest?q=fill&facet=quality").json() == {"items": []}

    @pytest.mark.parametrize("query", ["", "?q=", "?q=a&limit=51", "?q=a&x=1", "?q=" + "a" * 161])
    def test_what_cannot_be_used_is_refused(self, client: TestClient, query: str) -> None:
        assert client.get(f"/v1/concepts/suggest{query}").status_code == 422


@pytest.mark.parametrize("path", ["", "/suggest?q=fill", "/fill-finish"])
def test_what_is_known_is_not_sent_again_until_the_vocabulary_changes(
    client: TestClient, engine: Engine, path: str
) -> None:
    first = client.get(f"/v1/concepts{path}")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"/v1/concepts{path}", headers=known).status_code == 304
    with writing(engine) as session:
        vocabulary_files.load(session, CONCEPTS.replace("Fill-finish", "Fill and finish"))
    client.get("/v1/concepts")  # finds the new one, which is built aside
    client.app.state.catalogue.settle()  # type: ignore[attr-defined] # any ASGI app to it
    assert client.get(f"/v1/concepts{path}", headers=known).status_code == 200
