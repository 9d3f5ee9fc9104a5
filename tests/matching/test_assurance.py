import pytest

from app.matching.assurance import Assurance, Certified, Claim, Finding, Standard, claims_of
from app.matching.assurance import certified as read_certificates
from app.period import Period
from tests.matching.builders import period, proof, vocabulary


def standard(concept: str = "cgmp", needed: str = "2026-11-22") -> Standard:
    return Standard.of(concept, Period.parse(needed), vocabulary())


def named(text: str | None) -> list[tuple[str, str]]:
    return [(claim.concept, claim.strength) for claim in claims_of(text, vocabulary())]


def stands(wording: str | None, asked: str = "cgmp", lifecycle: str = "unknown") -> str:
    claims = claims_of(wording, vocabulary())
    return Assurance(claims, lifecycle=lifecycle).standing(standard(asked)).reason


@pytest.mark.parametrize(
    ("wording", "claims"),
    [
        (None, []),
        ("clean rooms", []),
        ("GMP", [("cgmp", "held")]),
        ("GMP (Plant 2)", [("cgmp", "held")]),
        ("MFDS-designated GLP laboratory", [("mfds", "held"), ("glp", "held")]),
        ("GLP; GMP", [("glp", "held"), ("cgmp", "held")]),
        ("GLP; GMP planned", [("glp", "held"), ("cgmp", "sought")]),
        ("EU GMP, KGMP planned", [("gmp-eu", "held"), ("kgmp", "sought")]),
        (
            "designed to cGMP, KGMP, BL2",
            [("cgmp", "built_for"), ("kgmp", "built_for"), ("bsl-2", "built_for")],
        ),
        ("designed to EU GMP; GLP", [("gmp-eu", "built_for"), ("glp", "held")]),
        ("GMP facility nearing completion October 2025", [("cgmp", "built_for")]),
        ("built to EU GMP", [("gmp-eu", "built_for")]),
        ("KGMP for drug product being sought in 2022", [("kgmp", "sought")]),
        ("GCLP expansion planned", [("gclp", "sought")]),
        ("not yet GMP", [("cgmp", "sought")]),
        ("GMP 준비 중", [("cgmp", "sought")]),
        ("GMP 설계", [("cgmp", "built_for")]),
        ("GMP-equivalent", [("cgmp", "alike")]),
        ("GLP-based procedures", [("glp", "alike")]),
        ("GMP option", [("cgmp", "alike")]),
        ("GMP-like", [("cgmp", "denied")]),
        ("non-GMP", [("cgmp", "denied")]),
        ("not GMP", [("cgmp", "denied")]),
        ("no EU GMP certificate", [("gmp-eu", "denied")]),
        ("GMP licence no 7", [("cgmp", "held")]),
        ("non-clinical work under GLP", [("glp", "held")]),
        ("GMP and non-GMP", [("cgmp", "held"), ("cgmp", "denied")]),
    ],
)
def test_a_wording_claims_no_more_than_it_says(
    wording: str | None, claims: list[tuple[str, str]]
) -> None:
    assert named(wording) == claims


def test_a_claim_knows_its_regime() -> None:
    assert claims_of("OECD GLP; BL2", vocabulary()) == (
        Claim("oecd-glp", "held", "glp"),
        Claim("bsl-2", "held", None),
    )


