"""Written forms as a tree of words, walked straight or over words that stand in between."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from app.matching.terms import Token

Key = tuple[str, ...]
Trie = dict[str, Any]

END = ""  # the key of a node under which the concepts of the form that ends there stand
HEAD = 3  # words at most of a form before those it is spread over
JOINTS = frozenset(("and", "or", ","))
FURTHEST = 6  # words between the first and the last part of "A, B and C testing"


def trie_of(forms: Mapping[Key, Sequence[str]]) -> Trie:
    """The tree of all forms, each with its concepts."""
    root: Trie = {}
    for key, concepts in forms.items():
        node = root
        for word in key:
            node = node.setdefault(word, {})
        node[END] = tuple(concepts)
    return root


def walk(root: Trie, words: Sequence[str], first: int) -> list[tuple[int, tuple[str, ...]]]:
    """Every form that starts at `first`: where it ends (exclusive), and its concepts."""
    found: list[tuple[int, tuple[str, ...]]] = []
    node = root
    for last in range(first, len(words)):
        if (below := node.get(words[last])) is None:
            break
        node = below
        if END in node:
            found.append((last + 1, node[END]))
    return found


def walk_over(
    root: Trie, found: Sequence[Token], first: int, products: Collection[str]
) -> Iterator[tuple[int, Key, tuple[str, ...]]]:
    """Forms whose end stands further on: where their beginning ends, the form, its concepts.

    "Oral and topical dosage forms" holds "oral dosage forms", for a joint lets two beginnings
    share an end; "clinical mRNA batches" holds "clinical batches", for a product may step between.
    """
    node: Trie | None = root
    for last in range(first, min(len(found) - 2, first + HEAD)):
        node = node.get(found[last].word) if node else None
        if node is None:
            return
        following = found[last + 1].word
        if following in JOINTS:
            resumed = _after_joint(found, last + 1)
        elif following in products:
            resumed = [last + 2]
        else:
            continue
        for start in resumed:
            if found[start].word not in node:
                continue
            words = [token.word for token in found[start : start + 4]]
            for size, concepts in walk(node, words, 0)[-1:]:  # the longest
                head = tuple(token.word for token in found[first : last + 1])
                yield last + 1, head + tuple(words[:size]), concepts


def _after_joint(found: Sequence[Token], joint: int) -> list[int]:
    """Where the shared end may start: some words after the last joint of a short list."""
    starts: list[int] = []
    for at in range(joint + 1, min(len(found), joint + 1 + FURTHEST)):
        if found[at].kind == "bar" and found[at].word != ",":
            break
        if at > joint + 1 and found[at].word not in JOINTS:
            starts.append(at)
    return starts
