"""Median, mean and swing on one issue: hand-worked, limiting cases, properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import ModelError
from counterpoise.models.bargaining import (
    Issue,
    swing_reach,
    triangles,
    weighted_mean,
    weighted_median,
)

ACTORS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 6)), min_size=1, max_size=8).filter(
    lambda pairs: sum(weight for _, weight in pairs) > 0
)


def columns(pairs):
    return tuple(np.array(side, dtype=float) for side in zip(*pairs, strict=True))


@pytest.mark.parametrize(
    ("positions", "weights", "median", "mean"),
    [
        ([40, 40, 40], [1, 2, 3], 40, 40),
        ([0, 100], [1, 1], 50, 50),
        ([0, 100], [3, 1], 0, 25),
        ([10, 30, 100], [1, 1, 1], 30, 140 / 3),
        ([100, 0, 60], [2, 1, 1], 80, 65),
        ([0, 50, 100], [0, 0, 5], 100, 100),
        ([0, 20, 100], [1, 0, 1], 50, 50),
        # Tenths do not add to exactly one half in binary, but they are half of the weight.
        ([0, 10, 20, 30, 90], [0.1, 0.2, 0.2, 0.2, 0.3], 25, 39),
    ],
)
def test_median_and_mean_by_hand(positions, weights, median, mean):
    x, w = np.array(positions, float), np.array(weights, float)
    assert weighted_median(x, w) == pytest.approx(median)
    assert weighted_mean(x, w) == pytest.approx(mean)


@settings(max_examples=150, deadline=None)
@given(pairs=ACTORS)
def test_no_position_beats_the_median(pairs):
    x, w = columns(pairs)
    median = weighted_median(x, w)
    for rival in range(101):
        margin = np.sign(np.abs(x - median) - np.abs(x - rival)) @ w
        assert margin <= 1e-9


@settings(max_examples=100, deadline=None)
@given(pairs=ACTORS)
def test_median_of_repeated_actors_is_the_plain_median(pairs):
    x, w = columns(pairs)
    assert weighted_median(x, w) == np.median(np.repeat(x, w.astype(int)))


def test_draws_are_an_extra_axis():
    rng = np.random.default_rng(1)
    x, w = rng.uniform(0, 100, (7, 5)), rng.uniform(size=(7, 5))
    together = weighted_median(x, w)
    assert together.tolist() == [float(weighted_median(a, b)) for a, b in zip(x, w, strict=True)]
    assert weighted_mean(x, w[0]).shape == (7,)


def test_unknown_in_unknown_out():
    assert np.isnan(weighted_median(np.array([1.0, np.nan, 3.0]), np.ones(3)))
    assert np.isnan(weighted_mean(np.array([1.0, np.nan]), np.ones(2)))
    assert np.isnan(weighted_median(np.array([1.0, 2.0]), np.zeros(2)))


def test_reach_of_one_actor_by_hand():
    reach = swing_reach(np.array([0.0, 40.0, 100.0]), np.array([1.0, 1.0, 1.0]), (0, 100))
    assert reach.tolist() == [[40, 100], [0, 100], [0, 40]]


def test_reach_of_a_majority_and_of_nobody():
    reach = swing_reach(np.array([30.0, 60.0, 90.0]), np.array([5.0, 1.0, 0.0]), (0, 100))
    assert reach.tolist() == [[0, 100], [30, 30], [30, 30]]


@settings(max_examples=80, deadline=None)
@given(pairs=ACTORS, move=st.integers(0, 100), data=st.data())
def test_reach_holds_every_move(pairs, move, data):
    x, w = columns(pairs)
    actor = data.draw(st.integers(0, x.size - 1))
    reach = swing_reach(x, w, (0, 100))[actor]
    x[actor] = move
    assert reach[0] <= weighted_median(x, w) <= reach[1]


def test_triangles_stay_in_range_and_peak_where_told():
    rng = np.random.default_rng(6)
    low, best, high = (np.array(v, float) for v in ([0, 20, 50], [30, 20, 50], [90, 60, 50]))
    drawn = triangles(low, best, high, rng, 40_000)
    assert (drawn >= low).all()
    assert (drawn <= high).all()
    assert drawn.mean(axis=0) == pytest.approx((low + best + high) / 3, abs=0.3)
    assert (drawn[:, 2] == 50).all()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("positions", [10, 120], "position of B is unknown or outside 0 to 100"),
        ("positions", [np.nan, 20], "position of A"),
        ("power", [-1, 2], "power of A"),
        ("saliences", [0.5, 1.5], "salience of B"),
        ("power", [0, 0], "No actor has weight"),
        ("power", [1, 2, 3], "2 actors"),
    ],
)
def test_faulty_issues_are_refused(field, value, message):
    whole = {"positions": [10, 20], "power": [1, 1], "saliences": [1, 1]} | {field: value}
    with pytest.raises(ModelError, match=message):
        Issue(("A", "B"), **{k: np.array(v, float) for k, v in whole.items()})
