"""Answers that hold a secret: sealed for who asked, and for nobody else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.services import sealed_answers
from app.services.idempotency import Attempt

ATTEMPT = Attempt("key:1", "POST /v1/keys", "once", b"p" * 32)


@given(st.text(max_size=2000))
def test_who_asked_reads_it_again(body: str) -> None:
    kept = sealed_answers._seal(ATTEMPT, body.encode())
    assert sealed_answers._open(ATTEMPT, kept) == body
    assert kept != sealed_answers._seal(ATTEMPT, body.encode())


def test_nobody_else_does() -> None:
    kept = sealed_answers._seal(ATTEMPT, b"a secret")
    for other in (
        replace(ATTEMPT, proof=b"q" * 32),
        replace(ATTEMPT, proof=b""),
        replace(ATTEMPT, key="twice"),
        replace(ATTEMPT, caller="key:2"),
        replace(ATTEMPT, route="POST /v1/keys/1/rotate"),
    ):
        assert sealed_answers._open(other, kept) is None


def test_what_was_changed_is_not_read() -> None:
    kept = sealed_answers._seal(ATTEMPT, b"a secret")
    for place in range(0, len(kept) - 2, 7):
        letter = "A" if kept[place] != "A" else "B"
        assert sealed_answers._open(ATTEMPT, kept[:place] + letter + kept[place + 1 :]) is None


def test_no_credential_is_told_in_passing() -> None:
    assert "ppp" not in repr(ATTEMPT)
