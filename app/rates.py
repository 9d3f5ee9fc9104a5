"""How much a caller may ask in which time: the wording of CDMO_RATE_LIMITS.

`name=count/unit` for each policy, separated by commas; a policy that isn't named keeps its default,
`name=off` takes it away, and `off` alone takes all of them away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OFF = "off"
DEFAULT = (
    "anonymous=300/minute, anonymous-match=60/minute, key=1200/minute, key-match=300/minute, "
    "transfer=20/minute, sign-in=10/minute, account=20/hour, "
    "wrong-key=30/minute"
)

_RATE = re.compile(r"([1-9][0-9]{0,6})/(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `most` requests of a caller in any `seconds`."""

    name: str
    most: int
    seconds: int

    @property
    def told(self) -> str:
        """The policy as the header field RateLimit-Policy writes it."""
        return f'"{self.name}";q={self.most};w={self.seconds}'


Policies = Mapping[str, Policy]


def parse(text: str) -> Policies:
    """The policies by name; ValueError says what can't be read."""
    if text.strip() == OFF:
        return MappingProxyType({})
    written = _pairs(DEFAULT)
    for name, rate in _pairs(text).items():
        if name not in written:
            raise ValueError(f"there is no rate limit of this name; use {', '.join(written)}")
        written[name] = rate
    found = {name: _policy(name, rate) for name, rate in written.items() if rate != OFF}
    return MappingProxyType(found)


def _pairs(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if any("=" not in part for part in parts):
        raise ValueError("write rate limits as name=count/unit, or off")
    return {name.strip(): rate.strip() for name, _, rate in (p.partition("=") for p in parts)}


def _policy(name: str, rate: str) -> Policy:
    found = _RATE.fullmatch(rate)
    if found is None:
        raise ValueError(f"{name} isn't a count per second, minute, hour or day, such as 60/minute")
    return Policy(name, int(found[1]), _SECONDS[found[2]])
