"""Providers over HTTP: who sees what, and how a record is edited."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.routers.conftest import Create, Headers

WHOLE = {
    "name": "Hanbit Bio",
    "native_name": "한빛바이오",
    "kind": "cdmo",
    "country": "KR",
    "state": "published",
    "certificates": [{"standard": "ISO 9001"}],
    "facilities": [
        {
            "name": "Plant 1",
            "city": "Hwasun",
            "lifecycle": "operating",
            "operational_from": "2021-q3",
            "certificates": [{"standard": "GMP", "authority": "MFDS"}],
        }
    ],
    "capabilities": [
        {
            "service": "fermentation",
            "stages": ["phase1", "phase2"],
            "scale": {"minimum": 5, "maximum": 500, "unit": "L"},
            "facility": "Plant 1",
            "evidence": {"address": "https://example.com/a", "seen_on": "2026-01-02"},
        },
        {"service": "fill-finish", "scale": "2 x 1000 L"},
    ],
}


class TestCreate:
    def test_answers_the_whole_record(self, client: TestClient, curator: Headers) -> None:
        answer = client.post("/v1/providers", json=WHOLE, headers=curator)
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/providers/{made['id']}"
        assert answer.headers["etag"] == '"1"'
        (plant,) = made["facilities"]
        (gmp,) = plant["certificates"]
        (iso,) = made["certificates"]
        fermentation, filling = made["capabilities"]
        certificate = {"scope": None, "issued_on": None, "expires_on": None, "source": None}
        assert made == {
            "id": made["id"],
            "slug": "hanbit-bio",
            "version": 1,
            "created_at": made["created_at"],
            "updated_at": made["updated_at"],
            "name": "Hanbit Bio",
            "native_name": "한빛바이오",
            "aliases": [],
            "kind": "cdmo",
            "ownership": "unknown",
            "country": "KR",
            "region": None,
            "city": None,
            "website": None,
            "founded_year": None,
            "description": None,
            "languages": [],
            "memberships": [],
            "therapeutic_areas": [],
            "track_record": [],
            "operating": "unknown",
            "successor": None,
            "state": "published",
            "assured_on": None,
            "sources": [],
            "certificates": [
                certificate
                | {
                    "id": iso["id"],
                    "facility_id": None,
                    "site": "site not stated",
                    "standard": "ISO 9001",
                    "authority": None,
                }
            ],
            "facilities": [
                {
                    "id": plant["id"],
                    "name": "Plant 1",
                    "city": "Hwasun",
                    "country": None,
                    "lifecycle": "operating",
                    "operational_from": "2021-Q3",
                    "notes": None,
                    "certificates": [
                        certificate
                        | {
                            "id": gmp["id"],
                            "facility_id": plant["id"],
                            "site": "Plant 1",
                            "standard": "GMP",
                            "authority": "MFDS",
                        }
                    ],
                }
            ],
            "capabilities": [
                {
                    "id": fermentation["id"],
                    "service": "fermentation",
                    "modality": None,
                    "platform": None,
                    "stages": ["phase1", "phase2"],
                    "quality": None,
                    "lead_time_weeks": None,
                    "available_from": None,
                    "status": "offered",
                    "flag": None,
                    "note": None,
                    "pinned": [],
                    "facility_id": plant["id"],
                    "scale": {
                        "minimum": 5.0,
                        "maximum": 500.0,
                        "unit": "L",
                        "kind": "volume",
                        "text": "5 to 500 L",
                        "further": [],
                    },
                    "evidence": {"address": "https://example.com/a", "seen_on": "2026-01-02"},
                },
                {
                    "id": filling["id"],
                    "service": "fill-finish",
                    "modality": None,
                    "platform": None,
                    "stages": [],
                    "quality": None,
                    "lead_time_weeks": None,
                    "available_from": None,
                    "status": "offered",
                    "flag": None,
                    "note": None,
                    "pinned": [],
                    "facility_id": None,
                    "scale": {
                        "minimum": 1000.0,
                        "maximum": 1000.0,
                        "unit": "L",
                        "kind": "volume",
                        "text": "2 x 1000 L",
                        "further": [],
                    },
                    "evidence": None,
                },
            ],
        }
        assert client.get(f"/v1/providers/{made['id']}").json() == made
        assert client.get("/v1/providers/hanbit-bio").json() == made
