from sqlalchemy import Engine

from app.services import sealing


def test_all_workers_have_one_key(engine: Engine) -> None:
    first, second = sealing.key(engine, "")(), sealing.key(engine, "")()
    assert first == second
    assert len(first) == 32


def test_the_operators_secret_wins(engine: Engine) -> None:
    kept = sealing.key(engine, "")()
    given = sealing.key(engine, "a secret of the operator")()
    assert given == sealing.key(engine, "a secret of the operator")() != kept
