"""Load shedding: each kind of work has a room of its own, so that what is costly is refused first
and reading goes on."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.edge.body import WholeBody
from app.edge.kinds import Kind, is_large, kind_of
from app.edge.turns import Room, Turns
from app.errors import DomainError

# Of one worker. One interpreter computes matches, one at a time (`services.rounds`): beside it the
# next ones are made ready, and short ones go on between the pieces of long ones. Reads are short; a
# worker has 40 threads, of which they leave some to the rest.
_ROOMS = {
    Kind.READ: Room(running=24, waiting=96, patience_s=2.0),
    Kind.WRITE: Room(running=8, waiting=64, patience_s=2.0),
    Kind.MATCH: Room(running=4, waiting=64, patience_s=2.0),
    Kind.TRANSFER: Room(running=1, waiting=2, patience_s=2.0),
    Kind.SIGN_IN: Room(running=2, waiting=16, patience_s=2.0),
}
# Large matches run one at a time, so that a small one meets at most one of them. They may take a
# second each, and whoever asks for one waits longer.
_LARGE = Room(running=1, waiting=8, patience_s=8.0)


class Workload:
    """Lets requests run as there is room for their kind; operators' routes always run.

    What would be refused anyway is refused before its body is read, and a body is there and sound
    before its request waits for a turn.
    """

    def __init__(self, app: ASGIApp, *, body: WholeBody) -> None:
        self.app = app
        self._body = body
        self._turns = {kind: Turns(room) for kind, room in _ROOMS.items()}
        self._large = Turns(_LARGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request when it is its turn, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kind = kind_of(scope["method"], scope["path"])
        turns = self._turns.get(kind)
        try:
            if turns is not None:
                turns.check()
            received = await self._body.read(scope, receive)
            if received is None:
                return  # nobody is there to be answered
            if kind is Kind.MATCH and is_large(scope["path"], received.content):
                turns = self._large
            if turns is not None:
                await turns.take()
        except DomainError as refusal:
            await problems.problem(refusal, scope[logs.REQUEST_ID])(scope, receive, send)
            return
        if turns is None:
            await self.app(scope, received.receive, send)
        else:
            await self._run(scope, received.receive, send, turns, is_stream=kind is Kind.TRANSFER)

    async def _run(
        self, scope: Scope, receive: Receive, send: Send, turns: Turns, *, is_stream: bool
    ) -> None:
        is_over = False

        def end() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                turns.give()

        async def send_on(message: Message) -> None:
            # The work is done when the answer starts; a slow reader then holds up nobody. Only
            # whole catalogues are made while they are sent.
            if not is_stream:
                end()
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            end()
