"""What a record's wording of a certificate says: the standard, its scope, and the site it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BRACKET = re.compile(r"^(?P<standard>[^(,]+?) \((?P<scope>[^()]+)\)$")
_AFTER = re.compile(r"^(?P<standard>[^(,]+?)(?:, | for )(?P<scope>.+)$")
# Remarks on the certificate itself, which limit nothing.
_REMARK = re.compile(r"^(?:renewal|continued|reported|again\b.*|by unit|acceptable)$", re.I)
_TAIL = re.compile(r" \((?P<remark>[^()]+)\)$")
_STANDARD = re.compile(
    r"GMP\b|\bGLP\b|\bGCLP\b|\bGCP\b|\bGDP\b|\bISO\b|\bKELAS\b|\bMIA\b|accredit|licen[cs]e"
    r"|authori[sz]ation|prequalification|permit|certific",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """A certificate's standard and scope, as far as the wording tells them apart."""

    standard: str
    scope: str | None = None


def split(wording: str) -> CertificateWords:
    """Part "cGMP (Plant 2)" or "GLP, safety pharmacology" into standard and scope.

    A wording without such a mark is all standard; a remark ("renewal") is no scope.
    """
    tail = _TAIL.search(wording)
    plain = wording[: tail.start()] if tail and _REMARK.match(tail["remark"]) else wording
    found = _BRACKET.match(plain) or _AFTER.match(plain)
    if found is None or _REMARK.match(found["scope"]):
        return CertificateWords(found["standard"].strip() if found else plain)
    return CertificateWords(found["standard"].strip(), found["scope"].strip())


def names_a_standard(standard: str) -> bool:
    """Whether the words name a known kind of certificate, licence or accreditation."""
    return _STANDARD.search(standard) is not None


def site_named(scope: str | None, names: Sequence[str]) -> int | None:
    """The index of the one facility whose whole name stands in the scope; None if none, or two.

    Without a scope, or where two facilities could be meant, the site is not stated.
    """
    if not scope:
        return None
    bearing = [
        index
        for index, name in enumerate(names)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", scope, re.I)
    ]
    return bearing[0] if len(bearing) == 1 else None
