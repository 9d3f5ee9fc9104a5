"""`python -m tests.prove.upgrading`: for each line `[URL, N]` that comes in, a process that
upgrades a database, and is gone right after statement N; with 0 it tells how many there are.

Processes of their own, since they are to be killed; forked from one that has read all modules."""

import json
import os
import signal
import sqlite3
import sys
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, event

from app.db import create_engine
from app.services import migrations
from tests.prove.place import settings_for
from tests.prove.planted import VARIABLE

COMMITS_EACH = "commits-each"


def upgrade(url: str, last: int) -> int:
    """Upgrade, and give the number of statements that it took."""
    engine = create_engine(settings_for(url))
    count = 0

    @event.listens_for(engine, "after_cursor_execute")
    def _counted(connection: Connection, *_: Any) -> None:
        nonlocal count
        count += 1
        if os.environ.get(VARIABLE) == COMMITS_EACH and engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            if driver is not None and driver.in_transaction:
                with suppress(sqlite3.OperationalError):  # while rows are still being read
                    driver.execute("COMMIT")
                    driver.execute("BEGIN IMMEDIATE")
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    migrations.upgrade_engine(engine)
    engine.dispose()
    return count


def _in_child(url: str, last: int) -> tuple[int, str]:
    """How the child ended, and what it said: a number of statements, or why it failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, str(upgrade(url, last)).encode())
            status = 0
        except Exception as error:
            os.write(writing, repr(error)[:1000].encode())
        finally:
            os._exit(status)
    os.close(writing)
    _, ended = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return os.waitstatus_to_exitcode(ended), told.read()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_in_child(*json.loads(line))) + "\n")
        sys.stdout.flush()
