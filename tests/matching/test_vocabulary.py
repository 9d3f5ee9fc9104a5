import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.types import Concept
from app.matching.vocabulary import Vocabulary, concepts_from_records
from tests.matching.shipped import vocabulary

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
IDS = st.sampled_from(vocabulary().ids)
FIELDS = st.lists(
    st.sampled_from(
        ["mRNA", "PD", "GMP", "정제", "fill", "and", "finish", ",", "(", "AAV", "toxicology"]
    ),
    max_size=8,
).map(" ".join)


class TestResolve:
    @pytest.mark.parametrize(
        ("phrase", "facet", "concepts"),
        [
            ("fill/finish", "service", ("fill-finish",)),
            ("Fill & Finish", "service", ("fill-finish",)),
            ("freeze-drying", "service", ("lyophilization",)),
            ("lyophilisation", "service", ("lyophilization",)),
            ("lyophilzation", "service", ("lyophilization",)),
            ("동결 건조", "service", ("lyophilization",)),
            ("동결건조를", "service", ("lyophilization",)),
            ("mRNA원액 생산", "service", ("mrna-manufacturing",)),
            ("Drug substance", "modality", ("drug-substance",)),
            ("API", "modality", ("drug-substance",)),
            ("LNP", "service", ("lnp-formulation",)),
            ("LNP", "platform", ("lnp",)),
            ("BSL2", "quality", ("bsl-2",)),
            ("supply of laboratory animals", "service", ("animal-supply",)),
            (
                "upstream and downstream process development",
                "service",
                ("upstream-process", "downstream-process"),
            ),
            ("CART", "modality", ("car-t",)),
            ("cART", "modality", ("cart-antiretroviral",)),
        ],
    )
    def test_reads_a_field(self, phrase: str, facet: str, concepts: tuple[str, ...]) -> None:
        assert vocabulary().resolve(phrase, facet).concepts == concepts

    @pytest.mark.parametrize(
        ("phrase", "concept"),
        [
            ("PV batches before launch", "process-validation"),
            ("PV and adverse event reporting", "pharmacovigilance"),
            ("정제 (tablet)", "tablet"),
            ("배양 및 정제 공정", "downstream-process"),
            ("USP cell culture", "upstream-process"),
            ("USP and Ph. Eur. monograph", "usp-pharmacopeia"),
            ("DM and biostatistics", "data-management"),
            ("CMO of the company, a physician", "cmo-medical"),
        ],
    )
    def test_the_words_around_decide_a_short_form(self, phrase: str, concept: str) -> None:
        assert concept in vocabulary().resolve(phrase).concepts

    def test_says_when_nothing_decides(self) -> None:
        reading = vocabulary().resolve("PD", "service")
        assert reading.concepts == ()
        assert [(m.how, m.readings) for m in reading.mentions] == [
            ("ambiguous", ("process-development", "pd-study"))
        ]

    @pytest.mark.parametrize(
        "phrase", ["cells", "several units", "plant in Ohio", "the scale of it"]
    )
    def test_everyday_words_decide_nothing(self, phrase: str) -> None:
        assert vocabulary().resolve(phrase, "service").concepts in ((), ("manufacturing-site",))

    def test_a_mixed_script_form_is_not_cut_to_its_latin_part(self) -> None:
        assert vocabulary().resolve("GMP", "quality").concepts == ("cgmp",)
        assert vocabulary().resolve("GMP", "service").concepts == ("cgmp",)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("mRNA", "siRNA"),
            ("GLP", "GCP"),
            ("AAV", "ADC"),
            ("topical", "tropical"),
            ("PD-1", "PD"),
        ],
    )
    def test_one_known_term_is_never_repaired_into_another(self, one: str, other: str) -> None:
        first = set(vocabulary().resolve(one).concepts)
        assert first.isdisjoint(vocabulary().resolve(other).concepts)

    def test_making_and_a_product_name_a_service(self) -> None:
        reading = vocabulary().resolve("AAV9 and capsid production", "service")
        assert "viral-vector-manufacturing" in reading.concepts

    def test_what_no_concept_explains_is_the_rest(self) -> None:
        assert vocabulary().resolve("LNP formulation of gizmos", "service").rest == ("gizmo",)

    @given(FIELDS, st.sampled_from([None, "service", "modality", "quality"]))
    def test_is_deterministic(self, phrase: str, facet: str | None) -> None:
        concepts = [vocabulary().concepts[i] for i in vocabulary().ids[:150]]
        assert vocabulary().resolve(phrase, facet) == vocabulary().resolve(phrase, facet)
        assert Vocabulary(concepts[:5], 1).resolve(phrase, facet) == Vocabulary(
            concepts[:5], 2
        ).resolve(phrase, facet)


