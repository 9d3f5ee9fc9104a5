"""Log lines: JSON, one a request, without what a caller wrote."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from app import logs
from app.settings import LogLevel
from tests.service import Create, Headers

CANARY = "canary-a1b2"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


class TestAccess:
    def test_tells_each_request_by_its_route(
        self,
        client: TestClient,
        create: Create,
        curator: Headers,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        create(CANARY, slug="a")
        capsys.readouterr()
        client.get(
            f"/v1/providers/a/history?after={CANARY}&q={CANARY}",
            headers=curator | {"X-Request-Id": "desk-1"},
        )
        client.post(f"/v1/providers?{CANARY}", json={CANARY: CANARY}, headers=curator)
        client.get(f"/v1/{CANARY}")
        told = lines(capsys)
        first, second, third = told
        assert first == {
            "at": first["at"],
            "level": "info",
            "logger": "cdmo",
            "message": "request",
            "request_id": "desk-1",
            "method": "GET",
            "route": "/v1/providers/{reference}/history",
            "status": 400,
            "ms": first["ms"],
            "caller": first["caller"],
        }
        assert str(first["caller"]).startswith("key:")
        assert (second["route"], second["status"]) == ("/v1/providers", 422)
        assert (third["route"], third["status"], third["caller"]) == (None, 404, "anonymous")
        assert CANARY not in json.dumps(told)

    def test_tells_nothing_of_a_form_that_cant_be_read(
        self, client: TestClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        client.post("/", content=CANARY, headers=kind)
        assert [each for each in caplog.records if each.name.startswith("python_multipart")] == []


class TestConfigure:
    def test_tells_of_an_exception_without_its_message(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        logs.configure(LogLevel.INFO)
        try:
            raise ValueError(CANARY)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("it failed")
        (line,) = lines(capsys)
        assert (line["message"], line["error"], line["level"]) == (
            "it failed",
            "builtins.ValueError",
            "error",
        )
        assert CANARY not in json.dumps(line)

    @pytest.mark.parametrize(("level", "told"), [(LogLevel.INFO, 1), (LogLevel.WARNING, 0)])
    def test_leaves_out_what_is_below_the_level(
        self, capsys: pytest.CaptureFixture[str], level: LogLevel, told: int
    ) -> None:
        logs.configure(level)
        logging.getLogger("uvicorn.error").info("started")
        logging.getLogger("uvicorn.access").info("GET /")
        assert len(lines(capsys)) == told
