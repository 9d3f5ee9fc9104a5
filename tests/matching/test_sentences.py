import pytest

from app.matching.sentences import _ENGLISH, _KOREAN, LANGUAGES, say, stages_in_words


def test_every_sentence_exists_in_both_languages() -> None:
    assert LANGUAGES == ("en", "ko")
    assert set(_ENGLISH) == set(_KOREAN)


@pytest.mark.parametrize("key", sorted(_ENGLISH))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_fills_its_braces_and_ends(lang: str, key: tuple[str, str, str]) -> None:
    group, criterion, reason = key
    said = say(lang, group, criterion, reason, asked="ASKED", offered="OFFERED")
    assert not {"{", "}"} & set(said)
    assert said[-1] in ".?"
    assert "  " not in said


@pytest.mark.parametrize("key", sorted(_ENGLISH))
def test_both_languages_tell_the_same_facts(key: tuple[str, str, str]) -> None:
    facts = [
        {word for word in ("ASKED", "OFFERED") if word in say(lang, *key, "ASKED", "OFFERED")}
        for lang in LANGUAGES
    ]
    assert facts[0] == facts[1]


def test_korean_needs_no_particle_that_depends_on_the_word_before() -> None:
    either = ("(를)", "(가)", "(는)", "(와)", "(으)")
    assert [said for said in _KOREAN.values() if any(each in said for each in either)] == []


def test_questions_are_questions() -> None:
    asked = [say(lang, *key) for lang in LANGUAGES for key in _ENGLISH if key[0] == "ask"]
    assert [ask for ask in asked if "?" not in ask] == []


def test_a_criterion_of_its_own_goes_before_the_general() -> None:
    assert say("en", "concept", "therapeutic_area", "words") != say("en", "concept", "x", "words")


def test_another_language_falls_back_on_english() -> None:
    assert say("fr", "stage", "stage", "unknown") == "The offer doesn't name stages."


def test_what_was_never_written_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "stage", "stage", "nonsense")


@pytest.mark.parametrize(
    ("lang", "written"),
    [("en", "preclinical, phase 1, commercial"), ("ko", "비임상, 1상, 상업 생산")],
)
def test_stages_are_told_in_words(lang: str, written: str) -> None:
    assert stages_in_words(lang, ("preclinical", "phase1", "commercial")) == written
