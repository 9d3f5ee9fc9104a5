"""The command line: what it does, and how it ends when something can't be done."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import cli
from app.db import reading, writing
from app.models.key import Key, Role
from app.models.person import Credentials, NewPassword, Person, Purpose
from app.services import keys, new_passwords, sign_ins
from app.services.tenancy import SYSTEM
from tests import kept
from tests.catalogue import load
from tests.people import PASSWORD

Run = Callable[..., tuple[int, str, str]]
RECORDS = Path(cli.__file__).parent / "data" / "providers.jsonl"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `cdmo-match` with these arguments: its exit code, output and errors."""
    for name in ("CDMO_DEMO", "CDMO_MAILER", "CDMO_PUBLIC_URL"):  # which `demo` leaves behind
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["cdmo-match", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return call


@pytest.fixture
def _database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDMO_DATABASE_URL", database_url)


@pytest.mark.usefixtures("_database")
class TestKeys:
    def test_makes_a_key_that_opens(self, run: Run, engine: Engine) -> None:
        code, out, err = run("keys", "create", "--role", "curator", "--name", " the desk ")
        assert (code, err) == (0, "Keep this key safe; it can't be shown again:\n")
        with reading(engine, SYSTEM.claims) as session:
            row = session.exec(select(Key)).one()
            assert (row.name, row.role) == ("the desk", Role.CURATOR)
            assert keys.identify(session, out.strip()).actor == f"key:{row.id}"

    def test_gives_a_company_another_key(self, run: Run, engine: Engine) -> None:
        run("keys", "create", "--role", "company", "--name", "Alpha")
        with reading(engine, SYSTEM.claims) as session:
            first = session.exec(select(Key)).one()
        company = str(first.company_id)
        run("keys", "create", "--role", "company", "--name", "its robot", "--company", company)
        with reading(engine, SYSTEM.claims) as session:
            keys_of = session.exec(select(Key.company_id)).all()
        assert keys_of == [first.company_id, first.company_id]
        missing = run("keys", "create", "--role", "company", "--name", "x", "--company", "y")
        assert missing == (1, "", "cdmo-match: There is no such company.\n")
        wrong = run("keys", "create", "--role", "admin", "--name", "x", "--company", company)
        assert wrong[:2] == (2, "")

    def test_lists_and_revokes(self, run: Run, engine: Engine) -> None:
        run("keys", "create", "--role", "admin", "--name", "desk")
        with reading(engine, SYSTEM.claims) as session:
            key = session.exec(select(Key)).one()
        day = f"{key.created_at:%Y-%m-%d}"
        line = f"{key.id}  admin     made {day} by system  not used yet  valid  desk\n"
        assert run("keys", "list") == (0, line, "")
        assert run("keys", "revoke", str(key.id)) == (0, "The key is revoked.\n", "")
        assert run("keys", "list") == (0, line.replace("valid", f"revoked {day}"), "")

    @pytest.mark.parametrize(("days", "told"), [(-1, "expired"), (1, "valid until")])
    def test_says_until_when_a_key_is_valid(
        self, run: Run, engine: Engine, days: int, told: str
    ) -> None:
        run("keys", "create", "--role", "admin", "--name", "desk")
        ends = datetime.now(UTC) + timedelta(days=days)
        with writing(engine, SYSTEM.claims) as session:
            session.exec(select(Key)).one().expires_at = ends
        assert f"  {told} {ends:%Y-%m-%d}  desk\n" in run("keys", "list")[1]

    def test_tells_of_a_key_that_is_not_there(self, run: Run) -> None:
        told = "cdmo-match: There is no such key.\n"
        assert run("keys", "revoke", "x") == (1, "", told)

    @pytest.mark.parametrize(
        ("role", "name"), [("boss", "desk"), ("admin", " "), ("admin", "\x1b")]
    )
    def test_refuses_what_makes_no_key(self, run: Run, role: str, name: str) -> None:
        code, out, _ = run("keys", "create", "--role", role, "--name", name)
        assert (code, out) == (2, "")


@pytest.mark.usefixtures("_database", "_quick_hashes")
class TestPeople:
    FIRST = ("people", "invite", "--role", "admin", "--email", "Kim@x.example", "--name", "Kim")
    TOLD = "Whoever opens this link sets the password; it is good for one use:\n"

    def test_the_first_admin_comes_in_by_a_printed_link(
        self, run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code, out, err = run(*self.FIRST)
        head, _, token = out.strip().partition("?token=")
        assert (code, head, err) == (0, "http://127.0.0.1:8000/invitations", self.TOLD)
        with reading(engine, SYSTEM.claims) as session:
            row = session.exec(select(Person)).one()
        line = f"{row.id}  admin     invited  kim@x.example  Kim\n"
        assert run("people", "list") == (0, line, "")
        accepted = NewPassword(token=token, password=PASSWORD)
        new_passwords.by_link(engine, accepted, Purpose.INVITATION, None)
        waiting = line.replace("invited", "not signed in yet")
        assert run("people", "list") == (0, waiting, "")
        given = Credentials(email="kim@x.example", password=PASSWORD)
        made = sign_ins.by_password(engine, given, replaced=None, request_id=None)
        day = f"signed in {made.signed_in.seen_at:%Y-%m-%d}"
        assert run("people", "list") == (0, line.replace("invited", day), "")
        monkeypatch.setenv("CDMO_PUBLIC_URL", "https://match.example/")
        code, out, err = run("people", "link", str(row.id))
        assert out.startswith("https://match.example/password-resets/confirm?token=")
        assert run("people", "remove", str(row.id)) == (0, "The person is removed.\n", "")
        assert run("people", "list") == (0, "", "")

    def test_says_what_can_t_be_done(self, run: Run) -> None:
        run(*self.FIRST)
        told = "cdmo-match: Somebody with this e-mail address is here already.\n"
        assert run(*self.FIRST) == (1, "", told)
        for command in ("link", "remove"):
            missing = "cdmo-match: There is no such person.\n"
            assert run("people", command, "x") == (1, "", missing)
        wrong = run("people", "invite", "--role", "admin", "--email", "x", "--name", " ")
        assert wrong == (
            1,
            "",
            "cdmo-match: Nobody can be invited like this.\n"
            "  email: This is no e-mail address.\n"
            "  name: This is too short: at least 1 characters are needed.\n",
        )
        code, out, _ = run("people", "invite", "--role", "partner", "--email", "x", "--name", "x")
        assert (code, out) == (2, "")


@pytest.mark.usefixtures("_database")
def test_sweeps(run: Run, engine: Engine) -> None:
    with writing(engine, SYSTEM.claims) as session:
        kept.answer(session, "key:x", "POST /v1/x", None, expires_at=datetime.now(UTC))
    told = "Deleted: 0 idle requirements; expired: 0 sign-ins, 0 links, {} kept answers.\n"
    assert run("sweep") == (0, told.format(1), "")
    assert run("sweep") == (0, told.format(0), "")


@pytest.mark.usefixtures("_database")
class TestFiles:
    def test_exports_what_was_imported(self, run: Run, tmp_path: Path) -> None:
        lines = RECORDS.read_text(encoding="utf-8").splitlines()[:3]
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text("\n".join(lines), encoding="utf-8")
        code, out, _ = run("import", str(source))
        assert code == 0
        assert out.startswith("3 providers are new, 0 were replaced.\n")
        assert run("export", str(target)) == (0, "", "")
        slugs = sorted(json.loads(line)["slug"] for line in lines)
        exported = target.read_text(encoding="utf-8")
        assert [json.loads(line)["slug"] for line in exported.splitlines()] == slugs
        assert run("export", "-") == (0, exported, "")
        assert [path.name for path in sorted(tmp_path.iterdir())] == ["in.jsonl", "out.jsonl"]

    def test_lists_what_was_not_read_for_sure_on_request(self, run: Run, tmp_path: Path) -> None:
        record = json.loads(RECORDS.read_text(encoding="utf-8").splitlines()[0])
        source = tmp_path / "in.jsonl"
        source.write_text(json.dumps(record | {"founded": "about 1990"}), encoding="utf-8")
        code, out, _ = run("import", str(source), "--doubts")
        told = f"{record['slug']}  founded: no single year is stated"
        assert (code, told in out.splitlines()) == (0, True)

    def test_tells_every_fault_and_imports_nothing(self, run: Run, tmp_path: Path) -> None:
        source = tmp_path / "in.jsonl"
        good = RECORDS.read_text(encoding="utf-8").splitlines()[0]
        source.write_text(f"{good}\nnonsense\n", encoding="utf-8")
        code, out, err = run("import", str(source))
        assert (code, out) == (1, "")
        assert "cdmo-match: Nothing was imported.\n  line 2" in err
        assert run("export", "-") == (0, "", "")

    def test_tells_of_a_file_that_is_not_there(self, run: Run, tmp_path: Path) -> None:
        code, _, err = run("import", str(tmp_path / "none.jsonl"))
        assert (code, err) == (
            1,
            f"cdmo-match: {tmp_path}/none.jsonl: No such file or directory.\n",
        )


@pytest.mark.usefixtures("_database")
class TestPhrases:
    def test_lists_what_no_term_explains(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CDMO_SEED", "none")
        record = json.loads(RECORDS.read_text(encoding="utf-8").splitlines()[0])
        source = tmp_path / "in.jsonl"
        offer = record["capabilities"][0] | {"service": "Zorbing", "modality": "Quux toxicology"}
        source.write_text(json.dumps(record | {"capabilities": [offer]}), encoding="utf-8")
        run("import", str(source))
        code, out, _ = run("phrases")
        line = f"   1  service          zorbing  ({record['slug']})"
        assert (code, line in out.splitlines()) == (0, True)
        assert run("phrases", "--source", "needs") == (0, "", "")

    def test_refuses_another_source(self, run: Run) -> None:
        code, out, _ = run("phrases", "--source", "deals")
        assert (code, out) == (2, "")


@pytest.mark.usefixtures("_database")
class TestMatch:
    @pytest.fixture(autouse=True)
    def _no_seed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CDMO_SEED", "none")

    def test_ranks_what_is_there(self, run: Run, engine: Engine) -> None:
        load(engine)
        text = "GMP mRNA drug substance and LNP formulation, phase 1, Korea"
        code, out, err = run(
            "match", text, "--limit", "2", "--needed-from", "2028", "--explain", "1"
        )
        assert (code, err) == (0, "")
        assert [line for line in out.splitlines() if line.startswith(("  1 ", "  2 "))]
        assert "      ask: " in out or " met " in out

    def test_says_that_a_catalogue_is_empty(self, run: Run) -> None:
        code, out, _ = run("match", "mRNA")
        assert code == 0
        assert out.splitlines()[-1] == (
            "The catalogue is empty: bring providers in with `cdmo-match import`."
        )

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("",), "needs: A text or a need is missing."),
            (
                ("mRNA", "--country", "Korea"),
                "wishes.countries.preferred[0]: "
                "Write the country in two capital letters, such as KR.",
            ),
            (
                ("mRNA", "--country", "UK"),
                "wishes.countries.preferred[0]: The code of the United Kingdom is GB.",
            ),
            (("mRNA", "--lang", "fr"), "lang: Use one of: en, ko."),
        ],
    )
    def test_refuses_in_the_words_of_the_api(
        self, run: Run, arguments: tuple[str, ...], told: str
    ) -> None:
        code, out, err = run("match", *arguments)
        assert (code, out) == (1, "")
        assert err.splitlines()[-1] == f"  {told}"


