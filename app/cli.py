"""The `cdmo-match` command. Everything of the app is imported inside of the commands, so that
`--help` answers at once."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import keys_cli, people_cli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from app.models.match import MatchData
    from app.services.revivals import Revived
    from app.settings import Settings

app = typer.Typer(
    help="Matches biotech companies with the organisations that can make their medicines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(keys_cli.app, name="keys")
app.add_typer(people_cli.app, name="people")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many processes serve.")]


def main() -> None:
    """Run the command; what can be expected to fail ends with a sentence and exit code 1."""
    try:
        app()
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        typer.echo(f"cdmo-match: {sentence}", err=True)
        sys.exit(1)


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Bring the database up to date, fill an empty catalogue, and serve."""
    _refuse_unsafe()
    _refuse_taken(host, port)
    _prepare(_settings())
    _serve(host, port, workers)


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the real catalogue, and show what to try."""
    address = f"http://{host}:{port}"
    _be_a_demo(port)
    _refuse_unsafe()
    _refuse_taken(host, port)
    _prepare(_settings())
    typer.echo(f"CDMO Match is at {address} (its API is described at {address}/docs).")
    typer.echo("Try:")
    typer.echo(
        f"  curl {address}/v1/match -H 'content-type: application/json' \\\n"
        '    -d \'{"text": "GMP mRNA drug substance and LNP formulation, phase 1, Korea"}\''
    )
    _serve(host, port, 1)


@app.command()
def match(
    text: Annotated[str, typer.Argument(help="What you look for, in your own words.")],
    needed_from: Annotated[
        str, typer.Option(help="When it is needed: 2027, 2027-Q2, 2027-04 or 2027-04-15.")
    ] = "",
    country: Annotated[
        list[str] | None, typer.Option(help="A preferred country by ISO code; may be repeated.")
    ] = None,
    preset: Annotated[str, typer.Option(help="Which weights to use.")] = "balanced",
    lang: Annotated[str, typer.Option(help="Language of the explanations: en or ko.")] = "en",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many to list.")] = 10,
    explain: Annotated[
        int, typer.Option(min=0, max=100, help="Of how many to show every point.")
    ] = 0,
    include_ineligible: Annotated[
        bool, typer.Option("--include-ineligible", help="List those that do not fit, too.")
    ] = False,
) -> None:
    """Rank the providers for a need and print them with score bars."""
    from app.services import match as matching
    from app.services import printout
    from app.services.catalogue import LiveCatalogue

    data = _request(
        {
            "text": text,
            "wishes": {
                "needed_from": needed_from or None,
                "countries": {"preferred": country or []},
            },
            "preset": preset,
            "lang": lang,
            "limit": limit,
            "include_ineligible": include_ineligible,
        }
    )
    _prepare(_settings(), quiet=True)
    with _engine() as engine:
        answer = matching.match(data, LiveCatalogue(engine).current())
    for line in printout.lines(answer, explain):
        typer.echo(line)


@app.command()
def migrate() -> None:
    """Bring the database to the present tables; nothing is lost if it fails."""
    from app.services import migrations

    migrations.upgrade(_settings())
    typer.echo("The tables are up to date.")


@app.command()
def sweep() -> None:
    """Delete idle requirements and what has expired, as the service does by itself every hour."""
    from app.services import retention

    with _engine() as engine:
        done = retention.sweep(engine, _settings())
    typer.echo(
        f"Deleted: {done.requirements} idle requirements; expired: {done.sign_ins} sign-ins, "
        f"{done.tokens} links, {done.answers} kept answers."
    )


@app.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="A file of JSON Lines, or - for standard input.")],
    doubts: Annotated[
        bool, typer.Option("--doubts", help="List by record what was not read for sure.")
    ] = False,
) -> None:
    """Bring the providers of a file into the catalogue: all of them, or none."""
    from app.db import writing
    from app.services import catalogue_files
    from app.settings import Seed

    with _lines_of(file) as lines:
        # The file fills the catalogue, so nothing else is seeded; the vocabulary always is.
        _prepare(_settings().model_copy(update={"seed": Seed.NONE}), quiet=True)
        with _engine() as engine, writing(engine) as session:
            report = catalogue_files.import_lines(session, lines, catalogue_files.SYSTEM)
    typer.echo(f"{report.created} providers are new, {report.replaced} were replaced.")
    for why, count in report.counts.items():
        typer.echo(f"  {count} x {why}")
    for doubt in report.doubts if doubts else ():
        typer.echo(f"{doubt.slug}  {doubt.field}: {doubt.why}")


@app.command("export")
def export_file(
    file: Annotated[str, typer.Argument(help="A file to write, or - for standard output.")],
) -> None:
    """Write all providers, drafts and archived ones too, as JSON Lines."""
    from app.db import reading
    from app.services import catalogue_files

    with _engine() as engine, reading(engine) as session:
        lines = catalogue_files.export_lines(session)
        if file == "-":
            for line in lines:
                typer.echo(line)
        else:
            _write_whole(Path(file), lines)


@app.command("backup")
def back_up(file: Annotated[str, typer.Argument(help="A file to write; replaced whole.")]) -> None:
    """Write the whole database into a file, while the service may go on; print its checksums."""
    from app.services import backups

    for table in backups.make(_settings(), Path(file)):
        typer.echo(f"{table.digest[:16]}  {table.rows:>9,}  {table.table}")


@app.command()
def restore(
    file: Annotated[str, typer.Argument(help="A file that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Bring back the database of a backup, all or nothing; print its checksums. Stop the service
    before, and start it afterwards. Everybody signs in anew, and mailed links are void."""
    from app.services import backups

    restored = backups.restore(_settings(), Path(file), force=force)
    for table in restored.tables:
        typer.echo(f"{table.digest[:16]}  {table.rows:>9,}  {table.table}")
    typer.echo("Everybody has to sign in anew, and links that were mailed are void.", err=True)
    for line in _revived(restored.revived):
        typer.echo(line, err=True)


