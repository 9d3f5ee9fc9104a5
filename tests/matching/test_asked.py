import pytest

from app.matching.asked import Asked, asked_of, text_words, weighted_words
from app.matching.types import Need, Understanding
from tests.matching import shipped
from tests.matching.builders import need, read, vocabulary


def asked(made: Need) -> dict[str, Asked]:
    return dict(asked_of(made, vocabulary()))


def test_each_field_is_asked_under_its_own_criterion() -> None:
    made = need("LNP formulation", modality="mRNA", platform="CHO", area="cancer", quality="GMP")
    assert asked(made) == {
        "service": Asked("LNP formulation", ("lnp-formulation",)),
        "modality": Asked("mRNA", ("mrna",)),
        "platform": Asked("CHO", ("cho",)),
        "therapeutic_area": Asked("cancer", ("oncology",)),
        "quality": Asked("GMP", ("cgmp",)),
    }


def test_a_phrase_in_the_wrong_field_counts_under_its_facet() -> None:
    made = Need(id="n1", modality=read("LNP formulation", "modality"))
    assert asked(made) == {"service": Asked("LNP formulation", ("lnp-formulation",))}


def test_equipment_counts_as_technology() -> None:
    assert asked(Need(id="n1", platform=read("Isolator", "platform"))) == {
        "platform": Asked("Isolator", ("isolator",))
    }


def test_a_field_of_its_own_outweighs_what_strays_into_it() -> None:
    made = Need(
        id="n1",
        service=Understanding("mRNA fill and finish", concepts=("mrna", "fill-finish")),
        modality=read("antibody", "modality"),
    )
    assert asked(made) == {
        "service": Asked("mRNA fill and finish", ("fill-finish",)),
        "modality": Asked("antibody", ("antibody",)),
    }


def test_what_strays_joins_a_field_that_was_not_understood() -> None:
    made = Need(
        id="n1", service=read("frobnication", "service"), platform=read("vial filling", "service")
    )
    assert asked(made) == {"service": Asked("frobnication; vial filling", ("vial-filling",), 1)}


def test_a_field_that_nobody_understands_is_still_asked() -> None:
    assert asked(need("frobnication")) == {"service": Asked("frobnication", (), 1)}


def test_several_standards_are_asked_together() -> None:
    assert asked(need(quality=("GMP", "BL2", "house rules"))) == {
        "quality": Asked("GMP; BL2; house rules", ("cgmp", "bsl-2"), 1)
    }


def test_a_need_without_fields_asks_nothing() -> None:
    assert asked(Need(id="n1")) == {}


def test_words_of_the_fields_count_less_beside_a_text() -> None:
    made = need("LNP formulation", quality="GMP")
    around = text_words("a new LNP vaccine", vocabulary())
    assert around == {"new": 0.25, "lnp": 1.0, "vaccine": 1.0}
    assert weighted_words(made, around, vocabulary()) == {
        "lnp": 1.0,
        "formulation": 0.3,
        "gmp": 0.3,
        "new": 0.25,
        "vaccine": 1.0,
    }
    assert weighted_words(made, {}, vocabulary()) == {"lnp": 1.0, "formulation": 1.0, "gmp": 1.0}


def test_what_the_work_is_for_counts_half_and_who_asks_and_where_not_at_all() -> None:
    text = "Korean vaccine company needs LNP formulation in Japan for a trial in asthma."
    assert text_words(text, shipped.vocabulary()) == {
        "lnp": 1.0,
        "formulation": 1.0,
        "trial": 0.5,
        "asthma": 0.5,
    }


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("Lyophilization from Q3 2027", {"lyophilization": 1.0}),
        ("동결건조, 2027년 3분기부터", {"동결건조": 1.0, "lyophilization": 1.0}),
        ("동결건조 2027년", {"동결건조": 1.0, "lyophilization": 1.0}),
    ],
)
def test_from_when_is_no_word_of_the_work(text: str, telling: dict[str, float]) -> None:
    assert text_words(text, shipped.vocabulary()) == telling


def test_a_text_that_only_tells_who_asks_is_searched_by_its_words() -> None:
    assert text_words("We are a vaccine company", shipped.vocabulary()) == {
        "vaccine": 1.0,
        "company": 0.25,
    }


def test_a_korean_phrase_brings_the_english_words_of_what_it_means() -> None:
    real = shipped.vocabulary()
    assert text_words("동결건조", real) == {"동결건조": 1.0, "lyophilization": 1.0}
    asked_for = Understanding("동결건조", concepts=("lyophilization",))
    made = Need(id="n1", service=asked_for)
    assert weighted_words(made, {}, real) == {"동결건조": 1.0, "lyophilization": 1.0}


def test_without_words_nothing_is_weighed() -> None:
    assert text_words(None, vocabulary()) == {}
    assert weighted_words(Need(id="n1"), {}, vocabulary()) == {}


def test_a_korean_phrase_with_latin_letters_in_it_finds_the_words_of_english_records() -> None:
    known = shipped.vocabulary()
    field = Understanding("GMP 생산", concepts=("viral-vector-manufacturing",))
    weights = weighted_words(Need(id="n1", service=field), {}, known)
    assert {"gmp", "viral", "vector", "manufacturing"} <= set(weights)


def test_a_kind_of_medicine_outweighs_what_it_is_a_kind_of() -> None:
    made = Need(
        id="n1",
        modality=Understanding(
            "psychedelic small molecule, tablet",
            concepts=("psychedelic", "small-molecule", "tablet"),
        ),
    )
    assert dict(asked_of(made, shipped.vocabulary()))["modality"] == Asked(
        "psychedelic small molecule, tablet", ("psychedelic", "tablet")
    )
