"""Places of a need by their role: where the work is wanted, where the product goes, who asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from app.matching.clauses import Outline
from app.matching.gazetteer import Gazetteer, Named
from app.matching.knowledge import table
from app.matching.languages import languages_of
from app.matching.place_conditions import is_required
from app.matching.terms import Token, tokens
from app.matching.types import Span

Role = Literal["work", "required", "market", "asker", "ruled out", "nothing"]

_CAPITALS = frozenset(
    ("polish", "turkey", "china", "us", "guinea", "georgia", "cork", "lund", "jordan")
)
_ASKER_AFTER = re.compile(
    r"[ -]+(?:\w+[ -]+){0,5}?(?:compan(?:y|ies)|developer|biotech|start-?up|firm|maker|group|team"
    r"|university|institute|charity|foundation|sponsor|buyer|agency|hospital|centre|center"
    r"|consortium"
    r"|biopharma|academics?|researchers?|spin-?(?:out|off)|headquartered|based)\b",
    re.I,
)
_ASKING_LATER = re.compile(
    r"\b(?:seek|need|want|look|requir|wish|plan|search|procur|invit|is sponsoring|buys?)", re.I
)
_WE_ARE = re.compile(
    r"\b(?:we are|we're|our (?:company|team|lab)|based in|headquartered in|a company (?:in|from)"
    r"|저희는|우리는|당사는)[^.;]{0,40}$",
    re.I,
)
_SITS = re.compile(r"\b(?:are|we're|based|headquartered|located|compan(?:y|ies))\b[^.;,]*$", re.I)
_LICENSOR = re.compile(
    r"\b(?:licen[sc]ed from|in-licen[sc]ed|acquired from|funded by|bought from"
    r"|university of)\b[^.,;]{0,25}$",
    re.I,
)
_MARKET_BEFORE = re.compile(
    r"\b(?:fil(?:e|ing) (?:with|in|to)|submi(?:t|ssion)s? (?:to|in)|approv(?:al|ed) (?:in|by|from)"
    r"|market(?:ed|ing)? (?:in|for)|sold in|s(?:ell|ales) in|launch(?:ed)? in|regist(?:er|ered"
    r"|ration)"
    r"(?: \w+)? in|acceptable (?:to|in)|accepted (?:by|in)|authori[sz]ation (?:in|from)"
    r"|licen[sc]e in"
    r"|suppl(?:y|ies) (?:to|for) the|destined for|usable for|suitable for|export(?:ed)? to"
    r"|meeting with"
    r"|data for|dossier for|ind (?:in|to)|cta in|for the)\s+(?:the\s+)?(?:\w+,?\s+(?:and"
    r"|or)\s+(?:the\s+)?)?$",
    re.I,
)
_MARKET_AFTER = re.compile(
    r"\s*(?:market|launch|approval|filing|submission|regist|IND\b|NDA\b|BLA\b|CTA\b|MAA\b"
    r"|(?:clinical[ -])?trial application|(?:commercial )?suppl|emergency use|agency\b"
    r"|authorit(?:y|ies)\b|authori[sz]"
    r"|regulat|marketing|시장|허가|출시|진출|수출|승인|판매|등록|IND 신청)",
    re.I,
)
_ANYWHERE = re.compile(  # "at home or abroad" rules no country in or out
    r"국내[·ㆍ・∙/]?외(?!\s?(?:제외|불가))|국외\s?[·ㆍ・∙/]\s?내"
    r"|국내\s?(?:[·ㆍ・∙/]|및|또는|혹은|나|와|든지?|,(?=\s?(?:해외|국외)\s?(?:모두|다|무관|가능)))?\s?"
    r"(?:해외|국외)|(?:해외|국외)\s?(?:[·ㆍ・∙/]|및|또는|혹은|나|와|든지?)?\s?국내"
)
_ELSEWHERE = (
    r"(?:abroad|overseas|elsewhere|foreign|worldwide|globally|internationally|anywhere"
    r"|other countries)\b"
)
_ELSEWHERE_AFTER = re.compile(
    rf"(?:\s+(?:sites?|partners?|CDMOs?|CMOs?|CROs?|compan(?:y|ies)|providers?|vendors?))?"
    rf"\s*(?:/|\band\b|\bor\b|,\s*or\b)\s*(?:{_ELSEWHERE})"
    r"|\s*(?:업체|기업|회사|기관|CDMO|CRO)?\s*(?:및|또는|혹은|이?나|와|과|이?든지?|[/·])\s?"
    r"(?:해외|국외|외국|다른 (?:나라|국가)|기타 국가)",
    re.I,
)
_ELSEWHERE_BEFORE = re.compile(
    rf"\b(?:{_ELSEWHERE})\s*(?:/|\band\b|\bor\b)\s*(?:in\s+)?$"
    r"|(?:해외|국외)\s?(?:업체|기업|기관)?\s?(?:및|또는|혹은|나|와|든지?|[/·])\s?$",
    re.I,
)
# Whom a trial takes in, or whose cells are used, is no place of the work.
_POPULATION = re.compile(
    r"\s+(?:(?:adult|healthy|male|female|elderly|pa?ediatric|human|young|cancer|\w+ic)\s+){0,3}"
    r"(?:patients?|subjects?|volunteers?|participants?|populations?|ethnic\w*|children|adults"
    r"|men|women|infants|people|persons|cohorts?|donors?|descent|ancestry|origin"
    r"|strains?|isolates?|lineages?|variants?|clades?|breeds?)\b"
    r"|인(?:\s|(?:을|이|은|의|에|과|에게|에서|도|만)?(?![가-힣])|\s?(?:환자|대상|피험자|자원자|건강|성인))"
    r"|\s?(?:환자|피험자|자원자|공여자)"
    r"|-origin\b",
    re.I,
)
_STANDARD_AFTER = re.compile(  # whose rules are kept, wherever the work is done
    r"\s+(?:c?GMP|GLP|GCP)\s*(?:$|[.,;:()]|(?:required|certif\w+|compli\w+|is|are|must|standards?"
    r"|guidelines?|regulations?|requirements?|and|or)\b)"
    r"|\s+(?:guidelines?|regulations?|standards?|requirements?|rules|laws?|legislation)\b"
    r"|\s*(?:/|\bor\b|\band\b|&)\s*[A-Z]{2}\s+c?GMP\b(?!\s+(?:sites?|facilit|plants?|CDMO))",
    re.I,
)
_RULED_OUT = re.compile(
    r"(?:\b(?:outside(?: of)?|not (?:in|from)|except(?: in| for)?|excluding|other than"
    r"|avoid(?:ing)?|rul(?:e|ing) out|anywhere but|but not(?: in)?)\s+(?:(?:the|any|all)\s+)?"
    r"|\b(?:ex|non)[- ])$",
    re.I,
)
# Where a medicine may be sold, or is protected, says nothing of where the work may be done.
_OF_THE_PRODUCT = re.compile(
    r"\b(?:rights?|markets?|sales?|s[eo]ld|sells?|launch|approv\w+|licen[sc]\w+|authori[sz]ed"
    r"|regist\w+|territor\w+|patients?|patents?|distribut\w+|available|commerciali[sz]\w+)\b"
    r"[^.;,]*$",
    re.I,
)
_PREFIXED = re.compile(r"\b(non|ex)-(?=[A-Z])", re.I)
_OF_THE_PRODUCT_AFTER = re.compile(r"[^.;,]{0,12}(?:판권|시장|판매|출시|허가|지역 권리|독점)")
_KOREAN_ASKER = re.compile(
    r"\s*(?:소재\s*)?(?:바이오|제약|신약|백신)*\s*(?:개발\s*)?(?:기업|회사|벤처|스타트업|텍|개발사|업체|대학|연구소)"
    r"(?:이|가|은|는|으로서|로서|입니다|인데|에서 개발)"
)
_ITEM = r"(?:(?:업체|기업|회사|기관|sites?|partners?|CDMOs?|CROs?|CMOs?|labs?|compan(?:y|ies))\s*)?"
_IN_A_ROW = re.compile(
    rf"\s*{_ITEM}(?:,|/|&|·|\bor\b|\band\b|\bnor\b|및|또는|혹은|이나|나|와|과)\s*(?:,?\s*(?:or|and|nor)\b\s*)?"
    r"(?:(?:in|from|the|either)\s+)*",
    re.I,
)
_LAST_OF_ROW = re.compile(r"\b(?:or|and|nor)\b|및|또는|혹은|나|와|과|/", re.I)
_APART_AT_LAST = re.compile(r"(?:\b(?:or|and)\b|및|또는|혹은|나|와|과).*,\s*$", re.I)
# That a place is not needed, or that one has no site there, rules it out for nobody.
_NOT_NEEDED = re.compile(
    r"(?:\s+\w+)?\s+(?:(?:is|are)\s+)?(?:not|no longer|isn['’]t|aren['’]t)\s+"
    r"(?:strictly\s+|absolutely\s+)?"
    r"(?:required|necessary|needed|mandatory|essential|a must)\b"
    r"|\s*(?:업체|소재|기업|회사)?(?:일|이|가|은|는)?\s*"
    r"(?:필요(?:는|가)?\s?없|필수(?:는|가)?\s?(?:아니|아님|아닌)|불필요|아니어도|아니라도|아니여도|상관\s?없|무관)",
    re.I,
)
# Where goods come from or go to, and who works for the asker already.
_MOVED = re.compile(
    r"\b(?:(?:ship|deliver|import|export|dispatch)\w*|sen[dt]|(?:raw|starting) materials?)\s+"
    r"(?:(?:is|are|be|it|them)\s+)?(?:from|to|into)\s+(?:the\s+)?$",
    re.I,
)
_OURS = re.compile(r"\bour (?:current |existing |own )?$", re.I)
_OURS_AFTER = re.compile(
    r"\s+(?:partner|supplier|lab|site|team|subsidiary|affiliate|collaborator|licensee|parent"
    r"|CDMO|CMO|CRO|manufacturer|office|entity|branch)\b",
    re.I,
)
_ORIGIN_AFTER = re.compile(r"산\s?(?:원료|원부자재|부형제|시약|장비|제품|약재|한약재)")
_BUT_WISHED = re.compile(
    r"\s*,?\s*(?:but|though|yet)\s+(?:\w+\s+){0,3}?(?:prefer|desir|welcome|nice|a plus|advantage)"
    r"|[^.\n]{0,6}(?:지만|나)\s?(?:우대|선호|있으면|이면)",
    re.I,
)
_HAVE_NOT = re.compile(
    r"\b(?:(?:have|has|had|own|owns|run|there (?:is|are))\s?(?:n['’]t|no|not)"
    r"|(?:do|does|did)(?:n['’]t| not) (?:yet |currently )?(?:have|own|operate|run|possess)"
    r"|lack(?:s|ing)?)\b"
    r"(?:\s+(?!and\b|but\b|so\b|need)\w[\w-]*)*\s+(?:in|from|within)?\s*(?:the\s+)?$",
    re.I,
)
_KOREAN_ONLY_HERE = re.compile(
    r"\s?외(?:의|에)?\s?(?:지역\s?)?(?:업체|기업|국가|지역|기관)\S?\s?(?:제외|불가|배제|안\s?(?:됩|돼|되|됨))"
)
_NEAR = 240  # characters, more than any of the patterns that end at a name can match
_KOREAN_RULED_OUT = re.compile(
    r"(?:(?:이나|나|과|와|\s및)\s*[가-힣]{2,6}?){0,3}\s*(?:(?:소재|현지|내|국적|계)?\s*(?:업체|기업|회사|기관|시설|공장|CDMO|CMO|CRO))?"
    r"(?:에서|에|산)?(?:은|는|을|를|도|만)?\s*"
    r"(?:이외|외(?![가-힣])|외[의에]|제외|빼고|말고|불가|배제|안\s?(?:됩|돼|되|됨)|피하|피해)"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Countries (ISO 3166-1 alpha-2) and regulators, and where in the text they were named."""

    required: tuple[str, ...]
    preferred: tuple[str, ...]
    excluded: tuple[str, ...]
    markets: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@cache
