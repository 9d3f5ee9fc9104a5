"""Both kinds of counters: in the process, and on a Redis server where the machine has one."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine

from app.edge.counters import Count, OwnCounters, SharedCounters, counters
from app.main import create_app
from app.rates import Policy
from app.settings import Settings
from tests.people import PASSWORD, person

FIVE = Policy("five", 5, 60)


class Clock:
    def __init__(self) -> None:
        self.now = 6_000.0

    def __call__(self) -> float:
        return self.now


def hits(own: OwnCounters, times: int, policy: Policy = FIVE, caller: str = "a") -> list[bool]:
    return [asyncio.run(own.hit(policy, caller)).is_within for _ in range(times)]


class TestOwn:
    def test_lets_in_as_many_as_the_policy_says(self) -> None:
        own = OwnCounters(Clock())
        assert hits(own, 7) == [True] * 5 + [False] * 2

    def test_counts_callers_and_policies_apart(self) -> None:
        own = OwnCounters(Clock())
        assert hits(own, 6)[-1] is False
        assert hits(own, 1, caller="b") == [True]
        assert hits(own, 1, Policy("other", 5, 60)) == [True]

    def test_a_look_costs_nothing(self) -> None:
        own = OwnCounters(Clock())
        for _ in range(9):
            assert asyncio.run(own.hit(FIVE, "a", 0)) == Count(True, 5, 60.0)
        hits(own, 5)
        assert asyncio.run(own.hit(FIVE, "a", 0)).is_within is False

    def test_the_window_slides(self) -> None:
        clock = Clock()
        own = OwnCounters(clock)
        assert hits(own, 5) == [True] * 5
        clock.now += 60  # all five still stand in the window, and leave it one by one
        assert hits(own, 1) == [False]
        clock.now += 12
        assert hits(own, 2) == [True, False]
        clock.now += 120
        assert hits(own, 6) == [True] * 5 + [False]

    @given(
        st.integers(1, 30),
        st.integers(1, 100),
        st.lists(st.floats(0, 90, allow_nan=False), max_size=60),
    )
    def test_after_the_told_time_there_is_room(
        self, most: int, seconds: int, waits: list[float]
    ) -> None:
        clock, policy = Clock(), Policy("p", most, seconds)
        own = OwnCounters(clock)
        for wait in waits:
            clock.now += wait
            found = asyncio.run(own.hit(policy, "a"))
            if not found.is_within:
                assert 0 < found.reset_s <= 2 * seconds
                clock.now += found.reset_s + 1e-6
                assert asyncio.run(own.hit(policy, "a")).is_within

    def test_forgets_who_was_counted_least_lately(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.edge.counters._MOST", 2)
        own = OwnCounters(Clock())
        for caller in ("a", "b", "c"):
            hits(own, 5, caller=caller)
        assert [hits(own, 1, caller=caller) for caller in "cb"] == [[False], [False]]
        assert hits(own, 1, caller="a") == [True]

    def test_costs_next_to_nothing(self) -> None:
        async def many() -> float:
            own, policy = OwnCounters(), Policy("p", 10**6, 60)
            begun = time.process_time()
            for number in range(20_000):
                await own.hit(policy, str(number % 1000))
            return (time.process_time() - begun) / 20_000

        assert asyncio.run(many()) < 50e-6

    def test_is_what_there_is_without_an_address(self) -> None:
        assert isinstance(counters(""), OwnCounters)


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("there is no redis-server on this machine")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [
        server,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        running.kill()
        running.wait()


class TestShared:
    def test_two_workers_count_together(self, redis_port: int) -> None:
        async def ask() -> list[bool]:
            workers = [SharedCounters(f"redis://127.0.0.1:{redis_port}") for _ in range(2)]
            found = [await workers[n % 2].hit(FIVE, "a") for n in range(7)]
            looked = await workers[0].hit(FIVE, "a", 0)
            other = await workers[1].hit(FIVE, "b")
            for worker in workers:
                await worker.close()
            assert [f.remaining for f in found] == [4, 3, 2, 1, 0, 0, 0]
            assert 0 < found[-1].reset_s <= 60
            assert (looked.is_within, other.is_within) == (False, True)
            return [f.is_within for f in found]

        assert asyncio.run(ask()) == [True] * 5 + [False] * 2

    def test_without_the_server_each_worker_counts_by_itself(self) -> None:
        async def ask() -> tuple[list[bool], float]:
            shared = SharedCounters("redis://127.0.0.1:1")
            begun = time.monotonic()
            found = [(await shared.hit(FIVE, "a")).is_within for _ in range(7)]
            taken = time.monotonic() - begun
            await shared.close()
            return found, taken

        found, taken = asyncio.run(ask())
        assert found == [True] * 5 + [False] * 2
        assert taken < 1  # only the first request waited for the server

    def test_a_server_that_hangs_holds_up_one_request_and_not_for_long(self) -> None:
        async def ask() -> float:
            with socket.create_server(("127.0.0.1", 0)) as silent:
                shared = SharedCounters(f"redis://127.0.0.1:{silent.getsockname()[1]}")
                begun = time.monotonic()
                for _ in range(50):
                    await shared.hit(Policy("p", 100, 60), "a")
                taken = time.monotonic() - begun
                await shared.close()
            return taken

        assert asyncio.run(ask()) < 1

    def test_the_services_limits_hold_across_workers(
        self, redis_port: int, settings: Settings
    ) -> None:
        changed = {
            "rate_limits": "anonymous=5/day",
            "rate_store": SecretStr(f"redis://127.0.0.1:{redis_port}"),
        }
        statuses = []
        with ExitStack() as opened:
            workers = [
                opened.enter_context(TestClient(create_app(settings.model_copy(update=changed))))
                for _ in range(2)
            ]
            for number in range(7):
                statuses.append(workers[number % 2].get("/v1/criteria").status_code)
        assert statuses == [200] * 5 + [429] * 2

    @pytest.mark.usefixtures("_quick_hashes")
    def test_who_signed_in_is_one_caller_on_all_workers(
        self, redis_port: int, settings: Settings, engine: Engine
    ) -> None:
        changed = {
            "rate_limits": "anonymous=1/day, key=4/day",
            "rate_store": SecretStr(f"redis://127.0.0.1:{redis_port}"),
        }
        person(engine)
        with ExitStack() as opened:
            workers = [
                opened.enter_context(TestClient(create_app(settings.model_copy(update=changed))))
                for _ in range(2)
            ]
            body = {"email": "kim@hanbit.example", "password": PASSWORD}
            answer = workers[0].post("/v1/sign-in", json=body)
            shown = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
            workers[0].cookies.clear()
            visitors = [workers[n].get("/v1/criteria").status_code for n in range(2)]
            kim = [workers[n % 2].get("/v1/people", headers=shown).status_code for n in range(6)]
        assert visitors == [200, 429]
        assert kim == [200] * 4 + [429] * 2
