"""Whom a request counts for: a key or sign-in that has proved to be valid, or else the address it
came from.

Which key is valid only the database knows, and it is asked by the route. So a key is taken on trust
at first; once a route has named the caller, the worker remembers a digest of the key, and what is
sent with it counts for its bearer. What turns out to be no key counts for the address, under a
policy of its own: wrong keys use up nobody's quota but that of wrong keys from the same address.

The cookie of a sign-in is taken likewise, so that the people of a company behind one address are as
many callers as they are. A browser goes on showing one that has ended, though, and is then a
visitor like any other, who counts for the address.

Whoever signs in counts for the address, whatever else is shown: nobody guesses more by showing it.

An embeddable key stands in a public page and says nothing about who calls: its requests count for
the address, like any visitor's, so that nobody can use up what the page's other visitors may ask.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app import browser
from app.edge.kinds import Kind

_REMEMBERED = 10_000  # keys and sign-ins
_PUBLIC = "bearer cdmo_embed_"
_NETWORK_BITS = 64  # an IPv6 subscriber has at least a /64 to choose addresses from


@dataclass(frozen=True, slots=True)
class Bearer:
    """A caller as far as it is known before the route runs."""

    address: str
    credential: bytes | None  # a digest of what the request identifies itself with
    actor: str | None  # who that is, where it is known
    is_sign_in: bool = False  # whether the credential is a browser's cookie

    @property
    def name(self) -> str:
        """What counters are kept under."""
        return self.actor or self.address

    @property
    def is_unproven(self) -> bool:
        """Whether it shows a key or sign-in of which nothing is known yet."""
        return self.credential is not None and self.actor is None

    def is_proven_by(self, actor: str) -> bool:
        """Whether a route that found `actor` found them by this credential."""
        return actor.startswith("person:") is self.is_sign_in


class Callers:
    """The keys and sign-ins that a worker has seen to be valid, as digests, the latest used."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._salt = secrets.token_bytes(16)

    def bearer(self, scope: Scope, headers: Headers, kind: Kind) -> Bearer:
        """Who sends this request."""
        address = address_of(scope)
        key = headers.get("authorization") if scope["path"].startswith("/v1/") else None
        cookie = _cookie(scope, headers) if key is None else None
        given = key or cookie
        if given is None or given.lower().startswith(_PUBLIC) or kind is Kind.SIGN_IN:
            return Bearer(address, None, None)
        digest = blake2b(given.encode(), digest_size=16, key=self._salt).digest()
        actor = self._known.get(digest)
        if actor is not None:
            self._known.move_to_end(digest)
        return Bearer(address, digest, actor, is_sign_in=cookie is not None)

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


def _cookie(scope: Scope, headers: Headers) -> str | None:
    """The secret of the sign-in that a browser shows."""
    return browser.secret_of(HTTPConnection(scope)) if "cookie" in headers else None


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
