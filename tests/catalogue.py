"""A catalogue to match against: some of the shipped providers, on either engine."""

from collections.abc import Collection
from importlib import resources

from sqlalchemy import Engine

from app.db import writing
from app.services import catalogue_files
from app.settings import Seed

HWASUN = "microbial-verification-support-center"
MRNA_BUILDING = "mRNA manufacturing building"
SOME = (
    HWASUN,
    "st-pharm",
    "samsung-biologics",
    "arcalis",
    "landmark-bio",
    "amri",
    "cobra-biologics",
)


def load(engine: Engine, slugs: Collection[str] = SOME) -> None:
    """Load the shipped vocabulary and these shipped providers."""
    shipped = resources.files("app").joinpath("data/providers.jsonl").read_text("utf-8")
    lines = [
        line
        for line in shipped.splitlines()
        if any(f'"slug": "{slug}"' in line or f'"slug":"{slug}"' in line for slug in slugs)
    ]
    with writing(engine) as session:
        catalogue_files.seed(session, Seed.NONE, lambda _: None)
        catalogue_files.import_lines(session, lines, catalogue_files.SYSTEM)
