"""Slugs: the names that providers have in addresses."""

import hashlib
import re
import unicodedata

LONGEST = 80
RESERVED = frozenset({"export", "import"})  # paths below /v1/providers that are no provider


def from_name(name: str) -> str:
    """A slug made from a name: its Latin letters and digits, or else a fixed code of the name.

    The same name always gives the same slug, on every installation.
    """
    text = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in text if not unicodedata.combining(c))
    if all(c.isascii() or not c.isalnum() for c in plain):
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
        if slug and slug not in RESERVED:
            return slug
    # Cutting the letters that have no Latin form would make different names alike.
    exact = unicodedata.normalize("NFC", name)
    return f"provider-{hashlib.sha256(exact.encode()).hexdigest()[:12]}"
