"""Whole numbers in place of decimals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.models.scaling import decimal, whole


def test_decimals_are_read_as_printed() -> None:
    assert decimal(0.1) == Fraction(1, 10)
    assert decimal(1e-7) == Fraction(1, 10**7)
    scaled = whole([decimal(0.1), decimal(0.2), decimal(-0.3)], 1000)
    assert scaled.is_exact
    assert scaled.values.tolist() == [1, 2, -3]
    assert scaled.amount(-3) == -0.3


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.sampled_from([2**20, 2**45]))
def test_no_more_than_the_limit_and_no_farther_than_half_a_step(
    amounts: list[float], largest: int
) -> None:
    fractions = [decimal(a) for a in amounts]
    scaled = whole(fractions, largest)
    assert sum(abs(int(v)) for v in scaled.values) <= largest
    for amount, value in zip(fractions, scaled.values, strict=True):
        error = abs(Fraction(int(value)) / scaled.scale - amount)
        assert error <= Fraction(1, 2) / scaled.scale
        assert not scaled.is_exact or error == 0


@pytest.mark.parametrize("amount", [5e-324, 1e-300, 1e300])
def test_the_extremes_of_floats(amount: float) -> None:
    scaled = whole([decimal(amount), decimal(3.3 * amount)], 2**45)
    assert scaled.amount(scaled.values[0]) == pytest.approx(amount)


def test_nothing_but_zeros() -> None:
    assert whole([Fraction(0)], 10).values.tolist() == [0]
    assert whole([], 10).values.size == 0
