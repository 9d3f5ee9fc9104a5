"""What a line of a ledger is about: a need, and the offer that serves it best."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from app.matching.assurance import Assurance
from app.matching.availability import Availability
from app.matching.brief import Ask
from app.matching.catalogue import Catalogue
from app.matching.columns import Rows
from app.matching.offer_columns import EVERY_MODALITY
from app.matching.regime import Work
from app.matching.types import Candidate, Offer
from app.matching.vocabulary import Vocabulary


class Offered(NamedTuple):
    """An offer as it is laid out in the catalogue, with the numbers of its values there."""

    offer: Offer
    concepts: tuple[int, ...]
    areas: tuple[int, ...]
    every_modality: bool
    work: Work
    work_number: int
    assurance: Assurance
    assurance_number: int
    availability: Availability
    availability_number: int
    distinguishing: tuple[str, ...]
    ruled_out: tuple[str, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, providers: Rows, rows: Rows) -> Mapping[int, Self]:
        """The offers of these rows, given their providers', by row."""
        columns = catalogue.offers
        works, assurances, availabilities, areas = (
            column.codes.take(rows).tolist()
            for column in (
                columns.works,
                columns.assurances,
                columns.availabilities,
                columns.areas,
            )
        )
        names = list(columns.names)
        ruled_out = columns.ruled_out.codes.take(rows).tolist()
        marks = (columns.marks.take(rows) & EVERY_MODALITY).tolist()
        return {
            row: cls(
                catalogue.offer(provider, row),
                tuple(columns.concepts.at(row)),
                columns.areas.values[areas[at]],
                bool(marks[at]),
                columns.works.values[works[at]],
                works[at],
                columns.assurances.values[assurances[at]],
                assurances[at],
                columns.availabilities.values[availabilities[at]],
                availabilities[at],
                tuple(names[number] for number in columns.distinguishing.at(row)),
                columns.ruled_out.values[ruled_out[at]],
            )
            for at, (provider, row) in enumerate(
                zip(providers.tolist(), rows.tolist(), strict=True)
            )
        }


class Scene(NamedTuple):
    """What a line is about: a need, a candidate, and the offer that serves the need best."""

    vocabulary: Vocabulary
    ask: Ask
    candidate: Candidate
    offered: Offered
    lang: str

    @property
    def offer(self) -> Offer:
        """The offer in the provider's own words."""
        return self.offered.offer
