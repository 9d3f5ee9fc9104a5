"""The `cdmo-match people` commands: the first admin, and what is needed without a mail server."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.models.person import PersonInvite

T = TypeVar("T")
app = typer.Typer(help="Invite, list and remove people.", no_args_is_help=True)
PersonId = Annotated[str, typer.Argument(help="The person's id, from `list`.")]


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="admin or curator.")],
    email: Annotated[str, typer.Option(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
) -> None:
    """Invite somebody of the centre, and print the link with which they set a password."""
    from app.models.key import Role
    from app.services import people, portals
    from app.services.editing import Editor
    from app.services.holders import Holder

    if role not in (Role.ADMIN, Role.CURATOR):  # the centre's; others are invited over HTTP
        raise typer.BadParameter("use admin or curator", param_hint="--role")
    data = _invitation({"role": role, "email": email, "name": name})

    def add(session: "Session") -> str:
        holder = Holder(portals.centre(session).id)
        return _link(session, str(people.add(session, data, holder, Editor()).id))

    _tell(_writing(add))


@app.command()
def link(person_id: PersonId) -> None:
    """Print a link with which somebody sets a password, or a new one; the one before is void."""
    _tell(_writing(lambda session: _link(session, person_id)))


@app.command("list")
def list_people() -> None:
    """List all people: id, role, when last signed in, address, name."""
    from sqlmodel import col, select

    from app.models.person import Person

    def lines(session: "Session") -> list[str]:
        rows = session.exec(select(Person).order_by(col(Person.created_at), col(Person.id))).all()
        return [
            "  ".join(
                (
                    str(row.id),
                    f"{row.role:<8}",
                    f"signed in {row.last_signed_in_at:%Y-%m-%d}"
                    if row.last_signed_in_at
                    else "not signed in yet"
                    if row.password_hash
                    else "invited",
                    row.email,
                    row.name,
                )
            )
            for row in rows
        ]

    for line in _writing(lines):
        typer.echo(line)


@app.command()
def remove(person_id: PersonId) -> None:
    """Remove somebody, who is signed out everywhere at once; the keys that they made end."""
    from app.services import people
    from app.services.editing import Editor
    from app.services.tenancy import SYSTEM

    _writing(lambda session: people.remove(session, person_id, SYSTEM, Editor()))
    typer.echo("The person is removed.")


def _invitation(fields: dict[str, str]) -> "PersonInvite":
    from pydantic import ValidationError

    from app.complaints import faults_of
    from app.errors import InvalidError
    from app.models.person import PersonInvite

    try:
        return PersonInvite.model_validate(fields)
    except ValidationError as error:
        faults = faults_of(error.errors())
        raise InvalidError("Nobody can be invited like this.", faults=faults) from error


def _link(session: "Session", person_id: str) -> str:
    from app.models.person import Purpose
    from app.services import letters, one_time, people
    from app.services.tenancy import SYSTEM
    from app.settings import Settings

    person = people.found(session, person_id, SYSTEM, lock=True)
    purpose = Purpose.PASSWORD_RESET if person.password_hash else Purpose.INVITATION
    secret = one_time.issue(session, person, purpose)
    return letters.link(Settings().public_url or "http://127.0.0.1:8000", purpose, secret)


def _tell(address: str) -> None:
    typer.echo("Whoever opens this link sets the password; it is good for one use:", err=True)
    typer.echo(address)


def _writing(work: "Callable[[Session], T]") -> T:
    """Work as the service itself, in one transaction."""
    from app.db import connected, writing
    from app.services.tenancy import SYSTEM
    from app.settings import Settings

    with connected(Settings()) as engine, writing(engine, SYSTEM.claims) as session:
        return work(session)
