"""Several editors at once: no acknowledged change is lost, whichever engine keeps it."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from tests.service import Create, Headers, tagged

EDITORS, EDITS = 8, 4


class TestEditors:
    def test_eight_lose_no_change(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create(memberships=[])
        address = "/v1/providers/hanbit-bio"

        def append(editor: int) -> None:
            for number in range(EDITS):
                while True:
                    read = client.get(address)
                    sent = curator | {"If-Match": read.headers["etag"]}
                    lines = [*read.json()["memberships"], f"{editor}-{number}"]
                    answer = client.patch(address, json={"memberships": lines}, headers=sent)
                    assert answer.status_code in (200, 412), answer.text
                    if answer.status_code == 200:
                        break

        with ThreadPoolExecutor(EDITORS) as pool:
            list(pool.map(append, range(EDITORS)))
        kept = client.get(address).json()
        written = sorted(f"{e}-{n}" for e in range(EDITORS) for n in range(EDITS))
        assert sorted(kept["memberships"]) == written
        assert kept["version"] == 1 + len(written)
        # The journal tells each of them once, in the order in which they count.
        page = client.get(f"{address}/history", params={"limit": 200}, headers=curator).json()
        revisions = [event["revision"] for event in page["items"]]
        assert len(revisions) == 1 + len(written)
        assert revisions == sorted(set(revisions), reverse=True)

    def test_one_of_eight_wins_a_version(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        (facility,) = create(facilities=[{"name": "A"}])["facilities"]
        address = f"/v1/providers/hanbit-bio/facilities/{facility['id']}"

        def edit(number: int) -> int:
            body = {"city": f"City {number}"}
            return client.patch(address, json=body, headers=tagged(curator, 1)).status_code

        with ThreadPoolExecutor(EDITORS) as pool:
            statuses = sorted(pool.map(edit, range(EDITORS)))
        assert statuses == [200] + [412] * (EDITORS - 1)

    def test_parts_created_at_once_are_all_kept(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        address = "/v1/providers/hanbit-bio/capabilities"

        def add(number: int) -> int:
            body = {"service": f"service {number}"}
            return client.post(address, json=body, headers=curator).status_code

        with ThreadPoolExecutor(EDITORS) as pool:
            assert list(pool.map(add, range(EDITORS))) == [201] * EDITORS
        kept = client.get(address).json()["items"]
        assert sorted(item["service"] for item in kept) == [f"service {n}" for n in range(8)]
        assert {item["version"] for item in kept} == {1 + EDITORS}

    def test_one_of_eight_gets_a_name(self, client: TestClient, curator: Headers) -> None:
        def create(_: int) -> int:
            body = {"name": "Hanbit Bio", "kind": "cdmo"}
            return client.post("/v1/providers", json=body, headers=curator).status_code

        with ThreadPoolExecutor(EDITORS) as pool:
            statuses = sorted(pool.map(create, range(EDITORS)))
        assert statuses == [201] + [409] * (EDITORS - 1)


class TestReaders:
    def test_wait_for_a_connection_rather_than_fail(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()

        def read(_: int) -> int:
            return client.get("/v1/providers/hanbit-bio", headers=curator).status_code

        with ThreadPoolExecutor(40) as pool:
            assert list(pool.map(read, range(120))) == [200] * 120
