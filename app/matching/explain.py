"""Why a line won or lost its points, in words a person can read aloud, English and Korean."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from app.matching.availability import judge as judge_timing
from app.matching.criteria import authority
from app.matching.distinctions import told as told_apart
from app.matching.knowledge import table
from app.matching.offered import Scene
from app.matching.phrasing import countries_in_words, listed, works_in_words
from app.matching.quantity import compare, gap, words
from app.matching.sentences import say, stages_in_words
from app.matching.types import Gate, Offer, Point, Verdict
from app.period import Period

# What a service for something else than asked would win or nearly win.
_TAKEN_BACK = ("same", "narrower", "broader")
_SHOWN = 12  # words of a request that a line names
_FIELDS = ("service", "modality", "platform")  # of an offer, in words


Words = tuple[str | None, str | None, str]  # asked, offered, because


def words_of(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    """What a line says: what was asked, what is offered, and why it stands as it does."""
    return _WORDS[criterion](scene, criterion, verdict)


def sameness(scene: Scene, criterion: str) -> Hashable:
    """What the words of a line depend on beside its need and verdict, where many scenes agree in
    it and so are told in the same words; None where they hardly ever do."""
    return _SAMENESS[criterion](scene) if criterion in _SAMENESS else None


def gate_question(scene: Scene, need: str, line: Point) -> Gate:
    """What to ask the provider about a hard condition of a need that this line doesn't plainly
    meet."""
    told = {"time": _timing, "scale": _size}.get(line.criterion)
    reason = told(scene) if told else line.verdict
    if line.verdict == "missed" and _is_ruled_out(scene, line.criterion):
        reason = "ruled_out"
    asked = _named(scene, line.criterion) or line.asked
    return _gate(scene, need, line.criterion, line.verdict, reason, asked, line.offered)


def _named(scene: Scene, criterion: str) -> str:
    """What a need asks for that its own words name only in their context ("production")."""
    need = scene.ask.need
    field = {"service": need.service, "modality": need.modality}.get(criterion)
    if field is None or not need.is_named_in_context(field):
        return ""
    return listed(scene.lang, (_label(scene, concept) for concept in field.concepts))


def country_question(scene: Scene, verdict: Verdict) -> Gate:
    """What to ask about the one hard wish of the whole: the countries required or ruled out."""
    wishes, who = scene.ask.wishes, scene.candidate
    reason = verdict if wishes.countries_required else f"{verdict}_outside"
    named = countries_in_words(scene.lang, wishes.countries_required or wishes.countries_excluded)
    known = [who.country, *sorted(site.country for site in who.sites if site.country)]
    there = countries_in_words(scene.lang, filter(None, known), "and")
    return _gate(scene, None, "place", verdict, reason, named, there)


def _gate(
    scene: Scene,
    need: str | None,
    criterion: str,
    verdict: Verdict,
    reason: str,
    asked: str | None,
    offered: str | None,
) -> Gate:
    ask = say(scene.lang, "ask", criterion, reason, asked=asked or "", offered=offered or "")
    return Gate(need, criterion, verdict, ask)


def fits_from(scene: Scene) -> Period | None:
    """When the offer starts to fit, where it doesn't run already by its record."""
    found = scene.offered.availability
    if found.start is None or _timing(scene) in ("running", "stopped"):
        return None
    return found.start


def _concept_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked = scene.ask.asked[criterion]
    offer = scene.offer
    relation, mine, named = _relation(scene, criterion)
    mine, theirs = _label(scene, mine), _label(scene, named)
    offered = _words_held(scene, criterion, named) or theirs or None
    reason = _concept_reason(scene, criterion, verdict, relation)
    told = mine or asked.text, (offered or "") if reason == "form_only" else theirs
    if reason == "apart" and (against := scene.ask.stands_apart(scene.offered.distinguishing)):
        told = _called(scene, against[0]), _called(scene, against[1])
    elif reason == "ruled_out":
        told = listed(scene.lang, (_label(scene, each) for each in asked.concepts)), ""
    because = say(scene.lang, "concept", criterion, reason, asked=told[0], offered=told[1])
    if criterion == "service" and offer.flag == "general_knowledge":
        because += " " + say(scene.lang, "concept", criterion, "weak")
    return asked.text, offered, because