class TestFailures:
    def test_of_tables_that_are_missing(
        self, run: Run, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CDMO_DATABASE_URL", empty_database_url)
        sentence = (
            "cdmo-match: the database doesn't answer or isn't up to date. "
            "Check CDMO_DATABASE_URL, and run `cdmo-match migrate`.\n"
        )
        assert run("keys", "list") == (1, "", sentence)
        assert run("migrate") == (0, "The tables are up to date.\n", "")
        assert run("keys", "list") == (0, "", "")

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("CDMO_POOL_SIZE", "secret", "these settings can't be used: CDMO_POOL_SIZE."),
            (
                "CDMO_DATABASE_URL",
                "secret",
                "CDMO_DATABASE_URL isn't the address of an SQLite or PostgreSQL database.",
            ),
            (
                "CDMO_DATABASE_URL",
                "mysql://host/name",
                "CDMO_DATABASE_URL isn't the address of an SQLite or PostgreSQL database.",
            ),
        ],
    )
    def test_of_settings(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
    ) -> None:
        monkeypatch.setenv(name, value)
        assert run("keys", "list") == (1, "", f"cdmo-match: {sentence}\n")

    @pytest.mark.parametrize("command", ["serve", "demo"])
    def test_of_unsafe_settings(
        self, run: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "never.db"
        monkeypatch.setenv("CDMO_DATABASE_URL", f"sqlite:///{file}")
        monkeypatch.setenv("CDMO_CORS_ORIGINS", "*")
        monkeypatch.setenv("CDMO_TRUSTED_PROXIES", "*")
        code, out, err = run(command)
        assert (code, out, file.exists()) == (1, "", False)
        assert err.splitlines() == [
            "cdmo-match: These settings aren't safe.",
            "  CDMO_CORS_ORIGINS: list whole origins such as https://portal.example.org; never * "
            "or null.",
            "  CDMO_TRUSTED_PROXIES: name the proxies; with * or a network of so many addresses a "
            "caller could claim any address.",
        ]

    @pytest.mark.parametrize("command", ["serve", "demo"])
    def test_of_a_port_that_is_taken(self, run: Run, command: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            code, out, err = run(command, "--port", str(port))
        assert (code, out) == (1, "")
        assert err == (
            f"cdmo-match: can't listen on 127.0.0.1:{port} (Address already in use). "
            "Choose another with --port.\n"
        )

    @pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("sing",), ("keys", "make")])
    def test_of_wrong_usage(self, run: Run, arguments: tuple[str, ...]) -> None:
        assert run(*arguments)[0] == 2


