"""The few questions that would help a ranking most, in the language of the sender."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.matching.phrasing import country_in_words, fill, listed, stages_in_words
from app.matching.quantity import words
from app.matching.stakes import Stake
from app.matching.types import Concept, Need, Quantity, Question, Span, Understanding
from app.matching.vocabulary import Vocabulary

_MOST = 5
_NAMED = 3  # stretches of a text that one question names
_GLOSS = re.compile(r"\s*\([^()]*\)$")
_ASK: Mapping[str, Mapping[str, str]] = {
    "en": {
        "service": "What would you like done",
        "modality": "What kind of product is it",
        "platform": "Which technology, host or container does it need",
        "stage": "Which stage is the work for",
        "therapeutic_area": "Which disease is it for",
        "scale": "How much do you need",
        "quality": "Which quality rules must the work follow",
        "needed_from": "From when do you need it",
        "countries": "Where may the work be done",
        "markets": "Which authorities will have to accept the work",
    },
    "ko": {
        "service": "어떤 일을 맡기고 싶으신가요?",
        "modality": "어떤 종류의 제품인가요?",
        "platform": "어떤 기술이나 숙주세포, 용기가 필요한가요?",
        "stage": "어느 단계에 쓰이나요?",
        "therapeutic_area": "어떤 질환을 위한 것인가요?",
        "scale": "필요한 규모는 얼마인가요?",
        "quality": "어떤 품질 기준을 따라야 하나요?",
        "needed_from": "언제부터 필요하신가요?",
        "countries": "어느 나라에서 진행해도 되나요?",
        "markets": "어느 나라의 규제기관에 제출하시나요?",
    },
}
_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "service": "for example development, manufacturing, testing or a clinical trial",
        "modality": "for example a small molecule, an antibody, mRNA or a cell therapy",
        "platform": "for example CHO cells, E. coli or vials",
        "stage": "preclinical, phase 1, 2 or 3, or the market",
        "therapeutic_area": "for example cancer or an infection",
        "scale": "for example litres, grams, doses or vials per batch",
        "quality": "for example GMP, GLP or GCP",
        "needed_from": "for example Q3 2027",
        "countries": "are there countries that you prefer or rule out",
        "markets": "for example FDA, EMA or MFDS",
    },
    "ko": {
        "service": "예: 개발, 제조, 시험, 임상시험",
        "modality": "예: 합성의약품, 항체, mRNA, 세포치료제",
        "platform": "예: CHO 세포, 대장균, 바이알",
        "stage": "예: 비임상, 임상 1상, 2상, 3상, 상업화",
        "therapeutic_area": "예: 암, 감염질환",
        "scale": "예: 배치당 리터, 그램, 도즈, 바이알 수",
        "quality": "예: GMP, GLP, GCP",
        "needed_from": "예: 2027년 3분기",
        "countries": "선호하거나 제외할 나라가 있나요?",
        "markets": "예: 식약처, FDA, EMA",
    },
}
_SAY: Mapping[str, Mapping[str, str]] = {
    "en": {
        "plain": "{ask}: {examples}?",
        "unread": "We could not read “{text}”. {ask}: {examples}?",
        "nothing": "We could not read “{text}” as work of this field, so any list goes by its "
        "words alone. {ask}: {examples}?",
        "outside": "“{text}” is not what the providers here do, so no list of them means anything "
        "yet. {ask}: {examples}?",
        "reading": "You wrote “{text}”. Do you mean {readings}?",
        "differ": "{ask}? Those that fit best differ here: {said}.",
        "or": " or ",
    },
    "ko": {
        "plain": "{ask} {examples}",
        "unread": "‘{text}’의 뜻을 읽지 못했습니다. {ask} {examples}",
        "nothing": "‘{text}’{text:을} 이 분야의 업무로 읽지 못해, 목록은 단어만 비교한 것입니다. "
        "{ask} {examples}",
        "outside": "‘{text}’{text:은} 여기 있는 기관들이 하는 일이 아니므로, 아직은 어떤 목록도 "
        "의미가 없습니다. {ask} {examples}",
        "reading": "“{text}”라고 쓰셨는데, {readings} 중 어느 것인가요?",
        "differ": "{ask} 가장 잘 맞는 기관들도 여기서 갈립니다: {said}.",
        "or": ", ",
    },
}
_SCALED = frozenset(
    (
        *("manufacturing", "drug-substance-manufacturing", "drug-product-manufacturing", "cdmo"),
        *("clinical-trial-material", "commercial-manufacturing", "cmo", "clinical-packaging"),
        *("commercial-packaging", "cell-banking", "scale-up", "clinical-supply"),
    )
)


def questions_for(
    needs: Sequence[Need],
    vocabulary: Vocabulary,
    lang: str,
    at_stake: Sequence[Stake] = (),
    *,
    unread: Sequence[Span] = (),
    outside: Sequence[Span] = (),
) -> tuple[Question, ...]:
    """At most five questions, the most telling first: what was not understood, then what the best
    candidates differ in. `unread` and `outside` are what a text says that nobody understood, and
    what lies outside the field; where nothing else was understood, the one question says so."""
    language = "ko" if lang.startswith("ko") else "en"
    asked: list[Question] = []
    if not any(need.service for need in needs):
        first = needs[0].id if needs else None
        is_read = any(_fields(need) for need in needs)
        form, text = ("plain", "") if is_read else _nothing(unread, outside, language)
        asked.append(Question(first, "service", _say(language, form, "service", text=text)))
        if not is_read:
            return tuple(asked)
    for need in needs:
        asked += _unclear(need, vocabulary.concepts, language)
        asked += _unread(need, language)
    asked += _unknown_product(needs, vocabulary, unread, language)
    differing = [
        Question(stake.need, stake.field, _differing(stake, vocabulary, language))
        for stake in at_stake
    ]
    return _once_each(asked, differing)[:_MOST]


def _nothing(unread: Sequence[Span], outside: Sequence[Span], language: str) -> tuple[str, str]:
    """How a text is told of in which nothing was understood, and its words."""
    form, spans = ("outside", outside) if outside else ("nothing", unread)
    told = listed(language, [span.text for span in spans][:_NAMED])
    return (form, told) if told else ("plain", "")


def _unknown_product(
    needs: Sequence[Need], vocabulary: Vocabulary, unread: Sequence[Span], language: str
) -> list[Question]:
    """A question about what is to be made, where only words that nobody understood tell it."""
    for need in needs:
        service = need.service
        is_open = not (need.modality or need.platform) and is_scaled(need, vocabulary)
        if not service or not service.span or not is_open:
            continue
        end = service.span[0]
        before = [span for span in unread if 0 <= end - span.end <= 1]
        if before:
            said = _say(language, "unread", "modality", text=before[0].text)
            return [Question(need.id, "modality", said)]
    return []


def is_scaled(need: Need, vocabulary: Vocabulary) -> bool:
    """Whether an amount belongs to the need: making, filling, packing, supplying."""
    if need.service is None:
        return True
    above = {b for c in need.service.concepts for b in vocabulary.broader(c)}
    return not above.isdisjoint(_SCALED)


def _unclear(need: Need, concepts: Mapping[str, Concept], language: str) -> list[Question]:
    """A question for each field that could be read in several ways."""
    found = []
    for name, field in _fields(need):
        if not field.readings:
            continue
        labels = [_label(concepts[r], language) for r in field.readings if r in concepts]
        joined = _SAY[language]["or"].join(labels)
        sentence = _say(language, "reading", name, text=field.text, readings=joined)
        found.append(Question(need.id, name, sentence))
    return found


def _label(concept: Concept, language: str) -> str:
    label = concept.labels.get(language) or concept.labels.get("en") or concept.id
    label = _GLOSS.sub("", label)
    plain = label[:1].isupper() and label[1:2].islower() and language != "ko"
    return label[:1].lower() + label[1:] if plain else label


def _unread(need: Need, language: str) -> list[Question]:
    """A question for each field whose words say nothing we know."""
    unread = [
        *((name, field) for name, field in _fields(need) if not _is_read(field)),
        *(("stage", field) for field in (need.stage,) if not need.stages),
        *(("scale", field) for field in (need.scale,) if need.quantity is None),
        *(("quality", field) for field in need.quality if not _is_read(field)),
    ]
    return [
        Question(need.id, name, _say(language, "unread", name, text=field.text))
        for name, field in unread
        if field is not None
    ]


def _say(language: str, form: str, field: str, **values: str) -> str:
    ask, examples = _ASK[language][field], _EXAMPLES[language][field]
    return fill(_SAY[language][form], ask=ask, examples=examples, **values)


def _fields(need: Need) -> list[tuple[str, Understanding]]:
    single = (
        ("service", need.service),
        ("modality", need.modality),
        ("platform", need.platform),
        ("therapeutic_area", need.therapeutic_area),
    )
    return [(name, field) for name, field in single if field is not None]


def _is_read(field: Understanding) -> bool:
    return bool(field.concepts or field.readings)


def _differing(stake: Stake, vocabulary: Vocabulary, language: str) -> str:
    """The question about a field, with what the candidates say there, from which to choose."""
    if stake.field == "needed_from" or len(stake.said) < 2:
        return _say(language, "plain", stake.field)
    said = listed(language, (_said(each, stake.field, vocabulary, language) for each in stake.said))
    return _say(language, "differ", stake.field, said=said)


def _said(each: Any, field: str, vocabulary: Vocabulary, language: str) -> str:
    if isinstance(each, Quantity):
        return words(each)
    if field == "countries":
        return country_in_words(language, each)
    if field == "stage":
        return stages_in_words(language, (each,))
    concept = vocabulary.concepts.get(each)
    return _label(concept, language) if concept else str(each)


def _once_each(open_: Sequence[Question], differing: Sequence[Question]) -> tuple[Question, ...]:
    """What wasn't understood once for each wording, then one question for each further field,
    about the need where most hangs on it."""
    unclear: dict[tuple[str, str], Question] = {}
    for question in open_:
        unclear.setdefault((question.field, question.ask), question)
    asked = {field for field, _ in unclear}
    others: dict[str, Question] = {}
    for question in differing:
        if question.field not in asked:
            others.setdefault(question.field, question)
    return (*unclear.values(), *others.values())
