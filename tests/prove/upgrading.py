"""`python -m tests.prove.upgrading URL [N]`: upgrades a database, and is gone right after statement
N; without N it tells how many there are. A process of its own, since it is to be killed."""

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


if __name__ == "__main__":
    sys.stdout.write(str(upgrade(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
