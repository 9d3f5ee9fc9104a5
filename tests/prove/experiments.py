"""All experiments, in the order of the report."""

from tests.prove import canaries, crashes, mutants, oracle, races, revocation, tenancy
from tests.prove.experiment import Experiment

ALL: tuple[Experiment, ...] = (
    tenancy.RIGHTS,
    tenancy.BENEATH,
    canaries.CANARIES,
    revocation.REVOCATION,
    oracle.ORACLE,
    races.REPEATS,
    races.EDITORS,
    crashes.KILLS,
    crashes.SHUTDOWN,
    mutants.MUTANTS,
)