class TestFind:
    def test_gives_places_in_the_original(self) -> None:
        text = "㎏ of m\u200bRNA, then ﬁll–finish"
        found = [(m.text, m.start, m.concepts) for m in vocabulary().find(text)]
        assert found == [
            ("㎏", 0, ("kilogram",)),
            ("m\u200bRNA", 5, ("mrna",)),
            ("ﬁll–finish", 17, ("fill-finish",)),
        ] or found == [
            ("m\u200bRNA", 5, ("mrna",)),
            ("ﬁll–finish", 17, ("fill-finish",)),
        ]

    @given(st.one_of(TEXT, FIELDS))
    def test_never_overlaps_nor_leaves_the_text(self, text: str) -> None:
        at = 0
        for mention in vocabulary().find(text):
            assert at <= mention.start < mention.end <= len(text)
            assert text[mention.start : mention.end] == mention.text
            at = mention.end

    @pytest.mark.parametrize(
        "text",
        [
            "\ufdfa" * 4000,
            "a" + "\u0301\u0323" * 2000,
            "정제 원액 " * 600,
            "PV " * 1300,
            "mRNA, " * 700,
            "manufacturng " * 300,
            "바이러스벡타나 " * 500,
            "((((" * 1000,
        ],
    )
    def test_is_fast_on_hostile_text(self, text: str) -> None:
        start = time.thread_time()
        vocabulary().find(text)
        assert time.thread_time() - start < 1.0


class TestLikeness:
    @given(IDS)
    def test_everything_is_like_itself(self, concept: str) -> None:
        assert vocabulary().likeness(concept, concept) == 1.0

    @given(IDS, IDS)
    def test_lies_between_nothing_and_the_same(self, asked: str, offered: str) -> None:
        assert 0.0 <= vocabulary().likeness(asked, offered) <= 1.0

    @given(IDS)
    def test_a_decoy_is_like_nothing_else(self, concept: str) -> None:
        row = vocabulary().likeness_from([concept])
        if vocabulary().concepts[concept].is_decoy:
            assert np.count_nonzero(row) == 1

    @given(IDS)
    def test_look_alikes_are_kept_apart_both_ways(self, concept: str) -> None:
        for other in vocabulary().concepts[concept].not_same_as:
            assert vocabulary().likeness(concept, other) == 0.0
            assert vocabulary().likeness(other, concept) == 0.0

    def test_narrower_is_full_and_broader_falls_with_distance(self) -> None:
        likeness = vocabulary().likeness
        assert likeness("viral-vector", "aav") == 1.0
        assert likeness("aav", "viral-vector") == pytest.approx(0.7)
        assert likeness("aav", "gene-therapy") == pytest.approx(0.5)
        assert likeness("fill-finish", "drug-product-manufacturing") == pytest.approx(0.6)
        assert likeness("siRNA", "mrna") == 0.0

    def test_medicines_of_one_family_are_partly_alike_unless_kept_apart(self) -> None:
        likeness = vocabulary().likeness
        assert likeness("monoclonal-antibody", "recombinant-protein") == pytest.approx(0.4)
        assert likeness("monoclonal-antibody", "plasmid-dna") < 0.4
        assert likeness("msc", "car-t") == pytest.approx(0.4)
        assert likeness("aav", "lentiviral-vector") == 0.0

    @settings(max_examples=30)
    @given(st.lists(IDS, min_size=1, max_size=4))
    def test_from_several_is_the_best_of_each(self, asked: list[str]) -> None:
        rows = [vocabulary().likeness_from([a]) for a in asked]
        assert np.array_equal(vocabulary().likeness_from(asked), np.maximum.reduce(rows))

    def test_unknown_concepts_are_like_nothing(self) -> None:
        assert vocabulary().likeness("no-such", "aav") == 0.0
        assert not vocabulary().likeness_from(["no-such"]).any()


class TestSuggest:
    def test_completes_in_any_language_and_forgives_slips(self) -> None:
        assert vocabulary().suggest("lyoph", 1, "service")[0][0] == "lyophilization"
        assert vocabulary().suggest("동결건", 1, "service")[0][0] == "lyophilization"
        assert vocabulary().suggest("lyophilzation", 1, "service")[0][0] == "lyophilization"
        assert vocabulary().suggest("lyofil", 1, "service")[0][0] == "lyophilization"

    def test_never_offers_a_decoy(self) -> None:
        found = vocabulary().suggest("blood bank", 10)
        assert "blood-bank" not in [concept for concept, _ in found]


class TestShipped:
    def test_links_lead_to_concepts(self) -> None:
        known = vocabulary().concepts
        for concept in known.values():
            links = (*concept.related, *concept.not_same_as)
            assert [link for link in links if link not in known] == []
            assert concept.broader is None or concept.broader in known

    def test_reads_the_shape_of_the_file(self) -> None:
        record = {"id": "x", "facet": "service", "label_en": "X-ing", "label_ko": None,
                  "synonyms": ["xs"], "broader": None, "related": [], "not_same_as": ["y"],
                  "exact_match": ["Q1"], "is_decoy": True}  # fmt: skip
        assert concepts_from_records([record]) == [
            Concept(
                "x",
                "service",
                {"en": "X-ing"},
                ("xs",),
                None,
                (),
                ("y",),
                {"exact_match": ["Q1"]},
                True,
            )
        ]

    def test_a_loop_of_broader_terms_ends(self) -> None:
        looped = [Concept("a", "service", {"en": "Aa"}, broader="b"),
                  Concept("b", "service", {"en": "Bb"}, broader="a")]  # fmt: skip
        assert Vocabulary(looped, 1).narrower("a") == frozenset({"a", "b"})


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("CAR-T; NK; TIL", True), ("Car-t Cell Therapy", True), ("cell therapy", False), ("", False)],
)
def test_a_concept_is_written_in_a_text_to_the_letter(text: str, is_there: bool) -> None:
    assert vocabulary().is_written_in("car-t", text) is is_there
