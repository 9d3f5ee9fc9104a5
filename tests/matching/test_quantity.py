import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.quantity import Coverage, compare, from_range, parse, words
from app.matching.types import Quantity
from app.matching.units import COUNTED, MEASURES

Found = tuple[float | None, float | None, str, str]


def found(text: str, *, plans: bool = False) -> list[Found]:
    return [(q.minimum, q.maximum, q.unit, q.kind) for q in parse(text, plans=plans)]


def exactly(value: float, unit: str, kind: str) -> Found:
    return (value, value, unit, kind)


def litres(low: float | None, high: float | None) -> Quantity:
    return Quantity(low, high, "L", "volume")


class TestParse:
    @pytest.mark.parametrize(
        ("text", "quantities"),
        [
            ("up to 1,000 L fermenter", [(None, 1000.0, "L", "volume")]),
            ("2 x 1000 L", [exactly(1000.0, "L", "volume")]),
            ("2x200L", [exactly(200.0, "L", "volume")]),
            (
                "2 x 200 L and 1 x 1,000 L lines",
                [exactly(200.0, "L", "volume"), exactly(1000.0, "L", "volume")],
            ),
            ("0.2 L to 25 L working volume", [(0.2, 25.0, "L", "volume")]),
            ("500 to 2,000 L", [(500.0, 2000.0, "L", "volume")]),
            ("between 5 and 20 kg", [(5000.0, 20000.0, "g", "mass")]),
            ("2,5 kg", [exactly(2500.0, "g", "mass")]),
            ("1 000 L", [exactly(1000.0, "L", "volume")]),
            (
                "50 L, 200 L, 500 L",
                [exactly(litre, "L", "volume") for litre in (50.0, 200.0, 500.0)],
            ),
            (
                "1-5, 5-20 and up to 50 kg",
                [(1e3, 5e3, "g", "mass"), (5e3, 2e4, "g", "mass"), (None, 5e4, "g", "mass")],
            ),
            ("100 g to 1 kg", [(100.0, 1000.0, "g", "mass")]),
            ("20mg", [exactly(0.02, "g", "mass")]),
            ("10 to 100 mmol", [(0.01, 0.1, "mol", "amount")]),
            ("at least 5 kg", [(5000.0, None, "g", "mass")]),
            ("80 L 이상", [(80.0, None, "L", "volume")]),
            ("최대 500리터", [(None, 500.0, "L", "volume")]),
            ("２００Ｌ", [exactly(200.0, "L", "volume")]),
            ("700 m³ group capacity", [exactly(700_000.0, "L", "volume_installed")]),
            ("1.500 L", [exactly(1500.0, "L", "volume")]),
            ("10.000 kg", [exactly(1e7, "g", "mass")]),
            ("1.125 L", [exactly(1.125, "L", "volume")]),
            ("0.500 L", [exactly(0.5, "L", "volume")]),
            ("18,000 L in all", [exactly(18_000.0, "L", "volume_installed")]),
        ],
    )
    def test_volumes_and_masses(self, text: str, quantities: list[Found]) -> None:
        assert found(text) == quantities

    @pytest.mark.parametrize(
        ("text", "quantities"),
        [
            ("25 x 10^6 doses", [exactly(25e6, "doses", "doses")]),
            ("25 x 10⁶ doses", [exactly(25e6, "doses", "doses")]),
            ("25 x 106 doses", [exactly(25e6, "doses", "doses")]),
            ("500m doses", [exactly(5e8, "doses", "doses")]),
            ("2 bn doses", [exactly(2e9, "doses", "doses")]),
            ("30-50 million doses", [(3e7, 5e7, "doses", "doses")]),
            ("100,000 to 1 million doses", [(1e5, 1e6, "doses", "doses")]),
            ("250만 바이알", [exactly(2.5e6, "vials", "vials")]),
            ("4백만 도즈", [exactly(4e6, "doses", "doses")]),
            ("1억 2천만 도즈", [exactly(1.2e8, "doses", "doses")]),
            ("1x10^14 vg", [exactly(1e14, "vg", "particles")]),
            ("1e14 vg", [exactly(1e14, "vg", "particles")]),
            ("10⁶ cells", [exactly(1e6, "cells", "cells")]),
            (
                "48 million liquid and 9 million lyophilised vials",
                [exactly(48e6, "vials", "vials"), exactly(9e6, "vials", "vials")],
            ),
            ("up to 40,000 standard CAR-T doses", [(None, 4e4, "doses", "doses")]),
            ("100'000 capsules", [exactly(1e5, "tablets or capsules", "capsules_tablets")]),
            ("1 lakh tablets", [exactly(1e5, "tablets or capsules", "capsules_tablets")]),
            ("2.5 crore tablets", [exactly(2.5e7, "tablets or capsules", "capsules_tablets")]),
            ("1.500.000 tablets", [exactly(1.5e6, "tablets or capsules", "capsules_tablets")]),
            ("25 x 10^6 cells per dose", [exactly(25e6, "cells/dose", "cells_per_dose")]),
            ("1e14 vg/patient", [exactly(1e14, "vg/dose", "particles_per_dose")]),
            ("25백만 세포/도즈", [exactly(25e6, "cells/dose", "cells_per_dose")]),
            ("10^6 cells per mL", []),
            ("2 x 10^6 cells/kg", []),
            ("3 million capsules", [exactly(3e6, "tablets or capsules", "capsules_tablets")]),
        ],
    )
    def test_counted_things(self, text: str, quantities: list[Found]) -> None:
        assert found(text) == quantities

    @pytest.mark.parametrize(
        ("text", "quantities"),
        [
            ("10,000 vials an hour", [exactly(1e4, "vials/hour", "vials_per_hour")]),
            ("600 units a minute", [exactly(36_000.0, "units/hour", "units_per_hour")]),
            ("5 kg drug substance a year", [exactly(5e3, "g/year", "mass_per_year")]),
            ("연 100만 도즈", [exactly(1e6, "doses/year", "doses_per_year")]),
            ("연구용 1000 바이알", [exactly(1000.0, "vials", "vials")]),
            ("10만 바이알/년", [exactly(1e5, "vials/year", "vials_per_year")]),
            ("4,000 L a month", [exactly(48_000.0, "L/year", "volume_per_year")]),
            ("연간 5천만 도즈", [exactly(5e7, "doses/year", "doses_per_year")]),
            (
                "3 t ionisable and 1 t PEG lipids a year",
                [exactly(3e6, "g/year", "mass_per_year"), exactly(1e6, "g/year", "mass_per_year")],
            ),
            ("500 L per batch", [exactly(500.0, "L", "volume")]),
        ],
    )
    def test_rates_are_kinds_of_their_own(self, text: str, quantities: list[Found]) -> None:
        assert found(text) == quantities

    @pytest.mark.parametrize(
        ("text", "quantities"),
        [
            ("60,000 sq ft", [exactly(5574.1824, "m2", "area")]),
            ("KRW 7.2 bn", [exactly(7.2e9, "KRW", "money")]),
            ("$5 million", [exactly(5e6, "USD", "money")]),
            ("about 26,000 mice", [exactly(26_000.0, "mice", "people_or_animals")]),
            ("seven lines", [exactly(7.0, "lines", "count")]),
            ("OEL down to 10 ng/m3", [(0.01, None, "ug/m3", "exposure_limit")]),
            ("1 ml PFS; 2R, 6R vials", [exactly(0.001, "L", "fill_volume")]),
            ("100 mL bioreactor", [exactly(0.1, "L", "volume")]),
            ("20 mg tablets", [exactly(0.02, "g", "strength")]),
            ("233 million doses delivered in 2021", [exactly(233e6, "doses", "doses_made")]),
        ],
    )
    def test_what_is_no_batch_size(self, text: str, quantities: list[Found]) -> None:
        assert found(text) == quantities

    @pytest.mark.parametrize(
        "text",
        [
            *("", "large scale", "COVID-19 vials", "phase 1 batches", "10-dose vials", "5 mg/kg"),
            *(
                "3 g/L",
                "1e12 vg/mL",
                "3 세포주",
                "2 정제 공정",
                "5 mol%",
                "30 원료",
                "2 GC-MS",
                "-20 to -70 C",
                "six-week delivery",
                "GMP since 2019",
                "0 L",
            ),
            "9" * 100 + " L",
        ],
    )
    def test_what_is_no_quantity(self, text: str) -> None:
        assert found(text) == []

    @pytest.mark.parametrize(
        ("text", "offered_now"),
        [
            ("1,000 L (extension plan)", []),
            ("100,000 L planned", []),
            ("2 x 2,000 L after the expansion", []),
            ("20,000 L bioreactors by 2028", []),
            ("500 L 계획", []),
            ("50 million vials/yr, plan over 200 million vials", [5e7]),
            ("11,380 L now, 22,380 L after expansion", [11_380.0]),
            ("1,000 L single-use and up to 5,000 L in expansion plans", [1000.0]),
            ("2,500 L bioreactors (two plus two planned)", [2500.0]),
            ("40 L at the plant", [40.0]),
        ],
    )
    def test_a_plan_is_no_capability(self, text: str, offered_now: list[float]) -> None:
        assert [q.maximum for q in parse(text)] == offered_now

    def test_the_plans_of_a_need_are_what_it_asks(self) -> None:
        assert found("200 L planned by 2028", plans=True) == [exactly(200.0, "L", "volume")]

    def test_the_words_are_kept(self) -> None:
        text = "lines of 2 x 200 L, up to 5 kg"
        assert [q.text for q in parse(text)] == ["2 x 200 L", "up to 5 kg"]

    @given(st.text() | st.text(alphabet="0123456789.,x^ -~LmgkKM만억리터()million/yr to"))
    def test_it_never_fails_and_quotes_the_text(self, text: str) -> None:
        whole = unicodedata.normalize("NFC", text)
        for quantity in parse(text):
            assert quantity.text in whole
            assert words(quantity)

    @pytest.mark.parametrize(
        "piece",
        [
            *("1", "1,", "1 ", "1-", "1,000", "1 L,", "1 L and ", "1 million ", "x 10 ", "1x"),
            *("1 L (", "annual ", "5 to ", "만", "1만", " ", "a\u0301", "1 L plan "),
        ],
    )
    def test_time_grows_with_the_text_and_no_faster(self, piece: str) -> None:
        started = time.thread_time()
        parse((piece * 4000)[:4000])
        assert time.thread_time() - started < 1  # 0.05 s at most when nothing else runs


