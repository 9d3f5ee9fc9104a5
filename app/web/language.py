"""Which language a page is shown in."""

from app.models.match import Lang
from app.web.texts import LANGUAGES

_DEFAULT: Lang = "en"


def choose(wished: str | None, accepted: str | None) -> Lang:
    """The language asked for by name, or else the best of an Accept-Language header."""
    for lang in LANGUAGES:
        if wished == lang:
            return lang
    ranked: list[tuple[float, Lang]] = []
    for part in (accepted or "").split(","):
        tag, _, parameters = part.strip().partition(";")
        for lang in LANGUAGES:
            if tag.strip().lower().partition("-")[0] == lang:
                ranked.append((_quality(parameters), lang))
    best = max(ranked, key=lambda entry: entry[0], default=(0.0, _DEFAULT))
    return best[1] if best[0] > 0 else _DEFAULT


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
