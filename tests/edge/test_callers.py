from typing import Any

import pytest
from starlette.datastructures import Headers

from app.edge.callers import Bearer, Callers, address_of

KEY = Headers({"Authorization": "Bearer a"})
OTHER = Headers({"Authorization": "Bearer b"})


def scope(host: str = "192.0.2.1", path: str = "/v1/providers") -> dict[str, Any]:
    return {"client": (host, 1), "path": path}


class TestAddress:
    @pytest.mark.parametrize(
        ("client", "address"),
        [
            (("192.0.2.1", 4), "192.0.2.1"),
            (("2001:db8:1:2:3:4:5:6", 4), "2001:db8:1:2::"),
            (("::ffff:192.0.2.1", 4), "192.0.2.1"),
            (("not:an:address", 4), "not:an:address"),
            (("testclient", 4), "testclient"),
            (None, "unknown"),
        ],
    )
    def test_is_that_of_the_subscriber(self, client: Any, address: str) -> None:
        assert address_of({"client": client}) == address


class TestCallers:
    def test_a_key_counts_for_its_bearer_once_it_has_proved_valid(self) -> None:
        callers = Callers()
        first = callers.bearer(scope(), KEY)
        assert (first.name, first.is_unproven) == ("192.0.2.1", True)
        callers.remember(first, "key:1")
        second = callers.bearer(scope("198.51.100.7"), KEY)
        assert (second.name, second.is_unproven) == ("key:1", False)
        assert callers.bearer(scope(), OTHER).is_unproven

    def test_a_key_that_is_refused_is_forgotten(self) -> None:
        callers = Callers()
        callers.remember(callers.bearer(scope(), KEY), "key:1")
        callers.forget(callers.bearer(scope(), KEY))
        assert callers.bearer(scope(), KEY).is_unproven

    def test_without_a_key_the_address_counts(self) -> None:
        assert Callers().bearer(scope(), Headers({})) == Bearer("192.0.2.1", None, None)

    def test_a_key_in_a_public_page_says_nothing_of_who_calls(self) -> None:
        embedded = Headers({"Authorization": "Bearer cdmo_embed_a"})
        assert Callers().bearer(scope(), embedded) == Bearer("192.0.2.1", None, None)

    def test_pages_ask_for_no_key(self) -> None:
        assert Callers().bearer(scope(path="/"), KEY) == Bearer("192.0.2.1", None, None)

    def test_remembers_no_more_than_it_has_room_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.edge.callers._REMEMBERED", 2)
        callers = Callers()
        keys = [Headers({"Authorization": f"Bearer {n}"}) for n in range(3)]
        for number, key in enumerate(keys):
            callers.remember(callers.bearer(scope(), key), f"key:{number}")
            callers.bearer(scope(), keys[0])  # used again and again, and so kept
        known = [callers.bearer(scope(), key).actor for key in keys]
        assert known == ["key:0", None, "key:2"]

    def test_keeps_no_key_in_the_clear(self) -> None:
        callers = Callers()
        callers.remember(callers.bearer(scope(), KEY), "key:1")
        assert b"Bearer a" not in repr(vars(callers)).encode()
