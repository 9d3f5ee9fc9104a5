"""Metrics and traces, when the settings ask for them.

Metrics are counted per process: with several workers, `/metrics` tells those of the worker that
happens to answer, so scrape each worker's own port or send metrics by OTLP. Traces and metrics go
to a collector where the usual OTEL_EXPORTER_OTLP_* variables name one. Neither holds what a caller
wrote: query strings are struck out of spans, and FastAPI's own log records stay off, for they carry
the input that failed validation.
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi.telemetry import TelemetryConfig

from app.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_OFF = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What FastAPI is told, and where its metrics can be read (None: they are off)."""

    config: TelemetryConfig
    registry: "CollectorRegistry | None" = None

    def exposition(self) -> tuple[bytes, str] | None:
        """The metrics in Prometheus' text form with its media type, or None if they are off."""
        if self.registry is None:
            return None
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def build(settings: Settings) -> Telemetry:
    """Set telemetry up as the settings say; RuntimeError if its packages are missing."""
    if not settings.telemetry:
        return Telemetry(_OFF)
    try:
        from opentelemetry.exporter.prometheus import PrometheusMetricReader
        from opentelemetry.sdk.metrics import MeterProvider
        from prometheus_client import CollectorRegistry
    except ImportError:
        raise RuntimeError(
            "CDMO_TELEMETRY is on and its packages are missing: install cdmo-match[otel]"
        ) from None
    registry = CollectorRegistry()
    meters = MeterProvider(metric_readers=[PrometheusMetricReader(registry=registry)])
    config = TelemetryConfig(
        meter_provider=meters,
        metrics=True,
        logs=False,
        tracing=False,
        operation_spans=False,
        auto_configure=True,
    )
    if any(os.environ.get(name) for name in _ENDPOINTS):
        config |= TelemetryConfig(tracing=True, tracer_provider=tracer_provider())
    return Telemetry(config, registry)


def tracer_provider() -> Any:
    """A provider of spans that hold no query string."""
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider

    class StrikeOut(SpanProcessor):
        """Removes what a caller wrote before anything can export it."""

        def on_start(self, span: Span, parent_context: Context | None = None) -> None:
            if span.attributes and "url.query" in span.attributes:
                span.set_attribute("url.query", "REDACTED")

    provider = TracerProvider()
    provider.add_span_processor(StrikeOut())
    return provider
