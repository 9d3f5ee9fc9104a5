"""The proxy configuration that the README names: it says what a proxy has to, and does it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "nginx.conf"
NAME = "match.example.org"
RATES = "sign-in=6/minute"


def _said() -> str:
    return re.sub(r"#.*", "", CONFIGURATION.read_text())


def test_it_says_what_the_readme_asks_of_a_proxy() -> None:
    assert "(`nginx.conf`)" in (ROOT / "README.md").read_text()
    for line in (
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header Host $http_host;",
    ):
        assert line in _said()


def test_its_log_holds_no_secret_of_a_link() -> None:
    (form,) = re.findall(r"log_format cdmo_match (.*?);", _said(), re.DOTALL)
    named = set(re.findall(r"\$(\w+)", form))
    assert not named & {"request", "request_uri", "args", "query_string", "http_referer"}


@dataclass(frozen=True)
class Front:
    """A running nginx with the service behind it, and its log."""

    port: int
    log: Path

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """A request by TLS; redirects are told and not followed."""
        headers = {"Host": f"{NAME}:{self.port}"} | options.pop("headers", {})
        address = f"https://127.0.0.1:{self.port}{path}"
        return httpx2.request(method, address, headers=headers, verify=False, timeout=20, **options)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        pytest.skip("there is no nginx on this machine")
    place = tmp_path_factory.mktemp("nginx")
    _make_certificate(place)
    workers, plain, tls = (_free_port() for _ in range(3))
    log = place / "access.log"
    site = CONFIGURATION.read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{workers}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{tls} "),
        (f"/etc/ssl/{NAME}", f"{place}/site"),
        ("/var/log/nginx/cdmo-match.log", str(log)),
    ):
        assert old in site
        site = site.replace(old, new)
    (place / "site.conf").write_text(site)
    (place / "nginx.conf").write_text(_around(place))
    with ExitStack() as running:
        running.enter_context(_service(place, workers, tls))
        running.enter_context(_process(nginx, "-p", str(place), "-c", str(place / "nginx.conf")))
        _wait_for(f"https://127.0.0.1:{tls}/livez")
        yield Front(tls, log)


def _around(place: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {place / kind}; " for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log; "
        f"events {{}} http {{ {temporary} include {place}/site.conf; }}"
    )


def _make_certificate(place: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "openssl makes the certificate of this test"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={NAME}", "-keyout", place / "site.key", "-out", place / "site.pem"),
        ],
        check=True,
        capture_output=True,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _service(place: Path, port: int, tls: int) -> Iterator[None]:
    settings = {
        "CDMO_DATABASE_URL": f"sqlite:///{place}/proxied.db",
        "CDMO_SEED": "none",
        "CDMO_RATE_LIMITS": RATES,
        "CDMO_PUBLIC_URL": f"https://{NAME}:{tls}",
    }
    command = [sys.executable, "-c", "from app.cli import main; main()"]
    whole = os.environ | settings
    subprocess.run([*command, "migrate"], check=True, env=whole, capture_output=True)
    with _process(*command, "serve", "--port", str(port), environment=settings):
        _wait_for(f"http://127.0.0.1:{port}/livez")
        yield


@contextmanager
def _process(*command: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    started = subprocess.Popen(
        command,
        env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        started.terminate()
        started.wait(30)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx2.get(address, timeout=2, verify=False).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


class TestRunning:
    def test_the_service_knows_that_it_is_reached_by_tls(self, front: Front) -> None:
        answer = front.ask("GET", "/")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert "content-encoding" not in answer.headers
        page = front.ask("POST", "/sign-in", headers={"Origin": f"https://{NAME}:{front.port}"})
        assert page.status_code == 422  # our own page, and nothing filled in
        page = front.ask("POST", "/sign-in", headers={"Origin": "https://evil.example"})
        assert page.status_code == 403

    def test_files_are_compressed_and_pages_are_not(self, front: Front) -> None:
        page = front.ask("GET", "/").text
        for name in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page):
            answer = front.ask("GET", name, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["content-encoding"] == "gzip"
        answer = front.ask("GET", "/", headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in answer.headers

    def test_what_is_too_large_is_told_by_the_service_itself(self, front: Front) -> None:
        body = json.dumps({"text": "x" * 1_500_000})
        headers = {"Content-Type": "application/json"}
        answer = front.ask("POST", "/v1/match", content=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")

    def test_operators_routes_are_not_for_the_outside(self, front: Front) -> None:
        for path in ("/metrics", "/readyz"):
            assert front.ask("GET", path).status_code == 404

    def test_secrets_of_links_are_in_no_log(self, front: Front) -> None:
        front.ask("GET", "/invitations?token=zqcanary")
        deadline = time.monotonic() + 5
        while "/invitations" not in front.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "GET /invitations 200" in front.log.read_text()
        assert "zqcanary" not in front.log.read_text()

    def test_at_last_a_caller_can_claim_no_address(self, front: Front) -> None:
        form = {"email": "kim@hanbit.example", "password": "x" * 12}
        statuses = [
            front.ask(
                "POST", "/v1/sign-in", json=form, headers={"X-Forwarded-For": f"203.0.113.{number}"}
            ).status_code
            for number in range(7)
        ]
        assert statuses[-1] == 429
