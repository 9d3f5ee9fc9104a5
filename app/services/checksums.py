"""A checksum of each table's rows, whatever their order, to compare a backup with its restore."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

_SIZE = 2**256
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master "
    "WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


@dataclass(frozen=True, slots=True)
class Checksum:
    """How many rows a table has, and the sum of their digests."""

    table: str
    rows: int
    digest: str


def of_tables(connection: Connection) -> Sequence[Checksum]:
    """The checksums of all tables as this transaction sees them, in the order of their names."""
    dialect = connection.dialect.name
    names = connection.exec_driver_sql(_TABLES[dialect]).scalars().all()
    return [_of_table(connection, name) for name in names]


def _of_table(connection: Connection, name: str) -> Checksum:
    # PostgreSQL writes a row as text by itself; SQLite's values are few and plain.
    what = "*" if connection.dialect.name == "sqlite" else "CAST(t AS text)"
    streamed = connection.execution_options(stream_results=True)
    rows = streamed.exec_driver_sql(f'SELECT {what} FROM "{name}" AS t')
    return _summed(name, rows)


def _summed(name: str, rows: Iterable[Any]) -> Checksum:
    count = total = 0
    for row in rows:
        digest = hashlib.sha256(repr(tuple(row)).encode()).digest()
        total = (total + int.from_bytes(digest)) % _SIZE
        count += 1
    return Checksum(name, count, f"{total:064x}")
