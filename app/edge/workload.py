"""Load shedding: each kind of work has a room of its own, so that what is costly is refused first
and reading goes on."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.edge.kinds import Kind, kind_of
from app.edge.turns import Room, Turns
from app.errors import OverloadedError

# Of one worker. One interpreter computes matches, and two at a time are as many as don't get in
# each other's way. Reads are short; a worker has 40 threads, of which they leave some to the rest.
_ROOMS = {
    Kind.READ: Room(running=24, waiting=96, patience_s=2.0),
    Kind.WRITE: Room(running=8, waiting=64, patience_s=2.0),
    Kind.MATCH: Room(running=2, waiting=64, patience_s=2.0),
    Kind.TRANSFER: Room(running=1, waiting=2, patience_s=2.0),
    Kind.SIGN_IN: Room(running=2, waiting=16, patience_s=2.0),
}


class Workload:
    """Lets requests run as there is room for their kind; operators' routes always run."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turns = {kind: Turns(room) for kind, room in _ROOMS.items()}
        self._transfers = self._turns[Kind.TRANSFER]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request when it is its turn, or refuse it."""
        turns = None
        if scope["type"] == "http":
            turns = self._turns.get(kind_of(scope["method"], scope["path"]))
        if turns is None:
            await self.app(scope, receive, send)
            return
        try:
            await turns.take()
        except OverloadedError as refusal:
            await problems.problem(refusal, scope[logs.REQUEST_ID])(scope, receive, send)
            return
        is_over = False

        def end() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                turns.give()

        async def send_on(message: Message) -> None:
            # The work is done when the answer starts; a slow reader then holds up nobody. Only
            # whole catalogues are made while they are sent.
            if turns is not self._transfers:
                end()
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            end()
