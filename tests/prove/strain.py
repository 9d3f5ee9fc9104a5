"""Two and five times the measured capacity, as an experiment of the table.

It has no short form: beside other tests there is no capacity to measure.
"""

from tests.prove import overload
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import Place

_SECONDS, _ROUNDS = 3.0, 7


def strain(place: Place, size: Size) -> Outcome:
    """Ask a worker for more than it can do."""
    figures, missed = overload.run(_SECONDS, size.of(_ROUNDS, 1))
    told = [figures[name] for name in ("2x", "5x")]
    return Outcome(
        f"capacity {figures['capacity_per_s']:g} matches/s; at 2 and 5 times goodput "
        f"{' and '.join(str(each['goodput']) for each in told)}, health p99 "
        f"{' and '.join(str(each['health_p99_ms']) for each in told)} ms",
        f"goodput ≥ {overload.GOODPUT} of capacity; only 429 and 503; "
        f"health ≤ {overload.HEALTH_MS:g} ms",
        not missed,
        missed,
    )


OVERLOAD = Experiment(
    "overload", strain, {"no limit to what waits": overload.shedding_off}, is_short=False
)
