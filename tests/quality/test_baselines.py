from tests.quality import baselines
from tests.quality.deals import places, read_deals, read_providers, score


class TestBaselines:
    def test_tokens_drop_stop_words_single_letters_and_the_plural(self) -> None:
        assert baselines.tokens("The assays of a process, class B gas") == [
            "assay",
            "process",
            "class",
            "gas",
        ]

    def test_bm25_is_as_strong_as_published(self) -> None:
        """The bar that we are measured against; a weaker one would flatter us."""
        rank = baselines.bm25()
        told = [score(places(rank, read_deals(), with_needs=given)) for given in (False, True)]
        assert [(round(s.recall[1], 2), round(s.mrr, 2)) for s in told] == [
            (0.50, 0.31),
            (0.59, 0.37),
        ]

    def test_chance_repeats_itself_and_names_everybody_once(self) -> None:
        first = baselines.chance()("a", None)
        assert first == baselines.chance()("a", None)
        assert sorted(first) == [record["slug"] for record in read_providers()]

    def test_bm25_of_an_unknown_word_falls_back_to_the_order_of_slug(self) -> None:
        assert baselines.bm25()("zzzzzz", None) == [record["slug"] for record in read_providers()]
