"""`python -m tests.quality`: ranking quality on real deals, ours beside the baselines."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.quality import understanding
from tests.quality.deals import Deal, places, read_deals
from tests.quality.rankers import RANKERS
from tests.quality.report import Measured, changes, keep, misses, table

MODES = {"text": False, "text and needs": True}


def measure(name: str, deals: Sequence[Deal]) -> Measured:
    """Build the ranker and run it over all deals in every mode; seconds include the building."""
    started = time.perf_counter()
    rank = RANKERS[name]()
    ranks = {mode: places(rank, deals, with_needs=given) for mode, given in MODES.items()}
    return Measured(name, ranks, time.perf_counter() - started)


def report(options: argparse.Namespace) -> Iterator[str]:
    """The lines to print."""
    deals = read_deals()
    measured = [measure(name, deals) for name in options.only or RANKERS]
    yield from table(f"all {len(deals)} deals", measured, range(len(deals)))
    for side in sorted({deal.side for deal in deals}) if options.by_side else ():
        chosen = [i for i, deal in enumerate(deals) if deal.side == side]
        yield ""
        yield from table(f"{side}: {len(chosen)} deals", measured, chosen)
    for result in measured:
        if options.misses:
            yield from misses(result, deals)
        if options.since:
            yield from changes(options.since, result, deals)
    if options.keep:
        keep(measured, options.keep)
    if not options.only:
        yield ""
        yield from understanding.lines(names=options.misses)


def main() -> None:
    """Read the options and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("--by-side", action="store_true", help="also studies and manufacture apart")
    parser.add_argument("--misses", action="store_true", help="name the deals below rank 10")
    parser.add_argument("--only", action="append", choices=RANKERS, help="may be repeated")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write all ranks there")
    parser.add_argument("--since", type=Path, metavar="FILE", help="name gains and losses since")
    sys.stdout.writelines(f"{line}\n" for line in report(parser.parse_args()))


if __name__ == "__main__":
    main()
