"""Whom a request counts for: a key that has proved to be valid, or else the address it came from.

Which key is valid only the database knows, and it is asked by the route. So a key is taken on trust
at first; once a route has named the caller, the worker remembers a digest of the key, and what is
sent with it counts for its bearer. What turns out to be no key counts for the address, under a
policy of its own: wrong keys use up nobody's quota but that of wrong keys from the same address.

An embeddable key stands in a public page and says nothing about who calls: its requests count for
the address, like any visitor's, so that nobody can use up what the page's other visitors may ask.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

_REMEMBERED = 10_000  # keys
_PUBLIC = "bearer cdmo_embed_"
_NETWORK_BITS = 64  # an IPv6 subscriber has at least a /64 to choose addresses from


@dataclass(frozen=True, slots=True)
class Bearer:
    """A caller as far as it is known before the route runs."""

    address: str
    credential: bytes | None  # a digest of what the request identifies itself with
    actor: str | None  # who that is, where it is known

    @property
    def name(self) -> str:
        """What counters are kept under."""
        return self.actor or self.address

    @property
    def is_unproven(self) -> bool:
        """Whether it shows a key of which nothing is known yet."""
        return self.credential is not None and self.actor is None


class Callers:
    """The keys that a worker has seen to be valid, as digests, the latest used."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._salt = secrets.token_bytes(16)

    def bearer(self, scope: Scope, headers: Headers) -> Bearer:
        """Who sends this request."""
        given = headers.get("authorization") if scope["path"].startswith("/v1/") else None
        address = address_of(scope)
        if given is None or given.lower().startswith(_PUBLIC):
            return Bearer(address, None, None)
        digest = blake2b(given.encode(), digest_size=16, key=self._salt).digest()
        actor = self._known.get(digest)
        if actor is not None:
            self._known.move_to_end(digest)
        return Bearer(address, digest, actor)

    def remember(self, bearer: Bearer, actor: str) -> None:
        """A route has named the caller."""
        if bearer.credential is not None and bearer.actor != actor:
            self._known[bearer.credential] = actor
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def forget(self, bearer: Bearer) -> None:
        """A route has refused what the caller showed."""
        if bearer.credential is not None:
            self._known.pop(bearer.credential, None)


def address_of(scope: Scope) -> str:
    """The address that a request came from; of an IPv6 address its network."""
    client = scope.get("client")
    host = str(client[0]) if client else "unknown"
    if ":" not in host:
        return host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> _NETWORK_BITS << _NETWORK_BITS))
    return str(getattr(address, "ipv4_mapped", address))
