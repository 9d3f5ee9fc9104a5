"""Short forms that a phrase spells out mean what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.glosses import glosses
from tests.matching.shipped import vocabulary


def spelled(phrase: str) -> list[tuple[str, str]]:
    return [(phrase[slice(*g.short)], phrase[slice(*g.words)]) for g in glosses(phrase)]


@pytest.mark.parametrize(
    ("phrase", "short", "words"),
    [
        ("HCP (host cell protein) assay", "HCP", "host cell protein"),
        ("Host cell protein (HCP) assay", "HCP", "Host cell protein"),
        ("GMP-grade anti-drug antibody (ADA)", "ADA", "anti-drug antibody"),
        ("ADA (adenosine deaminase)", "ADA", "adenosine deaminase"),
        ("ADCs (antibody-drug conjugates)", "ADC", "antibody-drug conjugates"),
        ("CoA (certificate of analysis)", "CoA", "certificate of analysis"),
        ("PFS (prefilled syringes)", "PFS", "prefilled syringes"),
    ],
)
def test_words_whose_letters_a_short_form_has_spell_it_out(
    phrase: str, short: str, words: str
) -> None:
    assert spelled(phrase) == [(short, words)]


@pytest.mark.parametrize(
    "phrase",
    [
        "AAV (all serotypes available)",
        "GMP (planned)",
        "CRO (Croatia)",
        "PFS (1 mL)",
        "fill-finish (vials)",
        "HCP (host cell protein",
        "IP licensing (기술이전)",
        "(QC)",
        "xCMOQC (quality control)",
        "an " * 40 + "(AAAAAAAAB)",  # more ways to read it than could be tried
        "QC ()",
    ],
)
def test_a_remark_spells_nothing_out(phrase: str) -> None:
    assert spelled(phrase) == []


def test_all_of_a_phrase_are_found_in_its_order() -> None:
    phrase = "HCP (host cell protein) by ELISA, banked as MCB (master cell bank)"
    assert spelled(phrase) == [("HCP", "host cell protein"), ("MCB", "master cell bank")]


@pytest.mark.parametrize(
    ("phrase", "concepts"),
    [
        ("HCP (host cell protein)", ("host-cell-protein",)),
        ("HCP (healthcare professional)", ()),
        ("healthcare professional (HCP)", ()),
        ("BE (base editing)", ("crispr",)),
        ("QC (quality control)", ("qc-testing",)),
        ("QC (quantum computing)", ()),
        ("FSP (functional service provider)", ("cra-monitor", "staffing")),
        ("SEC (size exclusion chromatography)", ("sec-mals", "chromatography-purification")),
        ("AAV (all serotypes available)", ("aav",)),
    ],
)
def test_a_short_form_spelled_out_as_something_else_is_not_read(
    phrase: str, concepts: tuple[str, ...]
) -> None:
    assert vocabulary().resolve(phrase, "service").concepts == concepts


def test_a_text_means_by_a_short_form_what_it_spells_out_wherever_it_stands() -> None:
    text = "Healthcare professional (HCP) portal: our HCP team needs plasmid DNA by HPLC (HPLC-UV)."
    found = [mention.concepts for mention in vocabulary().find(text)]
    assert found == [("plasmid-dna",), ("hplc",), ("hplc",)]


@given(st.text(alphabet="ABab ()-가", max_size=40))
def test_what_is_found_stands_there(phrase: str) -> None:
    for gloss in glosses(phrase):
        (first, last), (begin, end) = gloss
        assert phrase[first:last].isalpha()
        assert begin < end <= len(phrase)
        assert last <= begin or end <= first