def _concept_reason(scene: Scene, criterion: str, verdict: Verdict, relation: str) -> str:
    asked = scene.ask.asked[criterion]
    if relation == "every":
        return relation
    if not asked.concepts:
        return "words"
    if verdict == "missed" and _is_ruled_out(scene, criterion):
        return "ruled_out"
    if criterion == "service" and verdict == "partly" and _is_apart(scene, relation):
        return "apart"
    if verdict == "unknown":
        is_form = scene.vocabulary.is_form
        forms = criterion == "modality" and all(is_form(concept) for concept in asked.concepts)
        if criterion == "modality" and not forms and scene.offer.modality:
            return "form_only"
        return "silent_form" if forms else "silent"
    if criterion == "service" and verdict == "partly" and relation == "none":
        return "by_words"
    if verdict == "partly" and relation in ("same", "narrower") and len(asked.concepts) > 1:
        return "part"
    return "beside" if relation == "related" and _is_of_another_kind(scene, criterion) else relation


def _is_of_another_kind(scene: Scene, criterion: str) -> bool:
    """Whether what comes closest is of another facet: a product beside the making of it."""
    known, asked = scene.vocabulary.concepts, scene.ask.asked[criterion].concepts
    _, mine, theirs = scene.vocabulary.relation(asked, _offered_concepts(scene, criterion))
    return known[mine].facet != known[theirs].facet


def _is_ruled_out(scene: Scene, criterion: str) -> bool:
    return criterion in _FIELDS and scene.ask.is_ruled_out(criterion, scene.offered.ruled_out)


def _is_apart(scene: Scene, relation: str) -> bool:
    is_apart = scene.ask.stands_apart(scene.offered.distinguishing) is not None
    return relation in _TAKEN_BACK and is_apart


def _called(scene: Scene, name: str) -> str:
    """How something that tells two works of one name apart is called."""
    return told_apart(name, scene.lang) or _label(scene, name)


def _texts(offer: Offer) -> tuple[str | None, ...]:
    """What `_words_held` chooses from."""
    return offer.service, offer.modality, offer.platform


def _words_held(scene: Scene, criterion: str, named: str) -> str | None:
    """The words of the offer that a line speaks of: those of its own field, or where they don't
    write the concept `named` to the letter and another field does, those of that one."""
    texts = dict(zip(_FIELDS, _texts(scene.offer), strict=True))
    own = texts.pop(criterion, None) or None
    if own is None or not named or scene.vocabulary.is_written_in(named, own):
        return own
    others = (text for text in texts.values() if text)
    return next((text for text in others if scene.vocabulary.is_written_in(named, text)), own)


def _relation(scene: Scene, criterion: str) -> tuple[str, str, str]:
    """How the closest pair of an asked and an offered concept stands, and both."""
    vocabulary = scene.vocabulary
    asked = scene.ask.asked[criterion].concepts
    if criterion == "modality" and scene.offered.every_modality:
        return "every", asked[0] if asked else "", ""
    return vocabulary.relation(asked, _offered_concepts(scene, criterion))


def _offered_concepts(scene: Scene, criterion: str) -> tuple[int, ...]:
    is_area = criterion == "therapeutic_area"
    return scene.offered.areas if is_area else scene.offered.concepts


def _label(scene: Scene, concept: str) -> str:
    if not concept:
        return ""
    labels = scene.vocabulary.concepts[concept].labels
    return labels.get(scene.lang) or labels.get("en") or concept


