"""Likeness of two vectors: against brute force and other libraries, and what must hold of any."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from counterpoise.errors import DataError
from counterpoise.measures.similarity import MEASURES, similarity

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def same(one: dict[str, float], two: dict[str, float]) -> bool:
    return all(np.isclose(one[n], two[n], equal_nan=True, atol=1e-12) for n in MEASURES)


def brute(a: list[int], b: list[int]) -> dict[str, float]:
    """Every measure by its sum over cases and over all pairs of cases; NaN where undefined."""
    n = len(a)

    def chance(one: list[int], two: list[int], power: int) -> float:
        return sum(abs(x - y) ** power for x in one for y in two) / (len(one) * len(two))

    def mean(power: int) -> float:
        return sum(abs(x - y) ** power for x, y in zip(a, b, strict=True)) / n

    def less(part: float, whole: float) -> float:
        return 1 - part / whole if whole else math.nan

    def named(one: list[int], two: list[int]) -> float:
        return sum(x != y for x in one for y in two) / (len(one) * len(two))

    yes = [int(x > 0) for x in a], [int(x > 0) for x in b]
    apart = sum(x != y for x, y in zip(*yes, strict=True)) / n
    return {
        "s": 1 - 2 * mean(1) / 3,
        "s_squared": 1 - 2 * mean(2) / 9,
        "kappa": less(mean(2), chance(a, b, 2)),
        "kappa_binary": less(apart, named(*yes)),
        "pi": less(sum(x != y for x, y in zip(a, b, strict=True)) / n, named(a + b, a + b)),
        "pi_squared": less(mean(2), chance(a + b, a + b, 2)),
        "tau_b": float(kendalltau(a, b).statistic) if len({*a}) > 1 < len({*b}) else math.nan,
        "a": 2 * (chance(a, b, 1) - mean(1)) / 3,
    }


@given(PAIRS)
def test_brute_force(pairs: list[tuple[int, int]]) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    assert same(similarity(a, b, levels=range(4)), brute(a, b))


@given(PAIRS, st.randoms(use_true_random=False))
def test_neither_order_of_states_nor_of_cases_matters(pairs, random) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    found = similarity(a, b, levels=range(4))
    assert same(found, similarity(b, a, levels=range(4)))
    random.shuffle(pairs)
    assert same(found, similarity(*zip(*pairs, strict=True), levels=range(4)))


@given(PAIRS)
def test_bounds(pairs: list[tuple[int, int]]) -> None:
    found = similarity(*zip(*pairs, strict=True), levels=range(4))
    for name, value in found.items():
        assert math.isnan(value) or value <= 1 + 1e-12, name
    assert -1 <= found["s"] <= 1
    assert -1 <= found["s_squared"] <= 1


@given(PAIRS, st.data())
def test_whole_weights_count_cases_several_times(pairs, data) -> None:
    weights = data.draw(st.lists(st.integers(0, 4), min_size=len(pairs), max_size=len(pairs)))
    if not any(weights):
        weights[0] = 1
    again = [p for p, w in zip(pairs, weights, strict=True) for _ in range(w)]
    weighed = similarity(*zip(*pairs, strict=True), levels=range(4), weights=weights)
    repeated = similarity(*zip(*again, strict=True), levels=range(4))
    assert weighed["s"] == pytest.approx(repeated["s"])
    assert weighed["s_squared"] == pytest.approx(repeated["s_squared"])


def test_full_agreement() -> None:
    assert similarity([0, 1, 2, 3], [0, 1, 2, 3]) == pytest.approx(
        dict.fromkeys(MEASURES, 1.0) | {"a": 2 * (20 / 16) / 3}
    )


def test_undefined_is_nan_never_zero() -> None:
    both_yes = similarity([1, 1, 1], [1, 1, 1], levels=[1, 2, 3])
    assert both_yes["s"] == 1
    assert both_yes["a"] == 0
    assert all(math.isnan(both_yes[n]) for n in ("kappa", "kappa_binary", "pi", "tau_b"))
    assert all(math.isnan(v) for v in similarity([], [], levels=[1, 2]).values())
    assert all(math.isnan(v) for v in similarity([2, 2], [2, 2]).values())


def test_cases_that_either_lacks_are_left_out() -> None:
    short = similarity([1, 2, 3], [1, 3, 3], levels=[1, 2, 3])
    gaps = similarity([1, None, 2, 3, 1], [1, 1, 3, 3, math.nan], levels=[1, 2, 3])
    series = similarity(pl.Series([1, None, 2, 3]), pl.Series([1, 1, 3, 3]), levels=[1, 2, 3])
    assert short == gaps == series


def test_the_scale_matters_to_s_alone() -> None:
    a, b = [0, 1, 1, 0], [0, 1, 0, 0]
    narrow, wide = similarity(a, b), similarity(a, b, levels=[0, 1, 2, 3])
    assert narrow["s"] == 0.5
    assert wide["s"] == pytest.approx(1 - 2 / 12)
    assert {n: narrow[n] for n in ("kappa", "pi", "tau_b")} == pytest.approx(
        {n: wide[n] for n in ("kappa", "pi", "tau_b")}
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1, 2], [1]), "differ in length: 2 and 1"),
        (([1, 5], [1, 1], [1, 2, 3]), "not among the levels 1, 2, 3: 5"),
        (([1, "yes"], [1, 1]), "first vector holds something that is not a number"),
        (([1, 2], [1, 1], [1]), "at least two levels"),
        (([1, 2], [1, 1], [1, 2], [1]), "1 weights for 2 cases"),
        (([1, 2], [1, 1], [1, 2], [1, -1]), "zero or more"),
        (([[1, 2]], [[1, 1]]), "one value per case"),
    ],
)
def test_wrong_questions(arguments, says) -> None:
    with pytest.raises(DataError, match=says):
        similarity(*arguments)
