"""With which role the service starts on PostgreSQL: one for which the rules of rows hold."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import ProgrammingError

from app.db import create_engine
from app.errors import UnsafeError
from app.services import database_role
from tests import postgres
from tests.conftest import owner_of, settings_for

OWNER = "cdmo_test_owner_of_one"


def test_a_role_that_owns_nothing_may_serve(engine: Engine) -> None:
    database_role.check(engine)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)  # SQLite has no roles
@pytest.mark.parametrize("change", ["UPDATE event SET actor = 'nobody'", "DELETE FROM event"])
def test_the_serving_role_changes_nothing_of_the_journal(engine: Engine, change: str) -> None:
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="denied"):
        connection.exec_driver_sql(change)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)  # SQLite has no roles
class TestRefusal:
    def test_of_a_superuser(self, engine: Engine) -> None:
        with pytest.raises(UnsafeError, match="passes over the rules of rows"):
            database_role.check(owner_of(engine))

    def test_of_the_owner_of_a_table(self, engine: Engine) -> None:
        owner = owner_of(engine)
        with owner.begin() as connection:
            postgres.make_role(connection, OWNER)
            connection.exec_driver_sql(
                f"CREATE TABLE theirs (); ALTER TABLE theirs OWNER TO {OWNER}"
            )
        url = engine.url.set(username=OWNER).render_as_string(hide_password=False)
        served = create_engine(settings_for(url))
        try:
            with pytest.raises(UnsafeError, match="owns the tables"):
                database_role.check(served)
        finally:
            served.dispose()
            with owner.begin() as connection:
                connection.exec_driver_sql("DROP TABLE theirs")
                connection.exec_driver_sql(f"DROP ROLE {OWNER}")
