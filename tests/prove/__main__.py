"""`make prove`: shows by experiment that secrets stay secret and writes stay written.

One line for each experiment: name, figure, target, pass or miss. Ends with 1 if any misses.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from tests import postgres
from tests.prove import page
from tests.prove.experiment import SEED, Experiment, Outcome, Size, line, told
from tests.prove.experiments import ALL
from tests.prove.place import Place


def measured(
    experiment: Experiment, place: Place, size: Size, defect: str = ""
) -> tuple[Outcome, float]:
    """Run an experiment, sound or with a defect planted; also how many seconds it took."""
    started = time.monotonic()
    with experiment.defects[defect]() if defect else nullcontext():
        outcome = experiment.measure(place, size)
    return outcome, time.monotonic() - started


def lines(options: argparse.Namespace) -> Iterator[str]:
    """The report; the last line says whether all is well."""
    size = Size(is_short=options.short)
    chosen = [
        each
        for each in ALL
        if (not options.only or each.name in options.only) and (each.is_short or not size.is_short)
    ]
    missed = []
    sizes = "short" if size.is_short else "whole"
    yield f"Seed {SEED}; {os.cpu_count()} processors; {sizes} sizes."
    source = postgres.choose(
        os.environ,
        system=postgres.system_installation(),
        packaged=postgres.packaged_installation(),
    )
    with (
        tempfile.TemporaryDirectory(prefix="cdmo-prove-") as folder,
        postgres.server(source) as url,
        Place(url, Path(folder)) as place,
    ):
        for experiment in chosen:
            if not options.defects:
                try:
                    outcome, seconds = measured(experiment, place, size)
                except Exception as error:  # the others are run all the same
                    broke = "".join(traceback.format_exception(error)).splitlines()
                    outcome, seconds = Outcome("it broke", "an outcome", False, broke[-8:]), 0.0
                yield line(experiment.name, outcome, seconds)
                if options.readme:
                    text = page.README.read_text(encoding="utf-8")
                    text = page.written(text, {experiment.name: outcome}, [e.name for e in ALL])
                    page.README.write_text(text, encoding="utf-8")
                if not outcome.is_met:
                    missed.append(experiment.name)
                    yield from told(outcome.details)
                continue
            for defect in experiment.defects:
                outcome, seconds = measured(experiment, place, Size(is_short=True), defect)
                caught = "caught" if not outcome.is_met else "PASSED UNSEEN"
                yield f"{caught}  {experiment.name}: {defect}  ({outcome.figure}; {seconds:.0f} s)"
                if outcome.is_met:
                    missed.append(f"{experiment.name} ({defect})")
    yield f"Missed: {', '.join(missed)}." if missed else "All is as wanted."


def main() -> None:
    """Read the options, print the report, end with 1 on a miss."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small sizes, as in `make test`")
    parser.add_argument("--only", nargs="+", choices=[each.name for each in ALL], metavar="NAME")
    parser.add_argument(
        "--readme", action="store_true", help="write the figures into the README as well"
    )
    parser.add_argument(
        "--defects", action="store_true", help="plant each defect, which has to be caught"
    )
    last = ""
    for last in lines(parser.parse_args()):
        sys.stdout.write(f"{last}\n")
        sys.stdout.flush()
    sys.exit(last.startswith("Missed"))


if __name__ == "__main__":
    main()
