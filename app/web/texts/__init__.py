"""The words of the pages, English and Korean side by side, in one place."""

from collections.abc import Mapping
from typing import get_args

from app.models.match import Lang
from app.web.texts import (
    accounts,
    desk,
    providers,
    requirements,
    runs,
    shell,
    tenants,
    words,
)

Pair = tuple[str, str]  # English, Korean
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
TEXTS: Mapping[str, Pair] = {
    **shell.TEXTS,
    **desk.TEXTS,
    **providers.TEXTS,
    **accounts.TEXTS,
    **requirements.TEXTS,
    **runs.TEXTS,
    **tenants.TEXTS,
    **words.TEXTS,
}


def say(lang: Lang, key: str, **values: object) -> str:
    """The text of a key in a language, with its values filled in; KeyError for an unknown key."""
    text = TEXTS[key][LANGUAGES.index(lang)]
    return text.format(**values) if values else text
