"""An answer made by hand, with one of everything that the page has to show."""

from datetime import date
from typing import Any
from uuid import UUID

from app.models.match import MatchAnswer
from tests.web.conftest import HOSTILE


def answer() -> MatchAnswer:
    """Three matches: a fit, a conditional one tied with it, and one that doesn't fit."""
    return MatchAnswer.model_validate(
        {
            "computed_from": {
                "engine": "2.2.0",
                "vocabulary": 3,
                "catalogue": 7,
                "as_of": date(2026, 11, 21),
            },
            "understood": _understood(),
            "considered": 331,
            "eligible": 14,
            "conditional": 31,
            "ineligible": 286,
            "costliest": {
                "need": "n1",
                "criterion": "quality",
                "asked": "GMP",
                "alone": 180,
                "total": 240,
                "text": "GMP alone rules out 180 of 331 providers.",
            },
            "matches": [
                _match(1, "Hwasun Centre", "hwasun-centre", "eligible"),
                _match(
                    1,
                    HOSTILE,
                    "hostile",
                    "conditional",
                    tied_with_previous=True,
                    fits_from="2027-Q2",
                    gates=[_gate("quality", "unknown", "Is this under GMP?")],
                    changes=[_change("provider", "quality", "If it showed GMP.")],
                    stability=_stability(1, 3),
                    group=1,
                ),
                _match(
                    3,
                    "Unfit",
                    "unfit",
                    "ineligible",
                    gates=[_gate("service", "missed", "Can you do it?")],
                    changes=[
                        _change("you", "service", "If you had it done elsewhere."),
                        _change("you", "scale", "If 5 L were enough.", instead="5 L"),
                    ],
                    stability=None,
                    group=None,
                ),
            ],
            "left_out": [
                _left("Old Works", "old-works", "absorbed", "hwasun-centre"),
                _left("Gone Ltd", "gone", "renamed", "Here Ltd"),
            ],
        }
    )


def _understood() -> dict[str, Any]:
    nothing = dict.fromkeys(("modality", "therapeutic_area", "scale"))
    need = {
        "id": "n1",
        "importance": "must",
        "weight": 1.0,
        **nothing,
        "service": _field("lnp formulaton", how="spelling", concepts=["lnp-formulation"]),
        "platform": _field("PD", how="ambiguous", readings=["process-development", "pd-study"]),
        "stage": {**_field("phase I/IIa"), "stages": ["phase1", "phase2"]},
        "quality": [_field("GXQ")],
    }
    return {
        "needs": [need],
        "wishes": {
            "needed_from": "2027-Q2",
            "countries": {"required": [], "preferred": ["KR", "JP"], "excluded": ["CN"]},
            "markets": ["MFDS"],
            "ownership": [],
            "languages": [],
            "budget": None,
            "include_inactive": False,
        },
        "not_understood": [{"text": HOSTILE, "span": (0, 3)}],
        "outside_the_field": [{"text": "a barge", "span": (4, 9)}],
        "questions": [{"need": "n1", "field": "scale", "ask": "How many litres do you need?"}],
    }


def _field(text: str, **known: Any) -> dict[str, Any]:
    return {"text": text, "span": None, "concepts": [], "how": None, "readings": [], **known}


def _match(rank: int, name: str, slug: str, eligibility: str, **known: Any) -> dict[str, Any]:
    service = _point("service", 90.0, won=70.0, unknown=15.0, lost=5.0, score=74.5)
    place = _point("place", 10.0, won=0.0, unknown=0.0, lost=10.0, score=0.0)
    return {
        "rank": rank,
        "tied_with_previous": False,
        "provider": {
            "id": UUID(int=rank),
            "slug": slug,
            "name": name,
            "kind": "cdmo",
            "country": "KR",
            "city": None,
            "operating": "active",
            "successor": None,
        },
        "score": 74.5,
        "low": 70.0,
        "high": 85.0,
        "eligibility": eligibility,
        "fits_from": None,
        "needs": [
            {
                "id": "n1",
                "capability_id": None,
                "facility_id": None,
                "possible": 90.0,
                "won": 70.0,
                "unknown": 15.0,
                "lost": 5.0,
                "score": 74.5,
                "ledger": [service],
            }
        ],
        "wishes": [place],
        "gates": [],
        "changes": [],
        "stability": _stability(1, 1),
        "group": 1,
        **known,
    }


def _point(criterion: str, possible: float, **points: float) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "possible": possible,
        "prior": 0.3,
        "verdict": "partly",
        "asked": "asked",
        "offered": None,
        "because": "Because.",
        "evidence": "https://maker.example/lnp" if criterion == "service" else None,
        "seen_on": date(2026, 5, 4),
        **points,
    }


def _stability(low: int, high: int) -> dict[str, Any]:
    return {"in_first": 0.93, "of": 20, "in_first_ten": 0.5, "ranks": (low, high)}


def _change(who: str, criterion: str, text: str, instead: str | None = None) -> dict[str, Any]:
    change = {"who": who, "need": "n1", "criterion": criterion, "asked": "asked"}
    return {**change, "instead": instead, "text": text}


def _gate(criterion: str, verdict: str, ask: str) -> dict[str, Any]:
    return {"need": "n1", "criterion": criterion, "verdict": verdict, "ask": ask}


def _left(name: str, slug: str, operating: str, successor: str) -> dict[str, Any]:
    return {"name": name, "slug": slug, "operating": operating, "successor": successor}
