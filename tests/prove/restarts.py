"""PostgreSQL is restarted, killed and cut off in the midst of load: nothing but 503 is heard of it.

`python -m tests.prove.restarts` prints the figures as JSON and fails where a target is missed.
`--defect` takes away what maps a database that is gone to 503, and has to fail.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from app import problems
from tests import trouble

ROUNDS = 5
BACK_S, LONGEST_S = 2.0, 5.0


@contextmanager
def unmapped() -> Iterator[None]:
    """The planted defect: what a failure of the database means is known to nobody."""
    with patch.object(problems, "of_database", lambda _: problems._UNEXPECTED):
        yield


def run(rounds: int) -> tuple[dict[str, Any], list[str]]:
    """The figures, and the targets missed."""
    with trouble.served() as service:
        found = [
            trouble.survive(*service, cause) for _ in range(rounds) for cause in trouble.TROUBLES
        ]
    statuses: Counter[int] = sum((each.statuses for each in found), Counter())
    figures = {
        "troubles": len(found),
        "statuses": dict(sorted(statuses.items())),
        "back_s": round(max(each.back_s for each in found), 2),
        "longest_s": round(max(each.longest_s for each in found), 2),
        "wrong": sum(len(each.faults) for each in found),
        "lost": sum(each.lost for each in found),
        "doubled": sum(each.doubled for each in found),
    }
    return figures, misses(figures)


def misses(figures: dict[str, Any]) -> list[str]:
    """The targets that aren't reached."""
    checks = {
        "200, 201 and 503 alone": set(figures["statuses"]) <= {200, 201, 503},
        "every 503 says when to ask again": figures["wrong"] == 0,
        "nothing lost, nothing doubled": figures["lost"] == figures["doubled"] == 0,
        f"well within {BACK_S:g} s": figures["back_s"] <= BACK_S,
        f"no request longer than {LONGEST_S:g} s": figures["longest_s"] <= LONGEST_S,
    }
    return [check for check, holds in checks.items() if not holds]


if __name__ == "__main__":
    with unmapped() if "--defect" in sys.argv else nullcontext():
        found, missed = run(ROUNDS)
    sys.stdout.write(json.dumps({"experiment": "restarts", **found, "missed": missed}) + "\n")
    sys.exit(bool(missed))
