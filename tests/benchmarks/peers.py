"""Other ways to find offers by words, each asked for the 20 best offers for every need.

They rank bare texts and explain nothing; ours reads the needs, joins them by provider and accounts
for every point.
"""

import importlib
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any

import numpy as np
import psycopg
from bm25s import BM25  # type: ignore[import-untyped]  # bm25s ships no types
from rapidfuzz import fuzz, process, utils

from tests.benchmarks.queries import MATCHES, Question
from tests.benchmarks.timing import Run, timed
from tests.quality.baselines import tokens

Find = Callable[[str], object]
Peer = Callable[[Sequence[str], float], AbstractContextManager[Find]]


class OverBudgetError(Exception):
    """The peer was stopped because its time was over."""


class MissingError(Exception):
    """The peer isn't installed here."""


def loop(texts: Sequence[str], budget: float) -> AbstractContextManager[Find]:
    """rapidfuzz's token_set_ratio in a plain Python loop."""
    phrases = [utils.default_process(text) for text in texts]

    def find(phrase: str) -> object:
        asked = utils.default_process(phrase)
        scores = [fuzz.token_set_ratio(asked, offered) for offered in phrases]
        return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:MATCHES]

    return nullcontext(find)


def cdist(texts: Sequence[str], budget: float) -> AbstractContextManager[Find]:
    """rapidfuzz's token_set_ratio as one call over all offers, on one processor."""
    phrases = [utils.default_process(text) for text in texts]

    def find(phrase: str) -> object:
        asked = utils.default_process(phrase)
        scores = process.cdist([asked], phrases, scorer=fuzz.token_set_ratio, dtype=np.uint8)[0]
        return np.argsort(-scores.astype(np.int16), kind="stable")[:MATCHES]

    return nullcontext(find)


def bm25s(texts: Sequence[str], budget: float) -> AbstractContextManager[Find]:
    """bm25s with stop words and the plural's s removed."""
    index = BM25(k1=1.5, b=0.75, method="lucene")
    index.index([tokens(text) for text in texts], show_progress=False)

    def find(phrase: str) -> object:
        return index.retrieve([tokens(phrase)], k=MATCHES, show_progress=False)

    return nullcontext(find)


@contextmanager
def fts5(texts: Sequence[str], budget: float) -> Iterator[Find]:
    """SQLite's full text search in memory, by bm25; any of the words may match."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE offer USING fts5(words)")
        connection.executemany("INSERT INTO offer VALUES (?)", ((text,) for text in texts))
        end = time.perf_counter() + budget
        connection.set_progress_handler(lambda: time.perf_counter() > end, 100_000)
        wanted = "SELECT rowid FROM offer WHERE offer MATCH ? ORDER BY bm25(offer) LIMIT ?"

        def find(phrase: str) -> object:
            asked = " OR ".join(f'"{word}"' for word in tokens(phrase))
            try:
                return connection.execute(wanted, (asked, MATCHES)).fetchall()
            except sqlite3.OperationalError as error:
                raise OverBudgetError from error

        yield find
    finally:
        connection.close()


@contextmanager
def tantivy(texts: Sequence[str], budget: float) -> Iterator[Find]:
    """tantivy's index in memory, where the package is installed."""
    try:
        package: Any = importlib.import_module("tantivy")
    except ImportError as error:
        raise MissingError("not installed") from error
    schema = package.SchemaBuilder()
    schema.add_text_field("words", stored=False)
    index = package.Index(schema.build())
    writer = index.writer()
    for text in texts:
        writer.add_document(package.Document(words=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(phrase: str) -> object:
        return searcher.search(index.parse_query(" ".join(tokens(phrase)), ["words"]), MATCHES)

    yield find


_BUILDING = 6  # times the budget that one statement of the building may take
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ON offer USING gin (words gin_trgm_ops)",
    "SELECT number FROM offer WHERE words % %s ORDER BY similarity(words, %s) DESC LIMIT 20",
)
_FULL_TEXT = (
    "ALTER TABLE offer ADD read tsvector GENERATED ALWAYS AS "
    "(to_tsvector('english', words)) STORED",
    "CREATE INDEX ON offer USING gin (read)",
    "SELECT number FROM offer WHERE read @@ to_tsquery('english', %s) "
    "ORDER BY ts_rank(read, to_tsquery('english', %s)) DESC LIMIT 20",
)


@contextmanager
def _postgres(
    url: str,
    statements: Sequence[str],
    asked: Callable[[str], str],
    texts: Sequence[str],
    budget: float,
) -> Iterator[Find]:
    *prepare, wanted = statements
    query = wanted.replace("words % ", "words %% ").encode()
    with psycopg.connect(url, autocommit=True) as connection:
        _limit(connection, budget * _BUILDING)
        connection.execute("DROP TABLE IF EXISTS offer")
        connection.execute("CREATE TABLE offer (number int PRIMARY KEY, words text)")
        try:
            with connection.cursor().copy("COPY offer FROM STDIN") as rows:
                for row in enumerate(texts):
                    rows.write_row(row)
            for statement in prepare:
                connection.execute(statement.encode())
            connection.execute("ANALYZE offer")
            _limit(connection, budget)

            def find(phrase: str) -> object:
                given = asked(phrase)
                try:
                    return connection.execute(query, (given, given)).fetchall()
                except psycopg.errors.QueryCanceled as error:
                    raise OverBudgetError from error

            yield find
        except psycopg.errors.QueryCanceled as error:
            raise OverBudgetError from error
        except psycopg.errors.FeatureNotSupported as error:
            raise MissingError("the server has no pg_trgm") from error


def _limit(connection: psycopg.Connection[Any], seconds: float) -> None:
    """How long one statement may take from now on."""
    connection.execute(f"SET statement_timeout = {int(seconds * 1000)}".encode())


def _any_word(phrase: str) -> str:
    return " | ".join(re.findall(r"\w+", " ".join(tokens(phrase))))


def _as_it_is(phrase: str) -> str:
    return phrase


def peers(url: str | None) -> dict[str, Peer]:
    """All peers by name; `url` is a PostgreSQL database of their own, None where there is none."""
    found: dict[str, Peer] = {
        "rapidfuzz loop": loop,
        "rapidfuzz cdist": cdist,
        "SQLite FTS5": fts5,
        "bm25s": bm25s,
        "tantivy": tantivy,
    }
    if url is not None:
        found["PostgreSQL full text"] = partial(_postgres, url, _FULL_TEXT, _any_word)
        found["PostgreSQL pg_trgm"] = partial(_postgres, url, _TRIGRAMS, _as_it_is)
    return found


def measure(
    name: str, peer: Peer, texts: Sequence[str], size: int, asked: Sequence[Question], budget: float
) -> Run:
    """Build the peer's index and ask it everything that fits into `budget` seconds."""
    started = time.perf_counter()
    build: float | None = None
    times: list[float] = []
    try:
        with peer(texts, budget) as find:
            build = time.perf_counter() - started
            end = time.perf_counter() + budget  # as for ours, building comes on top
            for question in asked:
                taken, complete = timed(
                    [partial(find, phrase) for phrase in question.phrases],
                    end - time.perf_counter(),
                )
                if not complete:
                    raise OverBudgetError
                times.append(sum(taken))
    except MissingError as missing:
        return Run(name, size, note=str(missing))
    except OverBudgetError:
        done = f"after {len(times)} queries" if build is not None else "while building"
        stopped = budget if build is not None else None
        return Run(name, size, build, tuple(times), f"past the budget {done}", stopped)
    return Run(name, size, build, tuple(times))
