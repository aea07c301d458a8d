"""Alpha equals its definition, pair by pair, and says when it is undefined."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from counterpoise.errors import DataError
from counterpoise.measures.agreement import agreement, alpha

METRICS = ("nominal", "ordinal", "interval", "ratio")


def by_pairs(ratings, metric):
    """Alpha from every ordered pair of values, with no coincidence matrix."""
    units = [unit[~np.isnan(unit)] for unit in np.asarray(ratings, dtype=float).T]
    units = [unit for unit in units if unit.size >= 2]
    pool = np.concatenate(units)

    def distance(a, b):
        if metric == "nominal":
            return float(a != b)
        if metric == "interval":
            return (a - b) ** 2
        if metric == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = min(a, b), max(a, b)
        between = ((pool >= low) & (pool <= high)).sum()
        return (between - ((pool == low).sum() + (pool == high).sum()) / 2) ** 2 if a != b else 0.0

    observed = sum(
        distance(a, b) / (unit.size - 1) for unit in units for a, b in permutations(unit, 2)
    )
    expected = sum(distance(a, b) for a, b in permutations(pool, 2)) / (pool.size - 1)
    return 1 - observed / expected


TABLES = hnp.arrays(
    float,
    st.tuples(st.integers(2, 4), st.integers(2, 7)),
    elements=st.sampled_from([0.0, 1.0, 2.0, 5.0, 9.5, np.nan]),
)


@pytest.mark.parametrize("metric", METRICS)
@settings(max_examples=60, deadline=None)
@given(ratings=TABLES)
def test_alpha_equals_its_definition_over_pairs(metric, ratings):
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    assume(np.unique(paired[~np.isnan(paired)]).size > 1)
    assert alpha(ratings, metric) == pytest.approx(by_pairs(ratings, metric), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(ratings=TABLES, order=st.permutations(range(2)))
def test_interval_alpha_ignores_origin_and_unit_of_the_scale(ratings, order):
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    assume(np.unique(paired[~np.isnan(paired)]).size > 1)
    moved = 7 * ratings[[*order, *range(2, len(ratings))]] - 3
    assert alpha(moved) == pytest.approx(alpha(ratings), abs=1e-9)


def test_perfect_agreement_is_one_and_reversal_is_worse_than_chance():
    assert alpha([[0, 50, 100], [0, 50, 100]]) == 1
    assert alpha([[0, 100], [100, 0]]) == pytest.approx(-0.5)


@pytest.mark.parametrize("ratings", [[[3, 3], [3, 3]], [[1, np.nan], [np.nan, 2]], [[1, 2]]])
def test_alpha_is_unknown_without_pairs_or_variation(ratings):
    assert np.isnan(alpha(ratings))
    found = agreement(ratings, np.random.default_rng(1), draws=20)
    assert np.isnan(found.low)
    assert found.undefined == 1


def test_bounds_hold_the_estimate_and_repeat_with_the_seed():
    rng = np.random.default_rng(3)
    truth = rng.uniform(0, 100, 40)
    ratings = truth + rng.normal(0, 12, (2, 40))
    ratings[0, 4] = np.nan
    one = agreement(ratings, np.random.default_rng(9), draws=400)
    assert one == agreement(ratings, np.random.default_rng(9), draws=400)
    assert one.low < one.alpha < one.high
    assert (one.coders, one.units, one.pairable) == (2, 40, 78)


def test_bounds_cover_the_long_run_value_as_often_as_they_say():
    rng = np.random.default_rng(5)
    noise, spread = 15.0, 30.0
    long_run = spread**2 / (spread**2 + noise**2)
    held = 0
    for _ in range(200):
        ratings = rng.normal(50, spread, 60) + rng.normal(0, noise, (2, 60))
        found = agreement(ratings, rng, draws=200)
        held += found.low <= long_run <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_errors_say_what_is_wrong():
    with pytest.raises(DataError, match="Known: nominal, ordinal, interval, ratio"):
        alpha([[1, 2], [1, 2]], "euclid")
    with pytest.raises(DataError, match="zero or more"):
        alpha([[-1, 2], [1, 2]], "ratio")
    with pytest.raises(DataError, match="a row per coder"):
        alpha([1, 2, 3])
