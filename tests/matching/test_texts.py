"""Words counted in arrays are what counting them one by one gives."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.matching.terms import words
from app.matching.texts import Texts, counted, greatest
from app.matching.wording import impacts

TEXTS = st.lists(
    st.sampled_from(
        ("LNP formulation", "lnp, mRNA", "a", "백신을 제조", "provider's pre clinical", "")
    )
    | st.text(max_size=30),
    max_size=4,
)


@given(st.lists(TEXTS, max_size=5))
def test_each_row_has_its_words_in_order_with_their_impacts(rows: list[list[str]]) -> None:
    texts = Texts()
    numbers = np.array([texts[text] for row in rows for text in row], dtype=np.int64)
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    found = counted(texts, numbers, sizes, 0.5, 9, head=2)
    names = list(texts.words)
    told = list(zip(found.rows.tolist(), found.words.tolist(), found.impacts.tolist(), strict=True))
    for number, row in enumerate(rows):
        said = Counter(word for text in row for word in words(text))
        length = np.array([said.total()])
        expected = [
            (number, word, int(impacts(np.array([n]), length, 0.5, 9)[0]))
            for word, n in said.items()
        ]
        assert [(r, names[word], impact) for r, word, impact in told if r == number] == expected
        assert found.sizes[number] == len(said)
        assert found.heads[number] == len({word for text in row[:2] for word in words(text)})


def test_a_missing_text_says_what_an_empty_one_does() -> None:
    texts = Texts()
    assert texts[None] == texts[""] == 0
    assert [part.tolist() for part in texts.laid_out(np.array([0, 0]))] == [[], [0, 0]]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 255))))
def test_the_greatest_value_of_each_key(pairs: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in pairs], dtype=np.int64)
    values = np.array([value for _, value in pairs], dtype=np.uint8)
    best = greatest(keys, values, np.arange(10))
    assert best.tolist() == [max((v for k, v in pairs if k == key), default=0) for key in range(10)]
