"""The budget that a text names, as it is written. Nobody's prices are known, so that it is kept and
told, and never weighed."""

import re

from app.matching.types import Span

_CURRENCY = r"(?:US\$|[$€£₩¥]|\b(?:USD|EUR|GBP|KRW|JPY|CHF|CNY|CAD|AUD|SGD|INR|DKK|SEK|NOK)\b)"
_NUMBER = r"(?:(?<!\d)\d(?:[.,]?\d){0,14}+|half a|one|two|three|five|ten)"
_TIMES = (
    r"(?:thousand|million|billion|mio\.?|mn|bn|k|m|b|Millionen|Mio\.?|천만|백만|십만|억|천|만|조)"
    r"(?![A-Za-z])"
)
_OWN = r"(?:dollars?|euros?|pounds?|won|yen|francs|달러|유로|엔|원)"
_SUM = rf"{_NUMBER}(?:\s?{_TIMES})?(?:\s?\d[\d,]*\s?(?:천만|백만|만))?"
_MONEY = rf"(?:{_CURRENCY}\s?{_SUM}|{_SUM}\s?(?:{_CURRENCY}|{_OWN}))"
_ABOUT = (
    r"(?:(?:about|around|approximately|roughly|up to|under|below|at most|no more than|less than"
    r"|max(?:imum)?\.?|between|ca\.|rund|environ|bis zu|약|최대|총)\s?){0,3}"
)
_AND = r"\s?(?:to|and|-|–|~|∼|bis|à|에서)\s?"
_AFTER = r"(?:\s?(?:이하|이내|미만|내외|정도|or less|at most|max\b))?"
_WORD = (
    r"(?:\bbudgets?\b|\bspend\b|\bafford\b|\bKostenrahmen\b|\benveloppe\b|예산|사업비|연구비|비용)"
)
_LEAD = r"(?:이|은|는|가|으로는|:|\s|\bof\b|\bis\b|\bwill be\b|\bwe have\b|\bvon\b|\bde\b){0,9}"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Whatever the budget is said to be, even without a currency.
        rf"{_WORD}{_LEAD}(?P<sum>{_ABOUT}(?!20\d\d(?![\d,.]))(?:{_MONEY}|{_SUM})(?:{_AND}(?:{_MONEY}|{_SUM}))?"
        rf"{_AFTER})(?!\s?(?:batch|litre|liter|l\b|g\b|kg|dose|vial|month|year|배치|리터|도즈|개월|년))",
        # An amount of money a few words on, or right before the word.
        rf"{_WORD}[^.;\n\d]{{0,40}}?(?P<sum>{_ABOUT}{_MONEY}(?:{_AND}{_MONEY})?{_AFTER})",
        rf"(?P<sum>{_ABOUT}{_MONEY})\s(?:total |overall |project |의 )?{_WORD}",
    )
)


def budget_of(text: str) -> Span | None:
    """The first budget that a text names, with the words that make it a limit or a guess."""
    for form in _FORMS:
        if found := form.search(text):
            return Span(found["sum"].strip(), *found.span("sum"))
    return None
