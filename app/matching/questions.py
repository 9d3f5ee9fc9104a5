"""The few questions that would help a ranking most, in the language of the sender."""

from collections.abc import Mapping, Sequence

from app.matching.types import Concept, Need, Question, Understanding, Wishes
from app.matching.vocabulary import Vocabulary

_MOST = 5
_ASK = {
    "en": {
        "service": "What would you like done: for example development, manufacturing, testing or a "
        "clinical trial?",
        "reading": "You wrote “{text}”. Do you mean {readings}?",
        "or": " or ",
        "unread": "We could not read what you wrote here.",
        "modality": "What kind of product is it: for example a small molecule, an antibody, mRNA "
        "or a cell therapy?",
        "stage": "Which stage is the work for: preclinical, phase 1, 2 or 3, or the market?",
        "scale": "How much do you need: for example litres, grams, doses or vials per batch?",
        "quality": "Which quality rules must the work follow: for example GMP, GLP or GCP?",
        "needed_from": "From when do you need it?",
        "countries": "Where may the work be done: are there countries you prefer or rule out?",
    },
    "ko": {
        "service": "어떤 일을 맡기고 싶으신가요? 예: 개발, 제조, 시험, 임상시험",
        "reading": "“{text}”라고 쓰셨는데, {readings} 중 어느 것인가요?",
        "or": ", ",
        "unread": "여기에 쓰신 말을 읽지 못했습니다.",
        "modality": "어떤 종류의 제품인가요? 예: 합성의약품, 항체, mRNA, 세포치료제",
        "stage": "어느 단계에 쓰이나요? 비임상, 임상 1상, 2상, 3상, 상업화 중에서 알려 주세요.",
        "scale": "필요한 규모는 얼마인가요? 예: 배치당 리터, 그램, 도즈, 바이알 수",
        "quality": "어떤 품질 기준을 따라야 하나요? 예: GMP, GLP, GCP",
        "needed_from": "언제부터 필요하신가요?",
        "countries": "어느 나라에서 진행해도 되나요? 선호하거나 제외할 나라가 있나요?",
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
    needs: Sequence[Need], wishes: Wishes, vocabulary: Vocabulary, lang: str
) -> tuple[Question, ...]:
    """At most five questions, the most telling first."""
    concepts = vocabulary.concepts
    language = "ko" if lang.startswith("ko") else "en"
    ask = _ASK[language]
    asked: list[Question] = []
    if not needs or not any(need.service for need in needs):
        first = needs[0].id if needs else None
        asked.append(Question(first, "service", ask["service"]))
    for need in needs:
        asked += _unclear(need, concepts, language)
    for need in needs:
        scaled = is_scaled(need, vocabulary)
        if need.modality is None and scaled:
            asked.append(Question(need.id, "modality", ask["modality"]))
        if not need.stages:
            asked.append(Question(need.id, "stage", _ask(ask, "stage", unread=need.stage)))
        if need.quantity is None and (scaled or need.scale is not None):
            asked.append(Question(need.id, "scale", _ask(ask, "scale", unread=need.scale)))
        unread = next((q for q in need.quality if not q.concepts and not q.readings), None)
        if not need.quality or unread is not None:
            asked.append(Question(need.id, "quality", _ask(ask, "quality", unread=unread)))
    if not needs:
        return tuple(asked)
    asked = _once_each(asked)
    if wishes.needed_from is None:
        asked.append(Question(None, "needed_from", ask["needed_from"]))
    if not (wishes.countries_required or wishes.countries_preferred):
        asked.append(Question(None, "countries", ask["countries"]))
    return tuple(asked[:_MOST])


def _ask(ask: Mapping[str, str], field: str, unread: Understanding | None) -> str:
    return ask[field] if unread is None else f"{ask['unread']} {ask[field]}"


def is_scaled(need: Need, vocabulary: Vocabulary) -> bool:
    """Whether an amount belongs to the need: making, filling, packing, supplying."""
    if need.service is None:
        return True
    above = {b for c in need.service.concepts for b in vocabulary.broader(c)}
    return not above.isdisjoint(_SCALED)


def _unclear(need: Need, concepts: Mapping[str, Concept], language: str) -> list[Question]:
    """A question for each field that could be read in several ways."""
    found = []
    fields = {"service": need.service, "modality": need.modality, "platform": need.platform}
    for name, field in fields.items():
        if field is None or not field.readings:
            continue
        labels = [_label(concepts[r], language) for r in field.readings if r in concepts]
        joined = _ASK[language]["or"].join(labels)
        sentence = _ASK[language]["reading"].format(text=field.text, readings=joined)
        found.append(Question(need.id, name, sentence))
    return found


def _label(concept: Concept, language: str) -> str:
    label = concept.labels.get(language) or concept.labels.get("en") or concept.id
    return label if label.isupper() or language == "ko" else label[0].lower() + label[1:]


def _once_each(asked: Sequence[Question]) -> list[Question]:
    """One question per field, about the first need that lacks it; unclear readings all stay."""
    kept: dict[tuple[str, str], Question] = {}
    for question in asked:
        kept.setdefault((question.field, question.ask), question)
    return list(kept.values())
