"""Slugs: the names that providers have in addresses."""

import hashlib
import re
import unicodedata

SHORTEST, LONGEST = 3, 80  # of what is left of a name that isn't Latin, two letters say nothing
RESERVED = frozenset({"export", "import"})  # paths below /v1/providers that are no provider

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_identity(text: str) -> bool:
    """Whether the text has the form of an id, so that it can't be a slug too."""
    return _UUID.fullmatch(text) is not None


def is_mistakable(slug: str) -> bool:
    """Whether an address with this slug would lead to something else than the provider."""
    return slug in RESERVED or is_identity(slug)


def from_name(name: str) -> str:
    """A slug made from a name: its Latin letters and digits, or else a code of the whole name.

    The same name always gives the same slug, on every installation.
    """
    text = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in text if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
    if len(slug) >= SHORTEST and slug not in RESERVED:
        return slug
    exact = unicodedata.normalize("NFC", name)
    return f"provider-{hashlib.sha256(exact.encode()).hexdigest()[:12]}"
