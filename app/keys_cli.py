"""The `cdmo-match keys` commands: the centre's keys, and its companies'."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from app.models.key import Key

app = typer.Typer(help="Make, list and revoke keys.", no_args_is_help=True)


@app.command()
def create(
    role: Annotated[str, typer.Option(help="admin, curator, or company.")],
    name: Annotated[str, typer.Option(help="Whose key it is, in words.")],
    company: Annotated[
        str, typer.Option(help="The company's id; without it a company's key makes the company.")
    ] = "",
) -> None:
    """Make a key and print it; it can't be shown again."""
    from app.db import writing
    from app.models.key import Role
    from app.services import companies, keys
    from app.services.editing import Editor
    from app.services.holders import Holder
    from app.services.tenancy import SYSTEM

    makeable = [Role.ADMIN, Role.CURATOR, Role.COMPANY]  # the centre's; others come over HTTP
    if role not in makeable:
        raise typer.BadParameter(f"use one of: {', '.join(makeable)}", param_hint="--role")
    if not 1 <= len(name.strip()) <= 160 or not name.isprintable():
        raise typer.BadParameter("use 1 to 160 printable characters", param_hint="--name")
    if company and role != Role.COMPANY:
        raise typer.BadParameter("only a company's key belongs to one", param_hint="--company")
    with _engine() as engine, writing(engine, SYSTEM.claims) as session:
        owner = companies.found(session, company, SYSTEM) if company else None
        _, secret = keys.create(
            session,
            name=name.strip(),
            role=Role(role),
            editor=Editor(),
            holder=Holder(owner.portal_id, owner.id) if owner else None,
        )
    typer.echo("Keep this key safe; it can't be shown again:", err=True)
    typer.echo(secret)


@app.command("list")
def list_all() -> None:
    """List all keys: id, role, when and by whom made, when last used, whether valid, name."""
    from app.db import reading
    from app.services import keys
    from app.services.tenancy import SYSTEM

    with _engine() as engine, reading(engine, SYSTEM.claims) as session:
        for key in keys.list_all(session):
            used = f"used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "not used yet"
            state = _state(key)
            made = f"made {key.created_at:%Y-%m-%d} by {key.created_by or 'somebody unknown'}"
            typer.echo("  ".join((str(key.id), f"{key.role:<8}", made, used, state, key.name)))


def _state(key: "Key") -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    is_over = key.expires_at <= datetime.now(UTC)
    return f"{'expired' if is_over else 'valid until'} {key.expires_at:%Y-%m-%d}"


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, from `list`.")]) -> None:
    """Revoke a key at once."""
    from app.db import writing
    from app.services import keys
    from app.services.editing import Editor
    from app.services.tenancy import SYSTEM

    with _engine() as engine, writing(engine, SYSTEM.claims) as session:
        keys.revoke(session, key_id, caller=SYSTEM, editor=Editor())
    typer.echo("The key is revoked.")


def _engine() -> "AbstractContextManager[Engine]":
    from app.db import connected
    from app.settings import Settings

    return connected(Settings())