class TestCompare:
    @pytest.mark.parametrize(
        ("asked", "offered", "verdict"),
        [
            (litres(500, 500), "2 x 1000 L", "met"),
            (litres(1000, 1000), "2 x 1000 L", "met"),
            (litres(2000, 2000), "2 x 1000 L", "missed"),
            (litres(1150, 1150), "up to 1,000 L", "near"),
            (litres(1200, 1200), "up to 1,000 L", "near"),
            (litres(1201, 1201), "up to 1,000 L", "missed"),
            (litres(5, 25), "0.2 L to 25 L", "met"),
            (litres(5, 50), "0.2 L to 25 L", "near"),
            (litres(5, None), "up to 25 L", "met"),
            (litres(None, 25), "up to 25 L", "met"),
            (litres(100, 100), "at least 200 L", "met"),
            (litres(300, 300), "at least 200 L", "unknown"),
            (litres(50, 50), "1,000 L", "near"),
            (litres(50, 50), "up to 1,000 L", "met"),
            (litres(0.5, 0.5), "20,000 L", "missed"),
            (litres(50, 50), "20,000 L and 50 L", "met"),
            (litres(500, 500), "60,000 sq ft", "unknown"),
            (litres(500, 500), "785,000 L total", "unknown"),
            (litres(500, 500), "1,000 L a year", "unknown"),
            (litres(500, 500), "large scale", "unknown"),
            (from_range(1000, None, "vials"), "5 million vials", "met"),
            (from_range(2, None, "batches"), "17 batches", "unknown"),
            (from_range(100, None, "sq ft"), "60,000 sq ft", "unknown"),
            (from_range(50, 50, "ng/m3"), "OEL down to 10 ng/m3", "met"),
            (from_range(9, 9, "ng/m3"), "OEL down to 10 ng/m3", "near"),
            (from_range(1, 1, "ng/m3"), "OEL down to 10 ng/m3", "missed"),
        ],
    )
    def test_the_rules(self, asked: Quantity, offered: str, verdict: str) -> None:
        assert compare(asked, parse(offered)).verdict == verdict

    def test_the_quantity_that_decided_is_told(self) -> None:
        small, large = parse("50 L and 2,000 L")
        assert compare(litres(1500, 1500), (small, large)) == Coverage("met", large)

    def test_nothing_offered_is_unknown(self) -> None:
        assert compare(litres(1, 1), ()) == Coverage("unknown", None)


