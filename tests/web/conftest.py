"""A service with a small catalogue whose wording is hostile where pages could be careless."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.db import create_engine, writing
from app.main import create_app
from app.services import catalogue_files, migrations, vocabulary_files
from app.settings import Seed, Settings

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & Söhne"

NEED = "GMP LNP formulation of mRNA for a phase 1 vaccine"


def ask(browse: TestClient, query: str = "", **fields: str) -> Any:
    """The answer to the form, sent as a browser without JavaScript sends it."""
    return browse.post(f"/{query}", data=fields)


def record(slug: str, name: str, **known: Any) -> dict[str, Any]:
    """A provider's record as the catalogue's file holds it; what isn't given is unknown."""
    unknown = dict.fromkeys(
        ("native_name", "successor", "region", "city", "website", "founded", "description")
    )
    lists: dict[str, Any] = {
        part: []
        for part in (
            "aliases",
            "facilities",
            "capabilities",
            "certifications",
            "languages",
            "memberships",
            "therapeutic_areas",
            "track_record",
            "sources",
        )
    }
    plain = {
        "kind": "cdmo",
        "ownership": "unknown",
        "operating": "unknown",
        "country": "KR",
        "confidence": None,
    }
    return {"slug": slug, "name": name, **unknown, **lists, **plain, **known}


def capability(service: str, **known: Any) -> dict[str, Any]:
    """A capability of such a record."""
    unknown = dict.fromkeys(("modality", "platform", "scale", "quality", "note", "flag"))
    return {"service": service, **unknown, "facility": None, "stages": [], **known}


def facility(name: str, since: str | None, notes: str | None = None) -> dict[str, Any]:
    """A facility of such a record, in Hwasun."""
    return {
        "name": name,
        "city": "Hwasun",
        "country": "KR",
        "operational_from": since,
        "notes": notes,
    }


RECORDS = (
    record(
        "hwasun-centre",
        "Hwasun Centre",
        native_name="화순센터",
        kind="public_cdmo",
        ownership="public",
        operating="active",
        city="Hwasun",
        website="https://centre.example/",
        languages=["ko", "en"],
        therapeutic_areas=["vaccines"],
        track_record=["12 batches by 2025"],
        facilities=[
            facility("Main plant", "2019"),
            facility("mRNA building", "2025-Q3", "PLANNED date."),
            facility("Filling hall", "2031-Q2", "PLANNED date."),
        ],
        certifications=[{"authority": "MFDS", "standard": "GMP", "year": "2020"}],
        capabilities=[
            capability(
                "LNP formulation",
                modality="mRNA",
                stages=["phase1"],
                scale="5 L",
                quality="GMP",
                facility="Main plant",
            ),
            capability("Fill-finish of vials", note="Bought in", flag="other_entity"),
            capability("Plasmid DNA", flag="planned", facility="mRNA building"),
            capability("Training", flag="general_knowledge"),
        ],
        sources=["https://centre.example/news?a=1&b=2", "A leaflet (2024)"],
    ),
    record(
        "hostile",
        HOSTILE,
        description=HOSTILE,
        website="javascript:alert(3)",
        city=HOSTILE,
        capabilities=[
            capability("LNP formulation " + HOSTILE, modality="mRNA", note=HOSTILE, quality=HOSTILE)
        ],
        sources=["javascript:alert(4)", "data:text/html,x", "https://user@evil.example/", HOSTILE],
    ),
    record("old-works", "Old Works", operating="absorbed", successor="hwasun-centre"),
    record("draft", "A draft", state="draft"),
)


@pytest.fixture(scope="session")
def site_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a database with the shipped vocabulary and these records."""
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path_factory.mktemp('web') / 'web.db'}"),
        seed=Seed.NONE,
        rate_limits="off",
        demo=True,  # browsers are given cookies without TLS
    )
    engine = create_engine(settings)
    migrations.upgrade_engine(engine)
    with writing(engine) as session:
        vocabulary_files.load_shipped(session)
        catalogue_files.import_lines(session, map(json.dumps, RECORDS), "test")
    engine.dispose()
    return settings


@pytest.fixture(scope="session")
def site(site_settings: Settings) -> FastAPI:
    return create_app(site_settings)


@pytest.fixture(scope="session")
def browse(site: FastAPI) -> Iterator[TestClient]:
    """Reads pages as a browser without a language of its own."""
    with TestClient(site, raise_server_exceptions=False) as client:
        client.headers.pop("accept-language", None)
        yield client
