"""What a text rules out: where a negation starts, how far it reaches, what is left open."""

import re
from collections.abc import Callable

_NOT_BEFORE = re.compile(
    r"\b(?:no|not|without|excluding|exclude[sd]?|except(?: for)?|rather than|instead of|neither|nor"
    r"|never|(?:do|does|did|is|are|was|will|would|can|should)(?:n['’]t| not)|cannot|other than"
    r"|already have|already has|avoid(?:ing)?|free of|have our own"
    r"|we (?:currently )?lack|lack(?:s|ing)?(?: of)? (?:our own|own|in-house|internal)"
    r"|kein(?:e|en)?|ohne|sans"
    r"|pas de)\b",
    re.I,
)
_NO_NEGATION = re.compile(
    r"^(?:-\w|\s*(?:only\b|later than|more than|less than|fewer than|limited to|necessarily|delay"
    r"|just\b|earlier than|exceed|yet (?:decided|known|chosen)|sure\b|stated|applicable|know"
    r"|preference\b|matter\b|mind\b|care\b|problem\b|compromises?\b|objections?\b|doubt\b|hurry\b|rush\b)"
    r"|-for-profit)",
    re.I,
)
# A condition that is denied is a preference, and what it is said of is still asked.
_IS_WISH = re.compile(
    r"\s+(?:strictly\s+|absolutely\s+)?(?:mandatory|essential|critical|a\s+must)\b", re.I
)
_ASKS = (
    r"(?:needs?|needing|seek(?:s|ing)?|look(?:s|ing)?\s+(?:for|to)|requir(?:es?|ing)|wants?|wish(?:es)?"
    r"|would\s+like|request(?:s|ing)?|search(?:es|ing)?\s+for|outsourc(?:e|es|ing))\b"
)
# A request of its own after what is ruled out: "no plasmid capacity, so we need …".
_NEW_REQUEST = re.compile(
    r"(?:\b(?:and|so|but|hence|therefore|thus|thereby|which\s+is\s+why|that\s+is\s+why)\s+"
    r"(?:(?:we|i|they|it|our\s+\w+|the\s+\w+|now|also|therefore|thus|hence|instead|rather|must|will"
    r"|are|is|am|currently|that|why)\s+){0,4}"
    r"|\b(?:we|i|our\s+(?:team|company))\s+(?:(?:now|also|therefore|thus|must|will|are|am|currently)"
    r"\s+){0,3})" + _ASKS,
    re.I,
)
_SUPPOSES = re.compile(  # "we don't think we need"
    r"\s+(?:think|believe|expect|feel|suppose)\s+(?:that\s+)?(?:we|i|it)\s+(?:will\s+)?" + _ASKS,
    re.I,
)
_SOUGHT = re.compile(  # a provider that was not found is still looked for
    r"\s+(?:yet\s+|been\s+able\s+to\s+|able\s+to\s+|currently\s+)*(?:found|find|identified|selected|located"
    r"|have\s+(?:an?|any)\s+(?:\w+\s+)?(?:suppliers?|partners?|providers?|vendors?|CDMOs?|CMOs?|CROs?"
    r"|contractors?|manufacturers?)\s+(?:of|for|to|that|who|which))\b",
    re.I,
)
_WITHOUT = re.compile(r"\bwithout\b", re.I)
_DENIED_BEFORE = re.compile(r"\b(?:not|no|never|nobody|none|cannot|\w+n['’]t)\b", re.I)
_REFUSED = re.compile(
    r"\b(?:need\s+not\s+apply|(?:is|are|will\s+be)\s+(?:excluded|rejected|ruled\s+out|disqualified"
    r"|not\s+(?:considered|acceptable|accepted|eligible))"
    r"|(?:is|are)\s+(?:unacceptable|ineligible)|(?:can)?not\s+be\s+considered)\b",
    re.I,
)
_FREE = (
    r"(?:-|\s)free\b(?!\s+(?:of|from|to|base|form|acid|amine|thiol|energy|samples?|fraction|drug))"
)
_MORE = (  # what may stand between a name and the word that rules it out
    r"(?:\s+(?:work|services?|steps?|parts?|grade|level|quality|standards?|compliance|certification"
    r"|status|manufactur(?:e|ing)|production|materials?|facilit(?:y|ies)|conditions?|batch(?:es)?"
    r"|testing|tests?|stud(?:y|ies)|activit(?:y|ies)|capabilit(?:y|ies)|capacity|regulations?))?"
)
_NEEDED = (
    r"(?:needed|required|necessary|wanted|requested|desired|included|planned|part\s+of|in\s+scope"
    r"|available|in\s+place|in-house|allowed|acceptable|accepted|permitted|an\s+option)"
)
_NOT_AFTER = re.compile(
    rf"{_FREE}|{_MORE}\s*+(?:"
    r"(?:(?:is|are|was|will|would|need)\s*(?:not|n['’]t)(?:\s+be)?|won['’]t\s+be|(?:isn|aren)['’]t|not|no\s+longer"
    r"|(?:is|are)\s+no\s+longer)\s+(?:(?:yet|currently|strictly|really|actually|absolutely|to\s+be"
    rf"|at\s+(?:this|the)\s+(?:stage|moment|point))\s+)*{_NEEDED}\b"
    r"|not\s+yet\b|(?:does|do)(?:\s+not|n['’]t)\s+matter\b|(?:is|would\s+be)\s+(?:an\s+)?overkill\b|(?:is\s+|are\s+)?(?:unnecessary|unneeded|out\s+of\s+scope|excluded)\b"
    r"|(?:is\s+|are\s+)?already\s+(?:done|complete|available|in\s+place|covered))",
    re.I,
)
_KOREAN_NOUNS = (
    r"(?:등급|수준|인증|관련|작업|업무|시설|규격|기준|단계|공정|서비스|생산|제조|시험|개발|벡터|물질|제품"
    r"|원료|부분|과정|품질|적합성|준수|조건|경험|설비|역량|장비|인력|급)"
)
_KOREAN_NOT_AFTER = re.compile(
    rf"(?:\s?{_KOREAN_NOUNS}){{0,3}}(?:까지|에서|에)?(?:은|는|이|가|을|를|도|의|과|와)?\s*"
    r"(?:(?:아직|현재|당장|지금|별도로|굳이|반드시|꼭|전혀|더 이상)(?:은|는)?\s*){0,2}"
    r"(?:없이|없(?:어|으|는(?!\s?(?:업체|기업|회사|기관|곳|CDMO|CRO)\S?\s?(?:제외|불가|배제|안\s?(?:됩|돼|되)))|고|습|다|음|기|지)|제외|아닌|아님|아니|말고|빼고|불필요|필요\s?(?:없|하지\s?않|치\s?않)"
    r"|하지 않|안 (?:함|해도|하)|이미 (?:완료|보유|확보)|미필요|미보유|프리(?![가-힣])"
    r"|보유하(?:고 있)?지 (?:않|못)|갖(?:추|추고 있|고 있)지 (?:않|못))"
)
_PREFIX = re.compile(
    r"(?:\bnon[-\s]?|(?<![가-힣])[비무][-\s]?|\blow(?:er)?[-\s](?=endotoxin|bioburden|residual|host)"
    r"|저(?=내독소|엔도톡신))",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:(?:not|n['’]t|isn['’]t|never)\s+(?:yet\s+)?(?:sure|know|certain|clear|decided)|unsure|uncertain"
    r"|undecided|unclear|yet\s+to\s+decide|to\s+be\s+decided)(?:\s+yet)?\s+(?:as\s+to\s+)?(?:whether|if)\s+"
    r"(?!(?:you|any\w*|there|they|someone|it(?:['’]s|\s+is)\s+possible)\b)",
    re.I,
)
_UNSURE_AFTER = re.compile(
    r"\s*(?:/|\bor\b|\band\b|또는|및|나|이나)\s*(?:non|비)[-\s]?GMP"
    r"|\s*(?:grade\s*)?(?:is\s+)?(?:to\s+be\s+(?:decided|determined|confirmed)|tbd|tbc|undecided)\b"
    r"|\s*(?:등급|적용|필요|생산|제조)?\s*(?:여부|유무)(?:는|은|가)?\s*(?:미정|미확정|검토|아직|모르|논의|결정)"
    r"|\s*(?:이|인지|일지|가)?\s*(?:필요한지|필요할지|인지|해야\s?(?:할|하는)지)",
    re.I,
)
_LATER = re.compile(
    r"\s*(?:grade|material|batch(?:es)?|production|manufactur\w+)?\s*(?:is\s+)?(?:(?:required|needed|planned)\s+)?(?:only\s+|comes?\s+|to\s+follow\s+)?"
    r"(?:later(?!\s+than)|afterwards|in\s+(?:the|a)\s+(?:future|later\s+\w+|next\s+\w+)"
    r"|at\s+a\s+later\s+\w+|down\s+the\s+(?:road|line))\b"
    r"|\s*(?:등급|생산|제조)?(?:은|는)?\s*(?:나중|추후|향후|이후|차후)",
    re.I,
)
_LATER_BEFORE = re.compile(
    r"(?:(?:\bnon|비)[-\s]?GMP\s*(?:/|\bor\b|\band\b|또는|및|나|이나)\s*|\blater(?:\s+on)?,?\s+|(?:나중에|추후|향후|차후)(?:에는|에)?\s*)$",
    re.I,
)
# A row of names in brackets tells what a name before them is: "no vectors (AAV, lenti)".
_ROW = re.compile(
    r"\(\s*(?:(?:e\.g\.|i\.e\.|such\s+as|like|including|또는|예:)[^()]*"
    r"|[\w-]+(?:\s[\w-]+)?(?:\s*(?:,|/|\bor\b|\band\b)\s*[\w-]+(?:\s[\w-]+)?)+\s*)\)",
    re.I,
)
_BRACKETS = re.compile(r"[()\[\]]")
_REACH = 45  # characters that a negation reaches at most