class TestFromRange:
    @pytest.mark.parametrize(
        ("low", "high", "unit", "quantity"),
        [
            (5, 25, "L", (5.0, 25.0, "L", "volume")),
            (5, None, "리터", (5.0, None, "L", "volume")),
            (1, 2, "kg", (1000.0, 2000.0, "g", "mass")),
            (None, 2.5, "million vials", (None, 2.5e6, "vials", "vials")),
            (1, 1, "doses/yr", (1.0, 1.0, "doses/year", "doses_per_year")),
            (2, 2, "kg per month", (24_000.0, 24_000.0, "g/year", "mass_per_year")),
            (3, 3, "EUR", (3.0, 3.0, "EUR", "money")),
        ],
    )
    def test_units_in_words(
        self, low: float | None, high: float | None, unit: str, quantity: Found
    ) -> None:
        made = from_range(low, high, unit)
        assert (made.minimum, made.maximum, made.unit, made.kind) == quantity

    @pytest.mark.parametrize(
        ("low", "high", "unit", "why"),
        [
            (1, 2, "furlongs", "this unit isn't known"),
            (1, 2, "", "this unit isn't known"),
            (1, 2, "L/year/year", "this unit isn't known"),
            (3, 2, "L", "above its maximum"),
            (None, None, "L", "a minimum or a maximum above 0"),
            (0, 0, "L", "a minimum or a maximum above 0"),
            (-1, 2, "L", "from 0 up"),
            (1, float("nan"), "L", "from 0 up"),
            (1, float("inf"), "L", "from 0 up"),
        ],
    )
    def test_refusals(self, low: float | None, high: float | None, unit: str, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            from_range(low, high, unit)


class TestWords:
    @pytest.mark.parametrize(
        ("quantity", "text"),
        [
            (litres(5, 25), "5 to 25 L"),
            (litres(None, 1000), "up to 1,000 L"),
            (litres(0.5, None), "at least 500 mL"),
            (litres(200, 200), "200 L"),
            (from_range(2.5, 2.5, "million vials"), "2.5 million vials"),
            (from_range(1, 5, "kg"), "1 to 5 kg"),
            (from_range(2, None, "doses/year"), "at least 2 doses a year"),
            (from_range(1e14, 1e14, "vg"), "1x10^14 vg"),
            (from_range(3, 3, "EUR"), "EUR 3"),
        ],
    )
    def test_people_s_words(self, quantity: Quantity, text: str) -> None:
        assert words(quantity) == text

    bounds = st.none() | st.floats(1e-6, 1e5) | st.integers(1, 10**5).map(float)
    units = st.sampled_from(
        [*MEASURES, *COUNTED, "L/year", "kg per month", "doses/hour", "million vials", "KRW"]
    )

    @given(bounds, bounds, units)
    def test_they_are_read_back_as_the_same(
        self, one: float | None, other: float | None, unit: str
    ) -> None:
        low, high = (one, other) if None in (one, other) else sorted([one or 0.0, other or 0.0])
        if low is None and high is None:
            low = 1.0
        quantity = from_range(low, high, unit)
        if quantity.kind == "volume" and max(low or 0, high or 0) > 200:
            return  # a volume no vessel has is read as a site's total
        (back,) = parse(words(quantity))
        assert replace(back, text="") == quantity


@pytest.mark.parametrize(
    ("text", "minimum", "maximum", "unit"),
    [
        ("half a million doses", 500_000, 500_000, "doses"),
        ("a quarter of a million vials", 250_000, 250_000, "vials"),
        ("one and a half million doses", 1_500_000, 1_500_000, "doses"),
        ("a million vials", 1_000_000, 1_000_000, "vials"),
        ("two hundred litres", 200, 200, "L"),
        ("two hundred and fifty litres", 250, 250, "L"),
        ("forty-five thousand tablets", 45_000, 45_000, "tablets or capsules"),
        ("twenty five kilograms", 25_000, 25_000, "g"),
        ("a dozen batches", 12, 12, "batches"),
        ("drei Chargen", 3, 3, "batches"),
        ("2 Millionen Dosen", 2_000_000, 2_000_000, "doses"),
        ("deux millions de doses", 2_000_000, 2_000_000, "doses"),
        ("백만 도즈", 1_000_000, 1_000_000, "doses"),
        ("오백 리터", 500, 500, "L"),
        ("삼천오백 바이알", 3_500, 3_500, "vials"),
        ("이십만 도즈", 200_000, 200_000, "doses"),
        ("세 배치", 3, 3, "batches"),
        ("바이알 50만 개", 500_000, 500_000, "vials"),
        ("50L 이상", 50, None, "L"),
    ],
)
def test_numbers_in_words(text: str, minimum: float, maximum: float | None, unit: str) -> None:
    (found,) = parse(text)
    assert (found.minimum, found.maximum, found.unit) == (minimum, maximum, unit)
    assert found.text in text


@pytest.mark.parametrize("text", ["phase 1, 50 L", "phase 2 or 3, 50 L", "Phase II, 50 L"])
def test_the_number_of_a_phase_is_no_amount(text: str) -> None:
    assert [(q.minimum, q.text) for q in parse(text)] == [(50, "50 L")]


@pytest.mark.parametrize("text", ["일정", "위한 배치", "an hour", "a vial", "one", "만 18세"])
def test_words_that_only_look_like_numbers(text: str) -> None:
    assert parse(text) == ()
