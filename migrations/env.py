"""Runs the revisions on the connection it is given, or on the settings' own database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Enum
from sqlmodel import AutoString, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

import app.models  # noqa: F401 # registers every table
from app.db import create_engine
from app.services import migrations
from app.settings import Settings


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Plain types: a revision must not change its meaning when SQLModel or an enum does."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.{item.impl!r}"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    with migrations.exclusive(create_engine(Settings())) as own:
        run(own)
else:
    run(given)
