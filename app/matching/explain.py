"""Why a line won or lost its points, in words a person can read aloud, English and Korean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.matching.availability import Availability
from app.matching.availability import judge as judge_timing
from app.matching.criteria import Ask
from app.matching.knowledge import table
from app.matching.quantity import compare, words
from app.matching.sentences import say, stages_in_words, works_in_words
from app.matching.types import Candidate, Gate, Offer, Point, Verdict
from app.period import Period


@dataclass(frozen=True, slots=True)
class Scene:
    """What a line is about: a need, a candidate, and the offer that serves the need best."""

    ask: Ask
    candidate: Candidate
    offer: Offer | None  # None where a wish is explained
    offer_at: int
    candidate_at: int
    lang: str


def point(
    scene: Scene,
    criterion: str,
    *,
    possible: int,
    won: int,
    unknown: int,
    prior: float,
    verdict: Verdict,
) -> Point:
    """A line of the ledger with its words."""
    asked, offered, because = _WORDS[criterion](scene, criterion, verdict)
    offer = scene.offer
    return Point(
        criterion=criterion,
        possible=possible,
        won=won,
        unknown=unknown,
        lost=possible - won - unknown,
        prior=prior,
        verdict=verdict,
        asked=asked,
        offered=offered,
        because=because,
        evidence=offer.evidence if offer and won else None,
        seen_on=offer.seen_on if offer and won else None,
    )


def gate_question(scene: Scene, need: str, line: Point) -> Gate:
    """What to ask the provider about a hard condition of a need that this line doesn't plainly
    meet."""
    reason = _timing(scene) if line.criterion == "time" else line.verdict
    return _gate(scene, need, line.criterion, line.verdict, reason, line.asked, line.offered)


def country_question(scene: Scene, verdict: Verdict) -> Gate:
    """What to ask about the one hard wish of the whole: the countries required."""
    wanted = scene.ask.wishes.countries_required
    named = ", ".join(_country(scene.lang, code) for code in wanted)
    return _gate(scene, None, "place", verdict, verdict, named, scene.candidate.country)


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
    found = _availability(scene)
    if found.start is None or _timing(scene) in ("running", "stopped"):
        return None
    return found.start


Words = tuple[str | None, str | None, str]


def _concept_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked = scene.ask.asked[criterion]
    offer = scene.offer
    relation, mine, theirs = _relation(scene, criterion)
    offered = (_offered_text(offer, criterion) if offer else None) or theirs or None
    reason = _concept_reason(scene, criterion, verdict, relation)
    because = say(
        scene.lang, "concept", criterion, reason, asked=mine or asked.text, offered=theirs
    )
    if criterion == "service" and offer is not None and offer.flag == "general_knowledge":
        because += " " + say(scene.lang, "concept", criterion, "weak")
    return asked.text, offered, because


def _concept_reason(scene: Scene, criterion: str, verdict: Verdict, relation: str) -> str:
    asked = scene.ask.asked[criterion]
    if relation == "every":
        return relation
    if not asked.concepts:
        return "words"
    if verdict == "unknown":
        is_form = scene.ask.catalogue.vocabulary.is_form
        forms = criterion == "modality" and all(is_form(concept) for concept in asked.concepts)
        return "silent_form" if forms else "silent"
    if criterion == "service" and verdict == "partly" and relation == "none":
        return "by_words"
    if verdict == "partly" and relation in ("same", "narrower") and len(asked.concepts) > 1:
        return "part"
    return relation


def _offered_text(offer: Offer, criterion: str) -> str | None:
    texts = {"service": offer.service, "modality": offer.modality, "platform": offer.platform}
    return texts.get(criterion) or None


def _relation(scene: Scene, criterion: str) -> tuple[str, str, str]:
    """How the closest pair of concepts stands, with both their labels."""
    vocabulary = scene.ask.catalogue.vocabulary
    catalogue = scene.ask.catalogue
    asked = scene.ask.asked[criterion].concepts
    if criterion == "modality" and catalogue.every_modality[_profile_at(scene)]:
        return "every", _label(scene, asked[0]) if asked else "", ""
    offered = _offered_concepts(scene, criterion)
    pairs = [(vocabulary.likeness(a, o), a, o) for a in asked for o in offered]
    if not pairs:
        return "none", _label(scene, asked[0]) if asked else "", ""
    likeness, mine, theirs = max(pairs, key=lambda pair: pair[0])
    if likeness <= 0:
        return "none", _label(scene, mine), ""
    if mine == theirs:
        relation = "same"
    elif theirs in vocabulary.narrower(mine):
        relation = "narrower"
    elif mine in vocabulary.narrower(theirs):
        relation = "broader"
    else:
        relation = "related"
    return relation, _label(scene, mine), _label(scene, theirs)


def _profile_at(scene: Scene) -> int:
    return int(scene.ask.catalogue.profiles.codes[scene.offer_at])


def _offered_concepts(scene: Scene, criterion: str) -> list[str]:
    catalogue = scene.ask.catalogue
    if criterion == "therapeutic_area":
        return list(catalogue.areas.values[int(catalogue.areas.codes[scene.offer_at])])
    lists = catalogue.concepts
    at = _profile_at(scene)
    end = lists.starts[at + 1] if at + 1 < len(lists.starts) else len(lists.positions)
    positions = lists.positions[lists.starts[at] : end].tolist()
    return [catalogue.vocabulary.ids[p] for p in positions if p >= 0]


def _label(scene: Scene, concept: str) -> str:
    labels = scene.ask.catalogue.vocabulary.concepts[concept].labels
    return labels.get(scene.lang) or labels.get("en") or concept


def _area_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    asked, _, because = _concept_words(scene, criterion, verdict)
    found = _offered_concepts(scene, criterion)
    named = ", ".join(scene.candidate.areas) or ", ".join(_label(scene, area) for area in found)
    return asked, named or None, because


def _work_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    works = scene.ask.catalogue.works
    found = works.values[int(works.codes[scene.offer_at])]
    asked = works_in_words(scene.lang, scene.ask.regimes)
    offered = works_in_words(scene.lang, found.regimes)
    if criterion == "breadth":
        offered = scene.offer.service if scene.offer and verdict == "met" else ""
    because = say(scene.lang, "work", criterion, verdict, offered=offered)
    return asked, offered or None, because


def _stage_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    need, offer = scene.ask.need, scene.offer
    offered = ", ".join(offer.stages) if offer and offer.stages else None
    asked = need.stage.text if need.stage else None
    reason = verdict if need.stages else "unread"
    named = stages_in_words(scene.lang, offer.stages if offer else ())
    return asked, offered, say(scene.lang, "stage", criterion, reason, offered=named)


def _quality_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    catalogue = scene.ask.catalogue
    findings = scene.ask.findings[int(catalogue.assurances.codes[scene.offer_at])]
    asked = scene.ask.asked[criterion]
    reasons, offered = [], []
    for standard, finding in zip(scene.ask.standards, findings, strict=True):
        label, said = _label(scene, standard.concept), finding.words or ""
        reasons.append(say(scene.lang, "quality", criterion, finding.reason, label, said))
        offered += [finding.words] if finding.words else []
    if asked.unread:
        unread = "partly_unread" if reasons else "unread"
        reasons.append(say(scene.lang, "quality", criterion, unread))
    return asked.text, _listed(offered, "; "), " ".join(dict.fromkeys(reasons))


def _listed(texts: Iterable[str], mark: str = ", ") -> str | None:
    """The distinct texts in one line, None when there are none."""
    return mark.join(dict.fromkeys(text for text in texts if text)) or None


def _scale_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    need, offer = scene.ask.need, scene.offer
    quantities = offer.quantities if offer else ()
    offered = (offer.scale if offer else None) or _listed(q.text or words(q) for q in quantities)
    asked = need.scale.text if need.scale else None
    reason: str = verdict
    if need.quantity is None:
        reason = "unread"
    elif verdict == "unknown" and quantities:
        reason = "open" if compare(need.quantity, quantities).offered else "other_kind"
    elif verdict == "unknown" and offered:
        reason = "unreadable"
    elif verdict == "partly":
        reason = "near"
    return asked, offered, say(scene.lang, "scale", criterion, reason, offered=offered or "")


def _availability(scene: Scene) -> Availability:
    catalogue = scene.ask.catalogue
    return catalogue.availabilities.values[int(catalogue.availabilities.codes[scene.offer_at])]


def _timing(scene: Scene) -> str:
    return judge_timing(_availability(scene), scene.ask.needed, scene.ask.as_of).reason


def _time_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    start = _availability(scene).start
    text = start.text if start else ""
    because = say(scene.lang, "time", criterion, _timing(scene), offered=text)
    return scene.ask.needed.text, text or None, because


def _wording_words(scene: Scene, criterion: str, verdict: Verdict) -> Words:
    weights = scene.ask.words
    index = scene.ask.catalogue.words
    found = index.found(weights, scene.candidate_at)
    telling = sorted(found, key=lambda word: (-index.rarity(word) * weights[word], word))[:12]
    listed = ", ".join(telling)
    reason = "found" if telling else "none"
    because = say(scene.lang, "wording", criterion, reason, offered=listed)
    return None, listed or None, because


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
    listed = names.get("korean" if lang == "ko" else "names") or [code]
    return str(listed[0])


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
    listed = _listed(offered)
    because = say(scene.lang, "wish", criterion, verdict, offered=listed or "")
    return _listed(asked), listed, because


_WORDS = {
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
    "wording": _wording_words,
    "place": _place_words,
    "market": _wish_words,
    "language": _wish_words,
    "ownership": _wish_words,
    "freshness": _wish_words,
}