def _gazetteer() -> Gazetteer:
    kept = table("places")
    names: list[tuple[str, str]] = [(form, "") for form in kept["not_places"]]
    for name, region in kept["regions"].items():
        names += [(form, name) for form in region["forms"]]
    names += [(name, name) for name in kept["several"]]
    for code, country in kept["countries"].items():
        forms = (*country["names"], *country["korean"], *country["demonyms"])
        names += [(form, code) for form in forms]
    for code, cities in kept["cities"].items():
        names += [(city, code) for city in cities]
    return Gazetteer(names, _CAPITALS)


@cache
def _regulators() -> Gazetteer:
    kept = table("regulators")["regulators"]
    return Gazetteer((form, name) for name, entry in kept.items() for form in entry["forms"])


@cache
def _regulator_of() -> dict[str, str]:
    kept = table("regulators")["regulators"]
    return {
        country: name for name, entry in reversed(kept.items()) for country in entry["countries"]
    }


def places_of(outline: Outline, found: Sequence[Token]) -> Places:
    """The places a need names, each in its role; a region stands for its countries."""
    text = outline.text
    required: dict[str, None] = {}
    ruled_out: dict[str, None] = {}
    preferred: dict[str, None] = {}
    markets: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    for name in _regulators().find(text, found):
        spans.append((name.start, name.end))
        if not outline.negated(name.start, name.end):
            markets[name.value] = None
    if _PREFIXED.search(text) or _ANYWHERE.search(text):  # "non-US": a word of its own here
        plain = _PREFIXED.sub(lambda prefix: " " * len(prefix[0]), text)
        found = tokens(_ANYWHERE.sub(lambda both: " " * len(both[0]), plain))
    spoken = [(each.start, each.end) for each in languages_of(outline)]
    other = [*spans, *spoken]
    names = [
        name
        for name in _gazetteer().find(text, found)
        if name.value and not any(low <= name.start < high for low, high in other)
    ]
    spans += [(name.start, name.end) for name in names]
    kept = {"ruled out": ruled_out, "required": required, "work": preferred}
    for name, role in _roles(outline, names):
        if role == "market":
            markets.update(dict.fromkeys(_markets(name.value)))
        elif role in kept:
            kept[role].update(dict.fromkeys(countries_of(name.value)))
    # "In Asia, but not in China" leaves the rest of Asia.
    must = tuple(code for code in required if code not in ruled_out)
    wished = tuple(code for code in preferred if code not in {*required, *ruled_out})
    return Places(must, wished, tuple(ruled_out), tuple(markets), tuple(sorted(spans)))


