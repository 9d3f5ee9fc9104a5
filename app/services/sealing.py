"""The key that cursors are sealed with, the same on every worker."""

from collections.abc import Callable
from hashlib import blake2b

from sqlalchemy import Engine

from app import db
from app.services import phrases


def key(engine: Engine, secret: str) -> Callable[[], bytes]:
    """Gives the key: made from `secret`, or where it is empty from the one in the database."""

    def fetch() -> bytes:
        kept = secret
        if not kept:
            with db.writing(engine) as session:
                kept = phrases.own_secret(session)
        return blake2b(kept.encode(), digest_size=32, person=b"cursors").digest()

    return fetch