def _revived(found: "Revived | None") -> list[str]:
    if found is None:
        return [
            "Whatever ended after this backup was made is back: keys that were revoked, people who "
            "were removed, companies that were deleted, requirements that were no longer shared. "
            "Look through `cdmo-match keys list` and `cdmo-match people list`."
        ]
    return [
        f"{what}: {each}"
        for what, ids in (
            ("This key had ended and lives again", found.keys),
            ("This person had been removed and is back", found.people),
            ("This company had been deleted and is back", found.companies),
            ("This requirement was shared no longer and is again", found.shared),
        )
        for each in ids
    ]


@app.command()
def phrases(
    source: Annotated[
        str, typer.Option(help="Whose words: catalogue, or needs that were shared.")
    ] = "catalogue",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many to list.")] = 50,
) -> None:
    """List the phrases that no term of the vocabulary explains, the most used first."""
    from app.db import reading
    from app.models.phrase import PhraseQuery, Source
    from app.services import phrases as unread
    from app.services.catalogue import LiveCatalogue

    if source not in list(Source):
        raise typer.BadParameter(f"use one of: {', '.join(Source)}", param_hint="--source")
    _prepare(_settings(), quiet=True)
    with _engine() as engine, reading(engine) as session:
        query = PhraseQuery(source=Source(source), limit=limit)
        found = unread.page(session, LiveCatalogue(engine).current(), query)
    for each in found.items:
        near = f"  near {each.nearest.id}" if each.nearest else ""
        who = f"  ({', '.join(each.examples)})" if each.examples else ""
        typer.echo(f"{each.count:>4}  {each.field.value:<17}{each.phrase}{near}{who}")


def _request(fields: dict[str, object]) -> "MatchData":
    """What was typed as the request that HTTP takes, refused in the same words."""
    from pydantic import ValidationError

    from app.complaints import faults_of
    from app.errors import InvalidError
    from app.models.match import MatchData

    try:
        return MatchData.model_validate(fields)
    except ValidationError as error:
        faults = faults_of(error.errors())
        raise InvalidError("Some of this can't be used.", faults=faults) from error


def _settings() -> "Settings":
    from app.settings import Settings

    return Settings()


def _engine() -> "AbstractContextManager[Engine]":
    from app.db import connected

    return connected(_settings())


@contextmanager
def _lines_of(file: str) -> "Iterator[Iterable[bytes]]":
    if file == "-":
        yield sys.stdin.buffer
    else:
        with Path(file).open("rb") as opened:
            yield opened


def _write_whole(target: Path, lines: "Iterable[str]") -> None:
    """Write beside the target and swap, so that a failure leaves the file that was there."""
    aside = target.with_name(f".{target.name}.part")
    try:
        with aside.open("w", encoding="utf-8") as opened:
            opened.writelines(f"{line}\n" for line in lines)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _prepare(settings: "Settings", *, quiet: bool = False) -> None:
    """Have the tables up to date and the catalogue filled. On PostgreSQL the tables are the
    owner's business: this process needn't, and mustn't, be able to change them."""
    from app.db import writing
    from app.services import catalogue_files, database_role, migrations

    def progress(step: str) -> None:
        typer.echo(step, err=quiet)

    with _engine() as engine:
        if engine.dialect.name == "sqlite":
            if not quiet:
                progress("Bringing the tables up to date …")
            migrations.upgrade_engine(engine)
        else:
            database_role.check(engine)
            migrations.check_current(engine)
        with writing(engine) as session:
            catalogue_files.seed(session, settings.seed, progress)


def _serve(host: str, port: int, workers: int) -> None:
    import uvicorn

    from app import logs, server

    settings = _settings()
    logs.configure(settings.log_level)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        **server.options(settings),
    )


def _be_a_demo(port: int) -> None:
    """Settings under which everything can be tried on this machine, without TLS or a mail server:
    the processes that serve read them from the environment."""
    import os

    os.environ["CDMO_DEMO"] = "true"
    os.environ.setdefault("CDMO_MAILER", "log")
    os.environ.setdefault("CDMO_PUBLIC_URL", f"http://127.0.0.1:{port}")


def _refuse_unsafe() -> None:
    """Say at once what is wrong: with several workers, uvicorn would start them again for ever."""
    from app import safety

    safety.require(_settings())


def _refuse_taken(host: str, port: int) -> None:
    """Find out before the database is touched, and say so plainly."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.echo(
                f"cdmo-match: can't listen on {host}:{port} ({error.strerror}). "
                "Choose another with --port.",
                err=True,
            )
            raise typer.Exit(1) from None


def _sentence(error: Exception) -> str | None:
    """What to tell of an error that can be expected, or None for a defect of ours."""
    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from app.errors import DomainError

    if isinstance(error, DomainError):
        return "\n  ".join(
            [error.detail, *(f"{f.where.removeprefix('body.')}: {f.detail}" for f in error.faults)]
        )
    if isinstance(error, ValidationError):
        names = ", ".join(f"CDMO_{str(e['loc'][0]).upper()}" for e in error.errors() if e["loc"])
        return f"these settings can't be used: {names}."
    if isinstance(error, ArgumentError):
        return "CDMO_DATABASE_URL isn't the address of an SQLite or PostgreSQL database."
    if isinstance(error, DBAPIError):
        return (
            "the database doesn't answer or isn't up to date. "
            "Check CDMO_DATABASE_URL, and run `cdmo-match migrate`."
        )
    if isinstance(error, OSError):
        return f"{error.filename or 'the system'}: {error.strerror or 'it failed'}."
    return None