def _area_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked, _, because = _concept_words(scene, criterion, verdict)
    found = _offered_concepts(scene, criterion)
    ids = scene.vocabulary.ids
    named = ", ".join(scene.candidate.areas) or ", ".join(_label(scene, ids[a]) for a in found)
    return asked, named or None, because


def _work_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked = works_in_words(scene.lang, scene.ask.regimes)
    offered = works_in_words(scene.lang, scene.offered.work.regimes)
    if criterion == "breadth":
        offered = scene.offer.service if verdict == "met" else ""
    named = offered
    if criterion == "regime" and verdict == "met":
        common = scene.ask.regimes & scene.offered.work.regimes
        named = works_in_words(scene.lang, common)
    because = say(scene.lang, "work", criterion, verdict, offered=named)
    return asked, offered or None, because


def _stage_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    need, offer = scene.ask.need, scene.offer
    offered = ", ".join(offer.stages) or None
    asked = need.stage.text if need.stage else None
    reason = verdict if need.stages else "unread"
    named = stages_in_words(scene.lang, offer.stages)
    return asked, offered, say(scene.lang, "stage", criterion, reason, offered=named)


def _quality_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked = scene.ask.asked[criterion]
    reasons, offered = [], []
    for standard in scene.ask.standards:
        finding = scene.offered.assurance.standing(standard)
        label, said = _label(scene, standard.concept), finding.words or scene.offer.quality or ""
        reasons.append(say(scene.lang, "quality", criterion, finding.reason, label, said))
        offered += [said] if said else []
    if asked.unread:
        unread = "partly_unread" if reasons else "unread"
        reasons.append(say(scene.lang, "quality", criterion, unread))
    return asked.text, _listed(offered, "; "), " ".join(dict.fromkeys(reasons))


def _listed(texts: Iterable[str], mark: str = ", ") -> str | None:
    """The distinct texts in one line, None when there are none."""
    return mark.join(dict.fromkeys(text for text in texts if text)) or None


def _scale_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    need, offer = scene.ask.need, scene.offer
    quantities = offer.quantities
    offered = offer.scale or _listed(q.text or words(q) for q in quantities)
    asked = need.scale.text if need.scale else None
    reason: str = verdict
    if need.quantity is None:
        reason = "unread"
    elif verdict == "unknown" and quantities:
        reason = "open" if compare(need.quantity, quantities).offered else "other_kind"
    elif verdict == "unknown" and offered:
        reason = "unreadable"
    elif verdict in ("partly", "missed"):
        reason = _size(scene)
    return asked, offered, say(scene.lang, "scale", criterion, reason, offered=offered or "")


def _size(scene: Scene) -> str:
    """How the stated scale stands to the amount asked for: near it or too small, too large, or as
    much as a part of it."""
    wanted = scene.ask.need.quantity
    if wanted is None:
        return "unknown"
    found = compare(wanted, scene.offer.quantities)
    if found.offered is None or found.verdict in ("met", "unknown"):
        return found.verdict
    where = gap(wanted, found.offered)
    if where == "larger":
        return "larger" if found.verdict == "near" else "far_larger"
    return "part" if where == "part" else found.verdict


def _timing(scene: Scene) -> str:
    return judge_timing(scene.offered.availability, scene.ask.needed, scene.ask.as_of).reason


def _time_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    start = scene.offered.availability.start
    text = start.text if start else ""
    reason = _timing(scene)
    if reason in ("running", "late") and scene.ask.needed == Period.of_day(scene.ask.as_of):
        reason += "_now"
    because = say(scene.lang, "time", criterion, reason, offered=text)
    return scene.ask.needed.text, text or None, because


def wording_words(lang: str, found: Sequence[str], translated: Sequence[str] = ()) -> Words:
    """What the line of wording says, given the request's own words that stand in the record and
    those of the English terms that it was read as, the most telling first."""
    own, others = found[:_SHOWN], translated[: max(0, _SHOWN - len(found))]
    said = []
    if own or not others:
        reason = "found" if len(own) > 1 else "one" if own else "none"
        said.append(say(lang, "wording", "wording", reason, offered=", ".join(own)))
    if others:
        reason = "also_translated" if own else "translated"
        said.append(say(lang, "wording", "wording", reason, offered=", ".join(others)))
    return None, ", ".join((*own, *others)) or None, " ".join(said)


