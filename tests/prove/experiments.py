"""All experiments, in the order of the report."""

from tests.prove import (
    canaries,
    contract,
    crashes,
    hostile,
    mutants,
    oracle,
    outages,
    races,
    revocation,
    strain,
    tenancy,
    unsafe,
    upgrades,
    worst,
)
from tests.prove.experiment import Experiment

ALL: tuple[Experiment, ...] = (
    tenancy.RIGHTS,
    tenancy.BENEATH,
    canaries.CANARIES,
    revocation.REVOCATION,
    oracle.ORACLE,
    contract.CONTRACT,
    hostile.HOSTILE,
    crashes.KILLS,
    crashes.SHUTDOWN,
    races.REPEATS,
    races.EDITORS,
    outages.OUTAGES,
    strain.OVERLOAD,
    worst.WORST,
    mutants.MUTANTS,
    upgrades.UPGRADES,
    unsafe.UNSAFE,
)
