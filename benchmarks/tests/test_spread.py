# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.spread import Spread

FIGURES = st.lists(st.floats(min_value=0.001, max_value=1e9), min_size=1)


def test_spread_has_least_middle_and_most():
    assert Spread.of([3.0, 1.0, 2.0, 10.0]) == Spread(1.0, 2.5, 10.0)


def test_ratios_are_paired_by_repeat():
    ratios = Spread.of_ratios([2.0, 40.0, 9.0], [1.0, 10.0, 3.0])

    assert ratios == Spread(2.0, 3.0, 4.0)


def test_unequal_numbers_of_samples_are_refused():
    with pytest.raises(ValueError, match="argument 2"):
        Spread.of_ratios([1.0], [1.0, 2.0])


def test_noise_is_the_distance_of_the_middle_from_the_best():
    assert Spread(10.0, 11.0, 90.0).noise == pytest.approx(0.1)


@given(FIGURES)
def test_the_parts_of_a_spread_are_in_order(samples: list[float]):
    spread = Spread.of(samples)

    assert spread.least <= spread.middle <= spread.most


@given(FIGURES)
def test_ratios_to_itself_are_one(samples: list[float]):
    assert Spread.of_ratios(samples, samples) == Spread(1.0, 1.0, 1.0)