def negations(text: str, clause: Callable[[int], tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that a word before them rules out, or is unsure of; a request ends them."""
    return [
        (match.start(), _reach(text, match, clause(match.start())[1]))
        for match in _NOT_BEFORE.finditer(text)
        if not _NO_NEGATION.match(text[match.end() : match.end() + 30])
        and not _IS_WISH.match(text, match.end())
        and not _SOUGHT.match(text, match.end())
        and not _is_denied_lack(text, match, clause(match.start()))
    ]


def _is_denied_lack(text: str, match: re.Match[str], clause: tuple[int, int]) -> bool:
    """Whether this lack is ruled out itself: `nobody without GMP`, `sites without GMP excluded`."""
    if match[0].casefold() != "without":
        return False
    low, high = max(clause[0], match.start() - _REACH), min(clause[1], match.end() + 2 * _REACH)
    return bool(
        _DENIED_BEFORE.search(text, low, match.start()) or _REFUSED.search(text, match.end(), high)
    )


def doubts(text: str, clause: Callable[[int], tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of which a text says that their need is not decided."""
    return [(m.end(), clause(m.end())[1]) for m in _UNSURE.finditer(text)]


def is_ruled_out(text: str, start: int, end: int) -> bool:
    """Whether the words that touch a stretch rule it out: `X-free`, `non-X`, `X is not needed`."""
    if any(m.end() == start for m in _PREFIX.finditer(text, max(0, start - 7), start + 12)):
        return True
    return bool(_NOT_AFTER.match(text, end) or _KOREAN_NOT_AFTER.match(text, end))


def is_put_off(text: str, start: int, end: int) -> bool:
    """Whether the words that touch a stretch put it off or leave it open: `X later`, `X tbd`."""
    if _LATER.match(text, end) or _UNSURE_AFTER.match(text, end):
        return True
    return bool(_LATER_BEFORE.search(text, max(0, start - 16), start))


def _reach(text: str, match: re.Match[str], clause_end: int) -> int:
    """Where a negation ends: with its clause, its bracket, or the next request."""
    end = min(clause_end, match.end() + _REACH)
    supposed = _SUPPOSES.match(text, match.end())
    start = supposed.end() if supposed else match.end()
    asks = _NEW_REQUEST.search(text, start, min(len(text), end + _REACH))
    if asks:
        end = min(end, asks.start())
    lack = _WITHOUT.search(text, match.end(), end)
    if lack:
        end = lack.start()
    bracket = _BRACKETS.search(text, match.end(), end)
    if bracket is None:
        return end
    row = _ROW.match(text, bracket.start())
    return max(end, row.end()) if row else bracket.start()
