import base64
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequestError
from app.services import cursor


@pytest.fixture(autouse=True)
def _own_key() -> Iterator[None]:
    """No key of an app that ran before, nor one of these tests for those that follow."""
    cursor.forget_key()
    yield
    cursor.forget_key()


places = st.tuples(st.integers(-(2**40), 2**40), st.text(max_size=80))


@given(places, st.text(max_size=40).filter(lambda text: text.isprintable()))
def test_what_was_written_is_read(place: tuple[int, str], asked: str) -> None:
    written = cursor.write(list(place), asked)
    assert cursor.read(written, asked, int, str) == list(place)


def test_a_cursor_belongs_to_one_question() -> None:
    written = cursor.write([1, "a"], "one")
    with pytest.raises(BadRequestError):
        cursor.read(written, "other", int, str)


def test_a_cursor_belongs_to_one_kind_of_list() -> None:
    with pytest.raises(BadRequestError):
        cursor.read(cursor.write(["a"], "one"), "one", int, str)


@pytest.mark.parametrize("text", ["", "x", "!!!", "é", "A" * 400, "\0", "=", "AAAAAAAAAAA="])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError):
        cursor.read(text, "one", int, str)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    written = cursor.write([7, "slug"], "one")
    raw = bytearray(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    changed = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises(BadRequestError):
        cursor.read(changed, "one", int, str)


def test_only_whoever_has_the_key_can_make_one() -> None:
    cursor.seal_with(lambda: b"one installation")
    written = cursor.write([1, "a"], "one")
    assert cursor.read(written, "one", int, str) == [1, "a"]
    cursor.seal_with(lambda: b"another")
    with pytest.raises(BadRequestError):
        cursor.read(written, "one", int, str)


def test_a_key_that_could_not_be_had_is_asked_for_again() -> None:
    keys: list[bytes] = []

    def key() -> bytes:
        if not keys:
            raise OSError("no database")
        return keys[0]

    cursor.seal_with(key)
    with pytest.raises(OSError, match="no database"):
        cursor.write([1], "one")
    keys.append(b"a key")
    assert cursor.read(cursor.write([1], "one"), "one", int) == [1]


def test_a_key_that_was_forgotten_is_asked_for_no_more() -> None:
    asked: list[int] = []

    def key() -> bytes:
        asked.append(1)
        return b"a key"

    cursor.seal_with(key)
    written = cursor.write([1], "one")
    cursor.forget_key()
    with pytest.raises(BadRequestError):
        cursor.read(written, "one", int)
    assert cursor.read(cursor.write([1], "one"), "one", int) == [1]
    assert asked == [1]
