"""All experiments, in the order of the report."""

from tests.prove import canaries, crashes, revocation, tenancy
from tests.prove.experiment import Experiment

ALL: tuple[Experiment, ...] = (
    tenancy.RIGHTS,
    tenancy.BENEATH,
    canaries.CANARIES,
    revocation.REVOCATION,
    crashes.KILLS,
    crashes.SHUTDOWN,
)
