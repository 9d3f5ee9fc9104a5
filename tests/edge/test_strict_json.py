"""JSON that two programs could read differently is refused before it is worked on."""

import contextlib
import json
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.edge.strict_json import DEEPEST, MOST_NAMES, check
from app.errors import BadRequestError
from tests.service import Headers

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
BAD = [
    (b"{", "The body isn't JSON: look at line 1, column 2."),
    (b'{"a": 1,}', "The body isn't JSON: look at line 1, column 9."),
    (b"\xef\xbb\xbf{}", "The body isn't JSON: look at line 1, column 1."),
    (b"\xff\xfe{\x00}\x00", "The body isn't UTF-8 text."),
    (b'"\xed\xa0\x80"', "The body isn't UTF-8 text."),
    (b'{"a": NaN}', "NaN and Infinity aren't numbers that can be kept."),
    (b'{"a": -Infinity}', "NaN and Infinity aren't numbers that can be kept."),
    (b'{"a": 1e999}', "A number in the body is too large."),
    (b'{"a": 9007199254740993}', "A number in the body is too large."),
    (b'{"a": ' + b"9" * 100_000 + b"}", "A number in the body is too large."),
    (b'{"a": 1, "a": 2}', "An object in the body has the same name twice."),
    (b'{"a": 1, "\\u0061": 2}', "An object in the body has the same name twice."),
    (
        b"{" + b", ".join(b'"k%d": 1' % n for n in range(60_000)) + b"}",
        "An object in the body has more than 100 names.",
    ),
    (b"[" + b"1, " * 1000 + b"1]", "A list in the body has more than 1000 items."),
    (b'{"a": [' + b"[], " * 1000 + b"[]]}", "A list in the body has more than 1000 items."),
    (b'["\\ud800"]', "The body holds half of a character (a lone surrogate)."),
    (b'{"\\udc00": 1}', "The body holds half of a character (a lone surrogate)."),
    (b'{"a": [{"b": "x\\udbffx"}]}', "The body holds half of a character (a lone surrogate)."),
    (b"[" * 33 + b"]" * 33, "The body is nested more than 32 levels deep."),
    (b"[" * 500_000, "The body is nested more than 32 levels deep."),
    (b'{"a":' * 150_000, "The body is nested more than 32 levels deep."),
]


class TestCheck:
    @given(VALUES)
    def test_takes_what_every_program_reads_alike(self, value: Any) -> None:
        for is_ascii in (True, False):
            check(json.dumps(value, ensure_ascii=is_ascii).encode())

    @pytest.mark.parametrize(("body", "detail"), BAD)
    def test_refuses_the_rest(self, body: bytes, detail: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            check(body)
        assert [(f.where, f.detail) for f in caught.value.faults] == [("body", detail)]

    def test_takes_the_deepest(self) -> None:
        check(b"[" * DEEPEST + b"]" * DEEPEST)

    def test_takes_the_most_names(self) -> None:
        check(json.dumps(dict.fromkeys(map(str, range(MOST_NAMES)))).encode())

    def test_takes_a_whole_character_in_two_escapes(self) -> None:
        check(b'["\\ud83e\\uddec"]')

    @given(st.binary(max_size=200))
    def test_refuses_or_takes_any_bytes(self, body: bytes) -> None:
        try:
            check(body)
        except BadRequestError:
            return
        assert json.loads(body.decode()) == json.loads(body.decode())

    def test_is_done_with_a_megabyte_soon(self) -> None:
        worst = [
            b"[" * 2**20,
            b'["' + b"\\u00e9" * 170_000 + b'"]',
            b"[" + b"[]," * 300_000 + b"1]",
        ]
        for body in worst:
            started = time.process_time()
            with contextlib.suppress(BadRequestError):
                check(body)
            assert time.process_time() - started < 1.0


class TestStrictJson:
    @pytest.mark.parametrize(("body", "detail"), BAD)
    @pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
    def test_answers_400(
        self, client: TestClient, curator: Headers, body: bytes, detail: str, kind: str
    ) -> None:
        answer = client.post(
            "/v1/providers", content=body, headers=curator | {"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "type": "/problems/bad-request",
                "title": "The request could not be read",
                "status": 400,
                "detail": detail,
                "request_id": answer.headers["x-request-id"],
                "errors": [{"where": "body", "detail": detail}],
            },
        )
