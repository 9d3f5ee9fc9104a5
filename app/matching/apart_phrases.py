"""Phrases whose parts stand apart (`Phrases`), found in many texts at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.batches import Ints, Mask
from app.matching.phrases import Phrases, gap_before, reach_of
from app.matching.scene import Scene

_LONGEST = 8  # stems of one choice


@dataclass(frozen=True, slots=True)
class Apart:
    """Stretches of words that such a phrase goes over, each with its number and its letters."""

    first: Ints
    last: Ints  # exclusive
    phrases: Ints
    sizes: Ints

    def columns(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """The same as lists."""
        columns = (self.first, self.last, self.phrases, self.sizes)
        return tuple(column.tolist() for column in columns)


class ApartPhrases:
    """The table of phrases in arrays; stems are given by number."""

    def __init__(self, phrases: Phrases) -> None:
        numbers = self.numbers = _numbered(phrases)
        self._width = len(numbers) + 1
        self.concepts = [concept for _, concept in phrases.all]
        self._sizes = np.array([len(parts) for parts, _ in phrases.all], dtype=np.int32)
        self._part = (np.cumsum(self._sizes) - self._sizes).astype(np.int32)  # number of the first
        parts = [part for parts, _ in phrases.all for part in parts]
        self._gaps = np.array([gap_before(part) for part in parts], dtype=np.int32)
        # The choices of a part that begin with a stem, in the order in which they are tried.
        choices = {
            number * self._width + numbers[first]: some
            for number, part in enumerate(parts)
            for first, some in part.items()
        }
        self._choice_codes = np.array([*sorted(choices), -1], dtype=np.int64)
        in_order = [choices[code] for code in sorted(choices)]
        counts = [len(some) for some in in_order]
        self._bounds = np.concatenate(([0], np.cumsum(counts), [sum(counts)])).astype(np.int32)
        every = [choice for some in in_order for choice in some]
        self._lengths = np.array([*(len(choice) for choice in every), 0], dtype=np.int32)
        self._stems = np.full((len(every) + 1, _LONGEST), -1, dtype=np.int32)
        for place, choice in enumerate(every):
            self._stems[place, : len(choice)] = [numbers[each] for each in choice]
        self._begin(phrases, numbers)

    def _begin(self, phrases: Phrases, numbers: Mapping[str, int]) -> None:
        """By the stems that their first two parts begin with the phrases, and how far at most the
        two stand apart; a phrase of one part is found by its first stem and itself."""
        found: dict[int, list[tuple[int, int]]] = {}
        self._furthest = np.zeros(self._width, dtype=np.int32)
        self._begins = np.zeros(self._width, dtype=np.bool_)
        for number, (parts, _) in enumerate(phrases.all):
            for first in parts[0]:
                far = reach_of(parts, first) if len(parts) > 1 else 0
                for second in parts[1] if len(parts) > 1 else (first,):
                    pair = numbers[first] * self._width + numbers[second]
                    found.setdefault(pair, []).append((number, far))
                at = numbers[first]
                self._begins[at] = True
                self._furthest[at] = max(self._furthest[at], far)
        self._pairs = np.array([*sorted(found), -1], dtype=np.int64)
        counts = [len(found[pair]) for pair in sorted(found)]
        self._of_pair = np.concatenate(([0], np.cumsum(counts), [sum(counts)])).astype(np.int32)
        each = [entry for pair in sorted(found) for entry in found[pair]]
        self._tried = np.array([number for number, _ in each], dtype=np.int32)
        self._far = np.array([far for _, far in each], dtype=np.int32)

    def found(self, scene: Scene) -> Apart:
        """Every phrase in every text, by where it begins and then by its number."""
        first, phrases = self._worth_trying(scene)
        at, sizes = first.copy(), np.zeros(len(first), dtype=np.int32)
        is_on = np.ones(len(first), dtype=np.bool_)
        for number in range(int(self._sizes.max(initial=0))):
            more = np.flatnonzero(is_on & (self._sizes[phrases] > number))
            parts = self._part[phrases[more]] + number
            start, end = self._next(scene, at[more], parts, is_first=number == 0)
            hit = start >= 0
            is_on[more[~hit]] = False
            more, start, end = more[hit], start[hit], end[hit]
            at[more] = end
            letters = scene.batch.ends[end - 1] - scene.batch.starts[start]
            sizes[more] += letters + (number > 0)
        return Apart(first[is_on], at[is_on], phrases[is_on], sizes[is_on])

    def _worth_trying(self, scene: Scene) -> tuple[Ints, Ints]:
        """Where a phrase may begin, with its number: where its first two parts begin near enough
        to each other."""
        stems = scene.known.parts
        furthest = np.where((stems >= 0) & self._begins[stems], self._furthest[stems], -1)
        at = np.flatnonzero(furthest >= 0).astype(np.int32)
        found = [np.zeros(0, dtype=np.int64)]
        for far in range(int(furthest.max(initial=-1)) + 1):
            at = at[far <= furthest[at]]
            within = at[at + far < scene.end_of[at]]
            second = stems[within + far]
            pairs = stems[within].astype(np.int64) * self._width + second
            places = np.searchsorted(self._pairs[:-1], pairs)
            known = (self._pairs[places] == pairs) & (second >= 0)
            within, places = within[known], places[known]
            counts = self._of_pair[places + 1] - self._of_pair[places]
            entries = _ranges(self._of_pair[places], counts)
            near = self._far[entries] >= far
            owners = np.repeat(within, counts)[near].astype(np.int64)
            found.append(owners * len(self._sizes) + self._tried[entries[near]])
        every = np.unique(np.concatenate(found))
        first, phrases = np.divmod(every, len(self._sizes) or 1)
        return first.astype(np.int32), phrases.astype(np.int32)

    def _next(self, scene: Scene, at: Ints, parts: Ints, *, is_first: bool) -> tuple[Ints, Ints]:
        """Where the next part of each phrase stands: its beginning (-1 for none) and end."""
        starts = np.full(len(at), -1, dtype=np.int32)
        ends = np.full(len(at), -1, dtype=np.int32)
        left = np.arange(len(at))
        gaps = np.zeros(len(at), dtype=np.int32) if is_first else self._gaps[parts]
        limits = scene.end_of[at - (0 if is_first else 1)]
        for gap in range(int(gaps.max(initial=0)) + 1):
            left = left[(gap <= gaps[left]) & (at[left] + gap < limits[left])]
            place = at[left] + gap
            length = self._standing(scene, place, parts[left], limits[left])
            hit = length > 0
            starts[left[hit]], ends[left[hit]] = place[hit], (place + length)[hit]
            left = left[~hit & ~scene.breaks[place]]
        return starts, ends

    def _standing(self, scene: Scene, place: Ints, parts: Ints, limits: Ints) -> Ints:
        """How many words of a part stand at a place, 0 for none."""
        stems = scene.known.parts
        wanted = parts.astype(np.int64) * self._width + stems[place]
        entries = np.searchsorted(self._choice_codes[:-1], wanted)
        known = (self._choice_codes[entries] == wanted) & (stems[place] >= 0)
        lengths = np.zeros(len(place), dtype=np.int32)
        left = np.flatnonzero(known)
        choice = self._bounds[entries]
        while len(left):
            tried = choice[left]
            fits = self._fits(stems, place[left], limits[left], tried)
            lengths[left[fits]] = self._lengths[tried[fits]]
            left = left[~fits]
            choice[left] += 1
            left = left[choice[left] < self._bounds[entries[left] + 1]]
        return lengths

    def _fits(self, stems: Ints, place: Ints, limits: Ints, choices: Ints) -> Mask:
        """Whether all stems of a choice stand at a place; its first one does."""
        fits: NDArray[Any] = place + self._lengths[choices] <= limits
        for step in range(1, _LONGEST):
            more = np.flatnonzero(fits & (self._lengths[choices] > step))
            if not len(more):
                break
            fits[more] = stems[place[more] + step] == self._stems[choices[more], step]
        return fits


def _numbered(phrases: Phrases) -> dict[str, int]:
    """Numbers for the stems of all choices."""
    parts = (part for parts, _ in phrases.all for part in parts)
    stems = (each for part in parts for some in part.values() for choice in some for each in choice)
    return {each: number for number, each in enumerate(dict.fromkeys(stems))}


def _ranges(begins: Ints, counts: Ints) -> NDArray[np.int64]:
    """The numbers from each beginning on, as many as told, one range after the other."""
    before = np.cumsum(counts) - counts
    found: NDArray[np.int64] = np.arange(int(counts.sum())) + np.repeat(begins - before, counts)
    return found
