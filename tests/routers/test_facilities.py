"""Facilities over HTTP: parts of a record that has one version."""

from fastapi.testclient import TestClient

from tests.service import Create, Headers, tagged

PLACE = "/v1/providers/hanbit-bio/facilities"


class TestFacilities:
    def test_is_created_with_its_certificates(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        answer = client.post(
            PLACE,
            json={"name": "Plant 1", "country": "KR", "certificates": [{"standard": "GMP"}]},
            headers=curator,
        )
        made = answer.json()
        assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')
        assert answer.headers["location"] == f"{PLACE}/{made['id']}"
        (gmp,) = made["certificates"]
        assert made == {
            "id": made["id"],
            "version": 2,
            "name": "Plant 1",
            "city": None,
            "country": "KR",
            "lifecycle": "unknown",
            "operational_from": None,
            "notes": None,
            "certificates": [
                {
                    "id": gmp["id"],
                    "facility_id": made["id"],
                    "site": "Plant 1",
                    "standard": "GMP",
                    "authority": None,
                    "scope": None,
                    "issued_on": None,
                    "expires_on": None,
                    "source": None,
                }
            ],
        }
        assert client.get(f"{PLACE}/{made['id']}").json() == made
        assert client.get(PLACE).json() == {"items": [made], "next": None}
        whole = client.get("/v1/providers/hanbit-bio")
        assert whole.headers["etag"] == '"2"'
        assert whole.json()["facilities"] == [
            {name: value for name, value in made.items() if name != "version"}
        ]

    def test_honours_if_match_when_created(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        answer = client.post(PLACE, json={"name": "A"}, headers=tagged(curator, 9))
        assert answer.status_code == 412
        assert client.get(PLACE).json() == {"items": [], "next": None}

    def test_is_changed_under_the_version_of_the_record(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        made = create(facilities=[{"name": "A", "certificates": [{"standard": "GMP"}]}])
        (facility,) = made["facilities"]
        address = f"{PLACE}/{facility['id']}"
        body = {"lifecycle": "licensed", "operational_from": "2027-04"}
        answer = client.patch(address, json=body, headers=tagged(curator, 1))
        assert answer.json() == facility | body | {"version": 2}
        assert client.patch(address, json=body, headers=tagged(curator, 1)).status_code == 412
        assert client.patch(address, json=body, headers=curator).status_code == 428
        answer = client.patch(address, json={"certificates": []}, headers=tagged(curator, 2))
        assert answer.json() == facility | body | {"version": 3, "certificates": []}

    def test_leaves_its_capabilities_without_a_site_when_deleted(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        made = create(
            facilities=[{"name": "A", "certificates": [{"standard": "GMP"}]}, {"name": "B"}],
            capabilities=[{"service": "x", "facility": "A"}],
        )
        first, second = made["facilities"]
        answer = client.delete(f"{PLACE}/{first['id']}", headers=tagged(curator, 1))
        assert (answer.status_code, answer.headers["etag"]) == (204, '"2"')
        left = client.get("/v1/providers/hanbit-bio").json()
        (capability,) = made["capabilities"]
        assert left == made | {
            "version": 2,
            "updated_at": left["updated_at"],
            "facilities": [second],
            "capabilities": [capability | {"facility_id": None}],
        }
        assert client.get(f"{PLACE}/{first['id']}").status_code == 404
        gone = client.delete(f"{PLACE}/{first['id']}", headers=tagged(curator, 2))
        assert gone.status_code == 404
        (event, _) = client.get("/v1/providers/hanbit-bio/history", headers=curator).json()["items"]
        assert event["before"] == first | {"capabilities": [capability["id"]]}

    def test_is_not_found_under_another_provider(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        (facility,) = create(facilities=[{"name": "A"}])["facilities"]
        create("Other")
        address = f"/v1/providers/other/facilities/{facility['id']}"
        assert client.get(address).status_code == 404
        changed = client.patch(address, json={"city": "Paris"}, headers=tagged(curator, 1))
        assert changed.status_code == 404

    def test_tells_each_edit_in_the_history_of_the_provider(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        made = client.post(PLACE, json={"name": "A"}, headers=curator).json()
        address = f"{PLACE}/{made['id']}"
        client.patch(address, json={"city": "Songdo"}, headers=tagged(curator, 2))
        client.delete(address, headers=tagged(curator, 3))
        events = client.get("/v1/providers/hanbit-bio/history", headers=curator).json()["items"]
        told = [(event["action"], event["before"], event["after"]) for event in events[:3]]
        bare = {name: value for name, value in made.items() if name != "version"}
        about = {"id": made["id"]}
        assert told == [
            ("facility-deleted", bare | {"city": "Songdo", "capabilities": []}, None),
            ("facility-updated", about | {"city": None}, about | {"city": "Songdo"}),
            ("facility-created", None, bare),
        ]
