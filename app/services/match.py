"""The main job: a request becomes needs, the needs a ranked shortlist."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.errors import Fault, InvalidError
from app.matching import ENGINE
from app.matching.catalogue import Catalogue
from app.matching.intake import understand
from app.matching.outlook import Outlook, outlook
from app.matching.presets import BY_NAME, DEFAULT
from app.matching.quantity import from_range, parse, words
from app.matching.questions import is_scaled, questions_for
from app.matching.rank import Search
from app.matching.stage import stages_of
from app.matching.stakes import stakes
from app.matching.terms import words as words_of
from app.matching.types import (
    Need,
    Quantity,
    Query,
    Shortlist,
    Understanding,
    Understood,
    Wishes,
)
from app.matching.vocabulary import Vocabulary
from app.models.capability import ScaleData
from app.models.match import IntakeData, MatchAnswer, MatchData, UnderstoodPublic
from app.models.need import CountriesData, NeedData, WishesData
from app.period import Period
from app.services import answers, countries
from app.services.rounds import Rounds

_ONLY_NEED = "n1"
# The first is longer than an ordinary match takes, so that those are computed in one go.
_rounds = Rounds(first_s=0.025, next_s=0.01)


def match(data: MatchData, catalogue: Catalogue) -> MatchAnswer:
    """Understand the request, rank the catalogue, and account for every point.

    Raises InvalidError when nothing is asked, a need is empty or names a unit nobody knows, ids
    repeat, or the weights leave nothing to score.
    """
    return MatchAnswer.model_validate_json(match_json(data, catalogue)[0])


def match_json(data: MatchData, catalogue: Catalogue) -> tuple[bytes, Understood]:
    """What `match` answers, as JSON, and what was understood; InvalidError as `match`."""
    with _rounds.turn():
        found = _found(data, catalogue)
        return answers.match_json(*found, catalogue, ENGINE), found[1]


def _found(data: MatchData, catalogue: Catalogue) -> tuple[Query, Understood, Shortlist, Outlook]:
    query, understood = query_of(data, catalogue.vocabulary)
    try:
        search = Search.of(query, catalogue)
    except ValueError as error:
        raise InvalidError(
            "These weights leave nothing to score.",
            faults=[Fault("body.weights", "Something that you ask for has to weigh more than 0.")],
        ) from error
    found = search.shortlist
    return query, _with_questions(understood, search), found, outlook(search, found)


def intake(data: IntakeData, catalogue: Catalogue) -> UnderstoodPublic:
    """Read a text: needs, wishes, what was not understood, and what would help: the questions that
    a match of the same text asks."""
    vocabulary = catalogue.vocabulary
    today = datetime.now(UTC).date()
    with _rounds.turn():
        read = understand(data.text, vocabulary, data.lang, today)
        if read.needs:
            weights = BY_NAME[DEFAULT].weights
            query = Query(read.needs, read.wishes, today, weights, data.text or None, data.lang)
            read = _with_questions(read, Search.of(query, catalogue))
    return answers.understood_public(read)


def _with_questions(understood: Understood, search: Search) -> Understood:
    """With the questions that would move this ranking most."""
    query, vocabulary = search.scoring.brief.query, search.scoring.brief.catalogue.vocabulary
    at_stake = stakes(search, lambda need: is_scaled(need, vocabulary))
    asked = questions_for(
        understood.needs,
        vocabulary,
        query.lang,
        at_stake,
        unread=understood.not_understood,
        outside=understood.outside_the_field,
    )
    return replace(understood, questions=asked)


def query_of(data: MatchData, vocabulary: Vocabulary) -> tuple[Query, Understood]:
    """What a request asks of the core, and what was understood of it, still without questions;
    InvalidError as `match`."""
    _check_countries(data.wishes.countries)
    text = data.text or None
    today = data.as_of or datetime.now(UTC).date()
    read = understand(text, vocabulary, data.lang, today) if text else Understood(needs=())
    given = tuple(_placed(need, text) for need in _given_needs(data.needs, vocabulary))
    if not given and text is None:
        raise InvalidError(
            "Say what you look for: a text, at least one need, or both.",
            faults=[Fault("body.needs", "A text or a need is missing.")],
        )
    if not (given or read.needs or words_of(text or "")):
        raise InvalidError(
            "The text holds no word to look for.",
            faults=[Fault("body.text", "Say in words what should be made, developed or tested.")],
        )
    # A text without a known term still ranks by its words.
    needs = given or read.needs or (Need(id=_ONLY_NEED),)
    wishes = _wishes(data.wishes, read.wishes)
    understood = replace(read, needs=needs, wishes=wishes)
    query = Query(
        needs=needs,
        wishes=understood.wishes,
        as_of=today,
        weights=_weights(data),
        text=text,
        lang=data.lang,
        limit=data.limit,
        include_ineligible=data.include_ineligible,
    )
    return query, understood


def _check_countries(given: CountriesData) -> None:
    """Refuse codes that no country has, which would silently match nobody, and countries that are
    ruled out and wished for."""
    roles = {"required": given.required, "preferred": given.preferred, "excluded": given.excluded}
    faults = [
        Fault(f"body.wishes.countries.{name}[{number}]", countries.advice(code))
        for name, codes in roles.items()
        for number, code in enumerate(codes)
        if not countries.is_known(code)
    ]
    if faults:
        raise InvalidError("Some countries aren't known.", faults=faults)
    faults = [
        Fault(f"body.wishes.countries.excluded[{number}]", "It is required or preferred as well.")
        for number, code in enumerate(given.excluded)
        if code in (*given.required, *given.preferred)
    ]
    if faults:
        raise InvalidError("Some countries are wished for and ruled out.", faults=faults)


def _weights(data: MatchData) -> Mapping[str, float]:
    preset = BY_NAME.get(data.preset)
    if preset is None:
        allowed = ", ".join(BY_NAME)
        raise InvalidError(
            "There is no such preset.", faults=[Fault("body.preset", f"Use one of: {allowed}.")]
        )
    return {**preset.weights, **{name.value: value for name, value in data.weights.items()}}


def _given_needs(given: Sequence[NeedData], vocabulary: Vocabulary) -> tuple[Need, ...]:
    faults: list[Fault] = []
    needs: list[Need] = []
    taken: set[str] = {data.id for data in given if data.id}
    seen: set[str] = set()
    for number, data in enumerate(given):
        where = f"body.needs[{number}]"
        if not (data.service or data.modality or data.platform or data.therapeutic_area):
            faults.append(
                Fault(where, "Name a service, a modality, a platform or a therapeutic_area.")
            )
        if data.id in seen:
            faults.append(Fault(f"{where}.id", "Two needs have this id."))
        name = data.id or _free_id(number, taken)
        seen.add(name)
        taken.add(name)
        try:
            needs.append(_need(name, data, vocabulary))
        except ValueError as error:
            faults.append(Fault(f"{where}.scale", _sentence(error)))
    if faults:
        raise InvalidError("Some needs can't be used as they are.", faults=faults)
    return tuple(needs)


def _placed(need: Need, text: str | None) -> Need:
    """The need with the place of each field in the text, where the text says the same words."""

    def place(field: Understanding | None) -> Understanding | None:
        found = field and re.search(re.escape(field.text), text or "", re.IGNORECASE)
        return replace(field, span=found.span()) if field and found else field

    return replace(
        need,
        service=place(need.service),
        modality=place(need.modality),
        platform=place(need.platform),
        stage=place(need.stage),
        therapeutic_area=place(need.therapeutic_area),
        quality=tuple(placed for field in need.quality if (placed := place(field))),
        scale=place(need.scale),
    )


def _sentence(error: ValueError) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:]}."


def _free_id(number: int, taken: set[str]) -> str:
    while f"n{number + 1}" in taken:
        number += 1
    return f"n{number + 1}"


def _need(name: str, data: NeedData, vocabulary: Vocabulary) -> Need:
    def read(phrase: str | None, facet: str) -> Understanding | None:
        if phrase is None:
            return None
        reading = vocabulary.resolve(phrase, facet)
        first = reading.mentions[0] if reading.mentions else None
        open_readings = tuple(r for mention in reading.mentions for r in mention.readings)
        return Understanding(
            phrase,
            concepts=reading.concepts,
            how=first.how if first else None,
            readings=open_readings,
        )

    qualities = [data.quality] if isinstance(data.quality, str) else (data.quality or [])
    scale, quantity = _scale(data.scale)
    stages = stages_of(data.stage) if data.stage else ()
    return Need(
        id=name,
        service=read(data.service, "service"),
        modality=read(data.modality, "modality"),
        platform=read(data.platform, "platform"),
        stage=Understanding(data.stage, how="exact" if stages else None) if data.stage else None,
        therapeutic_area=read(data.therapeutic_area, "therapeutic_area"),
        quality=tuple(found for q in qualities if (found := read(q, "quality"))),
        scale=scale,
        stages=stages,
        quantity=quantity,
        importance=data.importance.value,
        weight=data.weight,
    )


def _scale(
    scale: str | ScaleData | None,
) -> tuple[Understanding | None, Quantity | None]:
    if scale is None:
        return None, None
    if isinstance(scale, str):
        found = parse(scale, plans=True)
        return Understanding(scale, how="exact" if found else None), found[0] if found else None
    if scale.minimum is None and scale.maximum is None:
        raise ValueError("a scale needs a minimum, a maximum or both")
    quantity = from_range(scale.minimum, scale.maximum, scale.unit)
    return Understanding(words(quantity), how="exact"), quantity


def _wishes(given: WishesData, read: Wishes) -> Wishes:
    """What is given wins; what it leaves open is taken from the text."""
    required, preferred = tuple(given.countries.required), tuple(given.countries.preferred)
    if not (required or preferred):
        # Read as a whole or not at all: a country that a text requires would rule out the one
        # that is given as preferred.
        required, preferred = (
            tuple(code for code in codes if code not in given.countries.excluded)
            for codes in (read.countries_required, read.countries_preferred)
        )
    excluded = tuple(given.countries.excluded) or read.countries_excluded
    return Wishes(
        needed_from=Period.parse(given.needed_from) if given.needed_from else read.needed_from,
        countries_required=required,
        countries_preferred=preferred,
        countries_excluded=tuple(c for c in excluded if c not in (*required, *preferred)),
        markets=tuple(given.markets) or read.markets,
        ownership=tuple(o.value for o in given.ownership) or read.ownership,
        languages=tuple(given.languages) or read.languages,
        budget=given.budget or read.budget,
        include_inactive=given.include_inactive,
    )
