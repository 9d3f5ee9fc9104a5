"""The vendored files are the published ones, byte for byte."""

from hashlib import sha256

from fastapi.testclient import TestClient

from app.web.pages import STATIC
from tests.web.markup import Page

VENDOR = STATIC / "vendor"
# The contents of @picocss/pico 2.1.1 and htmx.org 4.0.1 as published on npm.
PUBLISHED = {
    "htmx.LICENSE.txt": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "pico.LICENSE.txt": "afaff063e044233f917b7807dccab022f09dca474f92b642846bee4850655bbf",
    "pico.min.css": "fbc9a63fc9fc9f72d12fd7fc9806e11fa9f77ae4f9cad146b27003a1119ba3db",
}


def test_vendored_files_are_the_published_ones() -> None:
    found = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert found == PUBLISHED


def test_the_list_beside_them_says_the_same() -> None:
    lines = [line.split("  ") for line in (VENDOR / "SHA256SUMS").read_text().splitlines()]
    assert {name: digest for digest, name in lines} == PUBLISHED


def test_our_own_files_name_no_outside_address() -> None:
    for name in ("site.css", "site.js"):
        assert "://" not in (STATIC / name).read_text()


def test_files_are_served_under_an_address_of_their_content(browse: TestClient) -> None:
    page = Page(browse.get("/").text)
    sheets = [str(link["href"]) for link in page.all("link", rel="stylesheet")]
    assert sheets[0] == f"/static/vendor/pico.min.css?v={PUBLISHED['pico.min.css'][:12]}"
    for address in [*sheets, *(str(script["src"]) for script in page.all("script"))]:
        found = browse.get(address)
        assert found.status_code == 200
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_nothing_beside_the_files_is_served(browse: TestClient) -> None:
    assert browse.get("/static/../pages.py").status_code == 404
    assert browse.get("/static/%2e%2e/pages.py").status_code == 404
