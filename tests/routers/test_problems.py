"""The addresses that problems name say what they mean."""

from fastapi.testclient import TestClient


class TestProblemTypes:
    def test_say_what_they_mean(self, client: TestClient) -> None:
        refusal = client.get("/v1/none").json()
        answer = client.get(refusal["type"])
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "type": "/problems/not-found",
                "title": "Nothing was found here",
                "status": 404,
                "text": "Nothing here, or nothing that the caller may see.",
            },
        )

    def test_are_listed(self, client: TestClient) -> None:
        items = client.get("/problems").json()["items"]
        statuses = [item["status"] for item in items]
        assert statuses == sorted(statuses)
        assert len({item["type"] for item in items}) == len(items)
        known = {400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 415, 422, 428, 429, 431}
        assert known | {500, 503} == set(statuses)

    def test_are_not_found_where_there_is_none(self, client: TestClient) -> None:
        assert client.get("/problems/none").status_code == 404
