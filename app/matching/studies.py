"""Studies told in several words of their own: `13-week GLP toxicity study`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.matching.types import Understanding
from app.matching.vocabulary import Vocabulary

# What may stand between the parts of a study's name.
_GOES_ON = re.compile(
    r"[\s(-]*(?:(?:glp|oral|intravenous|iv|subcutaneous|sc|daily|repeat(?:ed)?[ -]dose|repeat"
    r"|(?:an?|the)?\s?(?:of|over|for|in)|rat|mouse|dog|반복|경구|정맥)[\s-]*){0,3}",
    re.I,
)


def whole_studies(
    text: str, fields: Sequence[Understanding], vocabulary: Vocabulary
) -> list[Understanding]:
    """What is asked, in the order of the text, with one study as one request: its length and its
    general name belong together, and the more particular of them says what it is."""
    whole: list[Understanding] = []
    for each in fields:
        joined = _joined(text, whole[-1], each, vocabulary) if whole else None
        if joined:
            whole[-1] = joined
        else:
            whole.append(each)
    return whole


def _joined(
    text: str, one: Understanding, other: Understanding, vocabulary: Vocabulary
) -> Understanding | None:
    if not (one.span and other.span) or not _GOES_ON.fullmatch(text, one.span[1], other.span[0]):
        return None
    for particular, general in ((one, other), (other, one)):
        if _is_kind(particular, general, vocabulary):
            start, end = one.span[0], other.span[1]
            return replace(particular, text=text[start:end], span=(start, end))
    return None


def _is_kind(particular: Understanding, general: Understanding, vocabulary: Vocabulary) -> bool:
    """Whether a study is a particular kind of another one."""
    above = {broader for concept in particular.concepts for broader in vocabulary.broader(concept)}
    told = set(general.concepts)
    return bool(told) and told <= above and "nonclinical-services" in above