def spans_of_places(text: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """Where a text names countries, regions and cities, in whatever role."""
    return [(name.start, name.end) for name in _gazetteer().find(text, found) if name.value]


def longer_places(text: str, found: Sequence[Token]) -> list[Span]:
    """Names of several words, each of which may say something else: the MA of Cambridge, MA."""
    named = [n for n in _gazetteer().find(text, found) if n.value and n.last - n.first > 1]
    return [Span(text[n.start : n.end], n.start, n.end) for n in named]


def countries_of(place: str) -> tuple[str, ...]:
    """The countries of a region's name, of a name that several have a place of, or of a code."""
    kept = table("places")
    region = kept["regions"].get(place)
    return tuple(region["countries"] if region else kept["several"].get(place, (place,)))


@lru_cache(maxsize=1024)
def regulator_named(authority: str) -> str | None:
    """The regulator that an authority's name means; None where it is none."""
    found = _regulators().find(authority, tokens(authority))
    return found[0].value if found else None


def _markets(place: str) -> list[str]:
    """The regulators of a place; Europe as a whole is the EMA's."""
    if place in ("European Union", "European Economic Area", "Europe"):
        return ["EMA"]
    known = _regulator_of()
    members = table("places")["regions"]["European Union"]["countries"]
    found = [known.get(c) or ("EMA" if c in members else None) for c in countries_of(place)]
    return [regulator for regulator in dict.fromkeys(found) if regulator]


def _roles(outline: Outline, names: Sequence[Named]) -> list[tuple[Named, Role]]:
    """Each name with its role; what is said of one name of a row holds for the row."""
    told: list[tuple[Named, Role]] = []
    row: list[tuple[Named, Role]] = []
    for name in names:
        role = _role(outline, name)
        if role == "work" and is_required(outline, name):
            role = "required"
        if row and not _IN_A_ROW.fullmatch(outline.text, row[-1][0].end, name.start):
            told += _as_one(outline, row)
            row = []
        row.append((name, role))
    return told + _as_one(outline, row)


def _as_one(outline: Outline, row: list[tuple[Named, Role]]) -> list[tuple[Named, Role]]:
    roles = [role for _, role in row]
    if len(row) < 2 or "work" not in roles or {"market", "asker", "nothing"} & set(roles):
        return row
    if "required" in roles and "ruled out" not in roles:
        return [
            (name, role if outline.is_preferred(name.start) else "required") for name, role in row
        ]
    between = outline.text[row[0][0].end : row[-1][0].start]
    first, last = roles[0] == "ruled out", roles[-1] == "ruled out"
    if (first and _LAST_OF_ROW.search(between)) or (last and not _APART_AT_LAST.search(between)):
        left_out = {
            c for name, role in row if role == "ruled out" for c in countries_of(name.value)
        }
        return [
            (
                name,
                role  # "Asia, not China" leaves the rest of Asia
                if outline.is_preferred(name.start) or left_out & {*countries_of(name.value)}
                else "ruled out",
            )
            for name, role in row
        ]
    return row


def _role(outline: Outline, name: Named) -> Role:
    text = outline.text
    low, high = outline.sentence_span(name.start)
    before, after = text[low : name.start], text[name.end : high]
    near = max(0, len(before) - _NEAR)
    if not_needed := _NOT_NEEDED.match(after):
        return "work" if _BUT_WISHED.match(after, not_needed.end()) else "nothing"
    if _HAVE_NOT.search(before, near):
        return "nothing"
    if _KOREAN_ONLY_HERE.match(after):
        return "work"
    ruled_out = _RULED_OUT.search(before, near) or _KOREAN_RULED_OUT.match(after)
    if ruled_out or outline.negated(name.start, name.end):
        if _OF_THE_PRODUCT.search(before, near) or _OF_THE_PRODUCT_AFTER.match(after):
            return "nothing"
        if _MOVED.search(before, near) or _ORIGIN_AFTER.match(after):
            return "nothing"
        sits = _SITS.search(before, near) and not _ASKING_LATER.search(before)
        return "nothing" if sits and _ASKING_LATER.search(after) else "ruled out"
    described = _WE_ARE.search(before, near)
    if described and not _ASKING_LATER.search(before, described.start()):
        return "asker"
    if _LICENSOR.search(before, near) or _KOREAN_ASKER.match(after):
        return "asker"
    asker = _ASKER_AFTER.match(after)
    if asker and _ASKING_LATER.search(after, asker.end()) and not _ASKING_LATER.search(before):
        return "asker"
    if _POPULATION.match(after):
        return "nothing"
    if _ELSEWHERE_AFTER.match(after) or _ELSEWHERE_BEFORE.search(before, near):
        return "nothing"
    if _STANDARD_AFTER.match(after) or _MARKET_AFTER.match(after):
        return "market"
    if _MARKET_BEFORE.search(before, near):
        return "market"
    if _MOVED.search(before, near) or _ORIGIN_AFTER.match(after):
        return "nothing"
    if _OURS.search(before, near) and _OURS_AFTER.match(after):
        return "nothing"
    return "work"
