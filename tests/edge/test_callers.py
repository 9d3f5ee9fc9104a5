from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import Headers

from app.edge.callers import Bearer, Callers, address_of
from app.edge.kinds import Kind
from app.settings import Settings

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


COOKIE = "__Host-cdmo-sign-in"


def browsing(secret: str, **others: str) -> tuple[dict[str, Any], Headers]:
    """A request of a browser with the cookie of a sign-in."""
    headers = Headers({"Cookie": f"lang=ko; {COOKIE}={secret}", **others})
    app = SimpleNamespace(state=SimpleNamespace(settings=Settings()))
    return {**scope(path="/"), "type": "http", "app": app, "headers": headers.raw}, headers


class TestSignIns:
    def test_a_sign_in_counts_for_its_person_once_it_has_proved_good(self) -> None:
        callers = Callers()
        first = callers.bearer(*browsing("a" * 43), Kind.READ)
        assert (first.name, first.is_unproven, first.is_sign_in) == ("192.0.2.1", True, True)
        callers.remember(first, "person:1")
        assert callers.bearer(*browsing("a" * 43), Kind.MATCH).name == "person:1"
        assert callers.bearer(*browsing("b" * 43), Kind.READ).is_unproven

    def test_what_is_no_secret_is_none(self) -> None:
        found = Callers().bearer(*browsing("a" * 42), Kind.READ)
        assert found == Bearer("192.0.2.1", None, None)

    def test_a_key_goes_first(self) -> None:
        asked, headers = browsing("a" * 43, Authorization="Bearer a")
        found = Callers().bearer({**asked, "path": "/v1/providers"}, headers, Kind.READ)
        assert not found.is_sign_in
        assert [found.is_proven_by(actor) for actor in ("key:1", "person:1")] == [True, False]

    def test_whoever_signs_in_counts_for_the_address(self) -> None:
        callers = Callers()
        callers.remember(callers.bearer(*browsing("a" * 43), Kind.READ), "person:1")
        address = Bearer("192.0.2.1", None, None)
        assert callers.bearer(*browsing("a" * 43), Kind.SIGN_IN) == address
        assert callers.bearer(scope(), KEY, Kind.SIGN_IN) == address


class TestCallers:
    def test_a_key_counts_for_its_bearer_once_it_has_proved_valid(self) -> None:
        callers = Callers()
        first = callers.bearer(scope(), KEY, Kind.READ)
        assert (first.name, first.is_unproven) == ("192.0.2.1", True)
        callers.remember(first, "key:1")
        second = callers.bearer(scope("198.51.100.7"), KEY, Kind.READ)
        assert (second.name, second.is_unproven) == ("key:1", False)
        assert callers.bearer(scope(), OTHER, Kind.READ).is_unproven

    def test_a_key_that_is_refused_is_forgotten(self) -> None:
        callers = Callers()
        callers.remember(callers.bearer(scope(), KEY, Kind.READ), "key:1")
        callers.forget(callers.bearer(scope(), KEY, Kind.READ))
        assert callers.bearer(scope(), KEY, Kind.READ).is_unproven

    def test_without_a_key_the_address_counts(self) -> None:
        assert Callers().bearer(scope(), Headers({}), Kind.READ) == Bearer("192.0.2.1", None, None)

    def test_a_key_in_a_public_page_says_nothing_of_who_calls(self) -> None:
        embedded = Headers({"Authorization": "Bearer cdmo_embed_a"})
        assert Callers().bearer(scope(), embedded, Kind.READ) == Bearer("192.0.2.1", None, None)

    def test_pages_ask_for_no_key(self) -> None:
        assert Callers().bearer(scope(path="/"), KEY, Kind.READ) == Bearer("192.0.2.1", None, None)

    def test_remembers_no_more_than_it_has_room_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.edge.callers._REMEMBERED", 2)
        callers = Callers()
        keys = [Headers({"Authorization": f"Bearer {n}"}) for n in range(3)]
        for number, key in enumerate(keys):
            callers.remember(callers.bearer(scope(), key, Kind.READ), f"key:{number}")
            callers.bearer(scope(), keys[0], Kind.READ)  # used again and again, and so kept
        known = [callers.bearer(scope(), key, Kind.READ).actor for key in keys]
        assert known == ["key:0", None, "key:2"]

    def test_keeps_no_key_in_the_clear(self) -> None:
        callers = Callers()
        callers.remember(callers.bearer(scope(), KEY, Kind.READ), "key:1")
        assert b"Bearer a" not in repr(vars(callers)).encode()
