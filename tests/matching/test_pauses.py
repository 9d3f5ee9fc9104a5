from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from app.matching import rank
from app.matching.pauses import pause, pausing
from app.matching.types import Need, Query, Wishes
from tests.matching import shipped


def test_a_pause_calls_whoever_runs_the_work() -> None:
    told: list[str] = []
    with pausing(lambda: told.append("outer")):
        pause()
        with pausing(lambda: told.append("inner")):
            pause()
        pause()
    pause()
    assert told == ["outer", "inner", "outer"]


def test_other_threads_are_not_paused() -> None:
    told: list[str] = []
    with pausing(lambda: told.append("here")), ThreadPoolExecutor(1) as pool:
        pool.submit(pause).result()
    assert told == []


def test_nobody_is_called_after_work_that_failed() -> None:
    told: list[str] = []
    with pytest.raises(ZeroDivisionError), pausing(lambda: told.append("here")):
        raise ZeroDivisionError
    pause()
    assert told == []


def test_a_shortlist_pauses_at_least_once_for_each_match() -> None:
    told: list[None] = []
    day = date(2026, 11, 21)
    query = Query((Need(id="n1"),), Wishes(), day, {"wording": 1.0}, text="mRNA")
    with pausing(lambda: told.append(None)):
        found = rank.shortlist(query, shipped.catalogue())
    assert len(told) >= len(found.matches) > 0