def test_help_loads_nothing_of_the_app() -> None:
    code = (
        "import sys; sys.argv = ['cdmo-match', '--help']\n"
        "from app.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'fastapi', 'sqlalchemy', 'pydantic', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "serve" in done.stdout


@pytest.mark.usefixtures("_database")
class TestRestore:
    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
    def test_tells_what_had_ended_and_is_back(
        self, run: Run, engine: Engine, tmp_path: Path
    ) -> None:
        file = str(tmp_path / "backup")
        run("keys", "create", "--role", "admin", "--name", "desk")
        run(*TestPeople.FIRST)
        assert run("backup", file)[0] == 0
        with reading(engine, SYSTEM.claims) as session:
            key = session.exec(select(Key.id)).one()
            who = session.exec(select(Person.id)).one()
        run("keys", "revoke", str(key))
        run("people", "remove", str(who))
        code, out, err = run("restore", file, "--force")
        assert (code, err) == (
            0,
            "Everybody has to sign in anew, and links that were mailed are void.\n"
            f"This key had ended and lives again: {key}\n"
            f"This person had been removed and is back: {who}\n",
        )
        rows = {line.split()[2]: line.split()[1] for line in out.splitlines()}
        assert (rows["key"], rows["person"], rows["one_time_token"]) == ("1", "1", "0")
