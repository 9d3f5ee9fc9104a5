"""How often a password may be guessed for one e-mail address, from however many addresses.

Failed sign-ins are counted by the e-mail address that was tried, whether or not anybody has it, and
beyond the limit nothing is compared any more: what is told and how long it takes is the same for
all. Whoever signed in from an address before, or set a password there by a mailed link, has a count
of their own there, so that nobody who guesses elsewhere keeps them out. Who is signed in already,
and who signs in through an identity provider, isn't concerned at all.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Protocol

from anyio import from_thread
from starlette.types import Scope

from app.errors import TooManyRequestsError
from app.rates import Policy
from app.services.sign_ins import RefusedSignInError, SeveralHomesError

_AT_HOME = Policy("account-at-home", 1_000_000, 30 * 86_400)  # a place is remembered so long


class TooManyGuessesError(TooManyRequestsError):
    """Too many passwords were tried for an e-mail address."""

    type, title = "too-many-guesses", "Too many failed sign-ins"


class Count(Protocol):
    """Where a caller stands."""

    @property
    def is_within(self) -> bool:
        """Whether there is room."""

    @property
    def remaining(self) -> int:
        """How much room there is."""

    @property
    def reset_s(self) -> float:
        """In how many seconds there is room again."""


class Counters(Protocol):
    """Counts for a name under a policy; with cost 0 it only looks."""

    async def hit(self, policy: Policy, caller: str, cost: int = 1) -> Count:
        """Count once more, if there is room."""


class Guesses:
    """The failed sign-ins of e-mail addresses; without a policy none are counted.

    Asked by routes that run in a thread. Several that are under way at the same time may all find
    the same room; a worker compares two passwords at once, so that this is no way around.
    """

    def __init__(
        self, counters: Counters, policy: Policy | None, address_of: Callable[[Scope], str]
    ) -> None:
        self._counters = counters
        self._policy = policy
        self._address_of = address_of

    @contextmanager
    def attempt(self, scope: Scope, email: str) -> Iterator[None]:
        """Around a sign-in with a password; TooManyGuessesError where there were too many."""
        if self._policy is None:
            yield
            return
        name, home = _digest(email), self._home(scope, email)
        if self._hit(_AT_HOME, home, 0).remaining < _AT_HOME.most:
            name = home
        count = self._hit(self._policy, name, 0)
        if not count.is_within:
            raise _refusal(count)
        try:
            yield
        except RefusedSignInError:
            self._hit(self._policy, name, 1)
            raise
        except SeveralHomesError:  # the password was right
            self.know(scope, email)
            raise
        self.know(scope, email)

    def know(self, scope: Scope, email: str) -> None:
        """Whoever has this e-mail address is at home at the address that sends this."""
        if self._policy is not None:
            self._hit(_AT_HOME, self._home(scope, email), 1)

    def _home(self, scope: Scope, email: str) -> str:
        return _digest(f"{email} {self._address_of(scope)}")

    def _hit(self, policy: Policy, name: str, cost: int) -> Count:
        return from_thread.run(self._counters.hit, policy, name, cost)


def _digest(text: str) -> str:
    # Counters may be kept elsewhere, and needn't tell whose they are.
    return blake2b(text.encode(), digest_size=16, person=b"guesses").hexdigest()


def _refusal(count: Count) -> TooManyGuessesError:
    seconds = max(1, math.ceil(count.reset_s))
    minutes = math.ceil(seconds / 60)
    return TooManyGuessesError(
        "Too many sign-ins with this e-mail address have failed. Try again in "
        f"{minutes} {'minute' if minutes == 1 else 'minutes'}.",
        retry_after=seconds,
    )
