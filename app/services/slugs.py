"""Slugs: the names that providers have in addresses."""

import hashlib
import re
import unicodedata

SHORTEST, LONGEST = 3, 80  # of what is left of a name that isn't Latin, two letters say nothing
RESERVED = frozenset({"export", "import"})  # paths below /v1/providers that are no provider


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