def _place_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    wishes = scene.ask.wishes
    return _stands(scene, wishes.countries_preferred or wishes.countries_required, verdict)


def _stands(scene: Scene, wanted: Sequence[str], verdict: Verdict) -> Words:
    """Where the provider stands to these countries."""
    who = scene.candidate
    there = sorted({s.country for s in who.sites if s.country in wanted and s.country})
    reason: str = verdict
    stands = [who.country] if who.country else []
    if verdict == "partly":
        reason = "partly" if who.country else "facility"
        stands = there
    named = _listed([_country(scene.lang, code) for code in stands])
    because = say(scene.lang, "place", "place", reason, offered=named or "")
    return ", ".join(wanted), _listed(stands) or None, because


def _country(lang: str, code: str) -> str:
    """The name of a country; its code where the table of places doesn't know it."""
    names = table("places")["countries"].get(code, {})
    called = names.get("korean" if lang == "ko" else "names") or [code]
    return str(called[0])


def _wish_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    wishes, who = scene.ask.wishes, scene.candidate
    asked, offered = {
        "market": (
            wishes.markets,
            sorted({p.authority for p in who.proofs if p.authority}),
        ),
        "language": (wishes.languages, who.languages),
        "ownership": (wishes.ownership, () if who.ownership == "unknown" else (who.ownership,)),
        "freshness": ((), (who.assured_on.isoformat(),) if who.assured_on else ()),
    }[criterion]
    named, told = _listed(offered), offered
    if criterion == "market":
        of_market = [authority(scene.ask, name) for name in asked]
        told = [name for name in offered if any(authority(scene.ask, name) & m for m in of_market)]
    because = say(scene.lang, "wish", criterion, verdict, offered=_listed(told) or "")
    return _listed(asked), named, because


Tell = Callable[[Scene, str, Verdict], Words]
_WORDS: Mapping[str, Tell] = {
    "service": _concept_words,
    "modality": _concept_words,
    "regime": _work_words,
    "breadth": _work_words,
    "platform": _concept_words,
    "therapeutic_area": _area_words,
    "stage": _stage_words,
    "quality": _quality_words,
    "scale": _scale_words,
    "time": _time_words,
    "place": _place_words,
    "market": _wish_words,
    "language": _wish_words,
    "ownership": _wish_words,
    "freshness": _wish_words,
}
_SAMENESS: Mapping[str, Callable[[Scene], Hashable]] = {
    "service": lambda scene: (
        scene.offered.concepts,
        scene.offered.distinguishing,
        scene.offered.ruled_out,
        scene.offer.flag,
        _texts(scene.offer),
    ),
    "modality": lambda scene: (
        scene.offered.concepts,
        scene.offered.ruled_out,
        scene.offered.every_modality,
        _texts(scene.offer),
    ),
    "platform": lambda scene: (
        scene.offered.concepts,
        scene.offered.ruled_out,
        _texts(scene.offer),
    ),
    "therapeutic_area": lambda scene: (scene.offered.areas, scene.candidate.areas),
    "regime": lambda scene: scene.offered.work_number,
    "breadth": lambda scene: scene.offer.service if scene.offered.work.is_whole else "",
    "stage": lambda scene: scene.offer.stages,
    "quality": lambda scene: (scene.offered.assurance_number, scene.offer.quality),
    "scale": lambda scene: (scene.offer.quantities, scene.offer.scale),
    "time": lambda scene: scene.offered.availability_number,
    "ownership": lambda scene: scene.candidate.ownership,
    "freshness": lambda scene: (scene.candidate.assured_on,),
}
