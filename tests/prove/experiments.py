"""All experiments, in the order of the report."""

from tests.prove import canaries, tenancy
from tests.prove.experiment import Experiment

ALL: tuple[Experiment, ...] = (tenancy.RIGHTS, tenancy.BENEATH, canaries.CANARIES)
