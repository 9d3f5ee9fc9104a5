"""The gate: how often a caller may ask, and how many of its requests may run at once."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.edge.callers import Bearer, Callers
from app.edge.counters import Count, Counters
from app.edge.kinds import Kind, kind_of
from app.errors import DomainError, TooManyAtOnceError, TooManyRequestsError
from app.rates import Policies, Policy

_FREE = (Kind.OPERATION, Kind.ASSET)
_WRONG = "wrong-key"


class Gate:
    """Counts requests before any work is done for them, and refuses those that are too many.

    Without policies nothing is counted and nobody is refused here.
    """

    def __init__(
        self, app: ASGIApp, *, policies: Policies, counters: Counters, at_once: int
    ) -> None:
        self.app = app
        self._policies = policies
        self._counters = counters
        self._at_once = at_once
        self._callers = Callers()
        self._running: defaultdict[str, int] = defaultdict(int)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or not self._policies:
            await self.app(scope, receive, send)
            return
        kind = kind_of(scope["method"], scope["path"])
        if kind in _FREE:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = _Visit(kind, self._callers.bearer(scope, headers, kind))
        try:
            await self._admit(visit, is_conditional=_is_conditional(headers))
        except DomainError as refusal:
            await problems.problem(refusal, scope[logs.REQUEST_ID])(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._note(visit, scope, message["status"])
                if visit.policy is not None and visit.count is not None:
                    MutableHeaders(scope=message).update(_told(visit.policy, visit.count))
            await send(message)

        name = visit.bearer.name
        self._running[name] += 1
        try:
            await self.app(scope, receive, send_on)
        finally:
            self._running[name] -= 1
            if not self._running[name]:
                del self._running[name]

    async def _admit(self, visit: "_Visit", *, is_conditional: bool) -> None:
        bearer = visit.bearer
        if self._running.get(bearer.name, 0) >= self._at_once:
            raise TooManyAtOnceError(
                f"At most {self._at_once} requests of a caller run at once. Wait for an answer."
            )
        # A read that may end as "nothing new" is counted when it turns out not to, and a key or
        # sign-in that nobody knows yet when it turns out to be wrong.
        is_later = bearer.is_unproven or (is_conditional and visit.kind is Kind.READ)
        for policy in self._policies_for(visit.kind, bearer):
            visit.policy = policy
            visit.count = await self._counters.hit(policy, bearer.name, 0 if is_later else 1)
            visit.is_counted = not is_later
            if visit.count.is_within:
                return
        if visit.policy is not None and visit.count is not None:
            raise _refusal(visit.policy, visit.count)

    def _policies_for(self, kind: Kind, bearer: Bearer) -> Iterator[Policy]:
        """The policies of which one has to have room. A sign-in that isn't known yet is a visitor,
        and where those of its address have used up what they may, it is tried like a key."""
        names = [_policy_for(kind, bearer)]
        if bearer.is_unproven and bearer.is_sign_in and names[0] in self._policies:
            names.append(_WRONG)
        return (self._policies[name] for name in names if name in self._policies)

    async def _note(self, visit: "_Visit", scope: Scope, status: int) -> None:
        """Learn from the answer who the caller is, and count what wasn't counted before."""
        bearer, actor = visit.bearer, scope.get(logs.CALLER)
        has_ended = bearer.is_sign_in and logs.NOBODY in scope
        if status == HTTPStatus.UNAUTHORIZED or has_ended:
            self._callers.forget(bearer)
        elif bearer.is_unproven and actor is not None and bearer.is_proven_by(actor):
            self._callers.remember(bearer, actor)
            visit.bearer = bearer = replace(bearer, actor=actor)
            visit.policy = self._policies.get(_policy_for(visit.kind, bearer))
        if visit.policy is not None and not visit.is_counted:
            cost = 0 if status == HTTPStatus.NOT_MODIFIED else 1
            visit.count = await self._counters.hit(visit.policy, bearer.name, cost)


@dataclass(slots=True)
class _Visit:
    """A request on its way: what it counts for, and where its caller stands."""

    kind: Kind
    bearer: Bearer
    policy: Policy | None = None
    count: Count | None = None
    is_counted: bool = False


def _is_conditional(headers: Headers) -> bool:
    """Whether the caller names answers that it has; `*` names none."""
    return "*" not in headers.get("if-none-match", "*")


def _policy_for(kind: Kind, bearer: Bearer) -> str:
    if bearer.is_unproven and not bearer.is_sign_in:
        return _WRONG
    if kind in (Kind.TRANSFER, Kind.SIGN_IN):
        return kind.value.replace("_", "-")
    who = "key" if bearer.actor else "anonymous"
    return f"{who}-match" if kind is Kind.MATCH else who


def _refusal(policy: Policy, count: Count) -> DomainError:
    seconds = max(1, math.ceil(count.reset_s))
    limit = f"{policy.most} in {policy.seconds} s"
    return TooManyRequestsError(
        f"The limit “{policy.name}” is {limit}. Ask again in {seconds} s.",
        retry_after=seconds,
        limits=_told(policy, count),
    )


def _told(policy: Policy, count: Count) -> dict[str, str]:
    reset = max(0, math.ceil(count.reset_s))
    return {
        "RateLimit-Policy": policy.told,
        "RateLimit": f'"{policy.name}";r={count.remaining};t={reset}',
    }
