"""A batch of phrases with what is known of their words."""

from collections.abc import Sequence

import numpy as np

from app.matching.batches import Batch, Ints, Mask
from app.matching.known_words import Known, Mark

MOST_WORDS = 63  # of a phrase, so that its words are the bits of a number


class Scene:
    """The words of a batch, with what is known of them, and where closer looks are needed."""

    def __init__(self, phrases: Sequence[str], batch: Batch, known: Known) -> None:
        self.phrases, self.batch, self.known = phrases, batch, known
        self.begins, self.ends = batch.bounds[:-1], batch.bounds[1:]
        self.end_of = self.ends[batch.phrases]  # of the phrase of each word
        # Whether phrases whose parts stand apart can't go on over a word.
        self.breaks: Mask = known.are(Mark.BREAK).copy()
        initials = np.flatnonzero(known.are(Mark.LETTER)[:-1]) + 1
        initials = initials[batch.phrases[initials - 1] == batch.phrases[initials]]
        self.breaks[initials[known.are(Mark.POINT)[initials]]] = False
        # Phrases that are a form as a whole, in which nothing else is looked for.
        self.is_settled: Mask = np.zeros(len(self.begins), dtype=np.bool_)
        # Phrases to read one by one.
        self.is_special: Mask = ~batch.is_told | (self.ends - self.begins > MOST_WORDS)

    def written(self, word: int) -> str:
        """A word as its phrase has it."""
        batch = self.batch
        phrase = self.phrases[int(batch.phrases[word])]
        return phrase[int(batch.starts[word]) : int(batch.ends[word])]

    def phrases_with(self, words: Mask | Ints) -> Ints:
        """The phrases, each once, of these words."""
        found = np.zeros(len(self.begins), dtype=np.bool_)
        found[self.batch.phrases[words]] = True
        return np.flatnonzero(found).astype(np.int32)