class TestWords:
    @pytest.mark.parametrize(
        ("wording", "asked", "reason"),
        [
            ("GMP", "cgmp", "held"),
            ("EU GMP", "cgmp", "held"),
            ("GMP", "gmp-eu", "broader"),
            ("KGMP", "gmp-eu", "silent"),
            ("GLP; GMP", "cgmp", "held"),
            ("GMP and non-GMP", "cgmp", "held"),
            ("GLP", "cgmp", "other_regime"),
            ("OECD GLP", "gmp-eu", "other_regime"),
            ("GLP; GMP planned", "cgmp", "sought"),
            ("non-GMP", "cgmp", "denied"),
            ("non-GMP", "gmp-eu", "denied"),
            ("GMP, no EU GMP", "cgmp", "held"),
            ("no EU GMP certificate", "cgmp", "silent"),
            ("BL2", "cgmp", "silent"),
            ("BL2", "bsl-3", "silent"),
            ("GLP", "bsl-2", "silent"),
            (None, "cgmp", "silent"),
        ],
    )
    def test_reason(self, wording: str | None, asked: str, reason: str) -> None:
        assert stands(wording, asked) == reason

    @pytest.mark.parametrize(
        ("wording", "planned", "operating", "licensed"),
        [
            ("designed to cGMP, KGMP, BL2", "sought", "held", "held"),
            ("GMP facility nearing completion October 2025", "sought", "held", "held"),
            ("GMP being sought in 2022", "sought", "sought", "held"),
            ("GMP-equivalent", "sought", "sought", "sought"),
        ],
    )
    def test_an_intention_comes_true_with_the_facility(
        self, wording: str, planned: str, operating: str, licensed: str
    ) -> None:
        assert stands(wording, lifecycle="planned") == planned
        assert stands(wording, lifecycle="operating") == operating
        assert stands(wording, lifecycle="licensed") == licensed


GMP = Certified("cgmp", "MFDS GMP")
EU_GMP = Certified("gmp-eu", "EU GMP")
OLD_GMP = Certified("cgmp", "MFDS GMP", period("2024"))


class TestCertificates:
    @pytest.mark.parametrize(
        ("around", "finding"),
        [
            (Assurance(at_site=(GMP,)), Finding(1.0, 0.0, "certified", "MFDS GMP")),
            (Assurance(at_site=(EU_GMP,)), Finding(1.0, 0.0, "certified", "EU GMP")),
            (Assurance(unplaced=(GMP,)), Finding(0.5, 0.5, "site_not_stated", "MFDS GMP")),
            (Assurance(elsewhere=(GMP,)), Finding(0.0, 1.0, "elsewhere", "MFDS GMP")),
            (Assurance(at_site=(OLD_GMP,)), Finding(0.0, 1.0, "expired", "MFDS GMP, 2024")),
            (Assurance(unplaced=(OLD_GMP,)), Finding(0.0, 1.0, "expired", "MFDS GMP, 2024")),
            (Assurance(elsewhere=(OLD_GMP,)), Finding(0.0, 1.0, "silent", None)),
            (
                Assurance(at_site=(OLD_GMP,), unplaced=(GMP,)),
                Finding(0.5, 0.5, "site_not_stated", "MFDS GMP"),
            ),
            (Assurance(), Finding(0.0, 1.0, "silent", None)),
        ],
    )
    def test_gmp_by_certificates(self, around: Assurance, finding: Finding) -> None:
        assert around.standing(standard()) == finding

    def test_a_wider_certificate_of_the_site_proves_half(self) -> None:
        found = Assurance(at_site=(GMP,)).standing(standard("gmp-eu"))
        assert found == Finding(0.5, 0.5, "broader", "MFDS GMP")
        other = Assurance(claims_of("GLP", vocabulary()), at_site=(GMP,))
        assert other.standing(standard("gmp-eu")) == Finding(0.5, 0.0, "broader", "MFDS GMP")

    def test_a_certificate_holds_until_the_day_it_is_needed(self) -> None:
        paper = Assurance(at_site=(Certified("cgmp", "GMP", period("2027-06")),))
        assert paper.standing(standard(needed="2027-06-30")).reason == "certified"
        assert paper.standing(standard(needed="2027-07-01")).reason == "expired"
        assert paper.standing(standard(needed="2027")).reason == "certified"

    def test_a_denial_outweighs_a_certificate_of_the_site(self) -> None:
        claims = claims_of("non-GMP", vocabulary())
        found = Assurance(claims, at_site=(GMP,)).standing(standard())
        assert found == Finding(0.0, 0.0, "denied", None)

    def test_certificates_are_kept_by_site(self) -> None:
        proofs = [
            proof("GMP", "s1", authority="MFDS", expires_on=period("2027")),
            proof("EU GMP"),
            proof("a diploma", "s2"),
        ]
        assert read_certificates(proofs, vocabulary()) == {
            None: (Certified("gmp-eu", "EU GMP"),),
            "s1": (
                Certified("mfds", "MFDS GMP", period("2027")),
                Certified("cgmp", "MFDS GMP", period("2027")),
            ),
        }
