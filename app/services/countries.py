"""Which country codes there are (ISO 3166-1 alpha-2, as CLDR lists them)."""

from functools import cache

from babel import Locale

# CLDR names these as territories; no country has them.
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
_ADVICE = {
    "UK": "The code of the United Kingdom is GB.",
    "EL": "The code of Greece is GR.",
    "EU": "Name the countries one by one, such as DE and FR.",
}
_OTHERWISE = "No country has this code. Use ISO 3166-1 codes, such as KR, US or DE."


def is_known(code: str) -> bool:
    """Whether a country or territory has this code."""
    return code in _known()


def advice(code: str) -> str:
    """What to write instead of a code that isn't known."""
    return _ADVICE.get(code, _OTHERWISE)


@cache
def _known() -> frozenset[str]:
    codes = frozenset(str(code) for code in Locale("en").territories)
    return frozenset(c for c in codes if len(c) == 2 and c.isalpha()) - _NO_COUNTRIES
