"""Spans tell of routes and times, never of what a caller wrote."""

import json
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.telemetry import TelemetryConfig
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.main import create_app
from app.settings import Settings
from app.telemetry import build, tracer_provider

CANARY = "canary-77aa"


@pytest.fixture
def settings() -> Settings:
    return Settings(telemetry=True)


class TestBuild:
    def test_is_off_by_default(self) -> None:
        off = build(Settings())
        assert off.exposition() is None
        assert set(off.config.values()) == {False}

    def test_keeps_the_input_of_failed_validations_out(self, settings: Settings) -> None:
        assert build(settings).config["logs"] is False

    @pytest.mark.parametrize("name", ["OTLP_ENDPOINT", "OTLP_TRACES_ENDPOINT"])
    def test_traces_where_a_collector_is_named(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings, name: str
    ) -> None:
        assert build(settings).config["tracing"] is False
        monkeypatch.setenv(f"OTEL_EXPORTER_{name}", "http://127.0.0.1:1")
        assert build(settings).config["tracing"] is True


class TestSpans:
    def test_hold_no_query(self) -> None:
        provider, exporter = tracer_provider(), InMemorySpanExporter()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        app = FastAPI(telemetry=TelemetryConfig(tracer_provider=provider, tracing=True, logs=False))

        @app.post("/v1/match")
        async def match(request: Request, q: str) -> dict[str, Any]:
            """Takes what must not be told."""
            await request.body()
            return {"q": q}

        with TestClient(app) as client:
            client.post(f"/v1/match?q={CANARY}", json={"text": CANARY})
            client.post(f"/v1/match?z={CANARY}", json={"text": CANARY})
        told = [dict(span.attributes or {}) for span in exporter.get_finished_spans()]
        requests = [attributes for attributes in told if "http.route" in attributes]
        assert [attributes["url.query"] for attributes in requests] == ["REDACTED", "REDACTED"]
        assert CANARY not in json.dumps(told)


class TestApp:
    def test_needs_its_packages(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        monkeypatch.setitem(__import__("sys").modules, "opentelemetry.exporter.prometheus", None)
        with pytest.raises(RuntimeError, match=r"install cdmo-match\[otel\]"):
            create_app(settings)
