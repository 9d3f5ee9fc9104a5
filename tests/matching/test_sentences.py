import pytest

from app.matching.sentences import _ENGLISH, _KOREAN, LANGUAGES, say


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
    ("lang", "line"),
    [
        (
            "en",
            "The provider sits elsewhere, but it has a facility in Germany and the Netherlands.",
        ),
        ("ko", "소재지는 다르지만 Germany, Netherlands에 시설이 있습니다."),
    ],
)
def test_places_are_joined_and_take_their_article(lang: str, line: str) -> None:
    assert say(lang, "place", "place", "partly", offered="Germany, Netherlands") == line


@pytest.mark.parametrize(
    ("key", "offered", "english", "korean"),
    [
        (
            ("wish", "language", "met"),
            "en, ko",
            "It works in English and Korean.",
            "사용 언어: 영어, 한국어.",
        ),
        (
            ("wish", "ownership", "missed"),
            "ppp",
            "It is owned otherwise: public-private partnership.",
            "소유 형태가 다릅니다: 민관 협력.",
        ),
        (
            ("wish", "freshness", "partly"),
            "2026-04-05",
            "The record was last confirmed on 5 April 2026.",
            "마지막 확인일은 2026년 4월 5일입니다.",
        ),
        (
            ("time", "time", "late"),
            "2027-Q2",
            "It will not run by then: it fits from Q2 2027.",
            "그때는 운영되지 않습니다. 2027년 2분기부터 맞습니다.",
        ),
        (
            ("wording", "wording", "found"),
            "glp, rat, study",
            "These words of your request stand in the provider's record: glp, rat and study.",
            "요청의 단어 중 기관의 기록에 있는 것: glp, rat, study.",
        ),
    ],
)
def test_codes_and_dates_are_told_in_words(
    key: tuple[str, str, str], offered: str, english: str, korean: str
) -> None:
    assert say("en", *key, offered=offered) == english
    assert say("ko", *key, offered=offered) == korean


def test_a_question_leaves_the_choice() -> None:
    asked = say("en", "ask", "place", "missed", asked="South Korea, United States")
    assert asked == "Could the work be done in South Korea or the United States?"
