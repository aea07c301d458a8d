"""The split of a score: Shapley's axioms, what a null keeps, and when ranks are withheld."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.assessment.explanations import shapley
from counterpoise.assessment.explanations.ensemble import Ensemble
from counterpoise.assessment.explanations.fits import Problem
from counterpoise.assessment.explanations.specification import STANDARD
from counterpoise.assessment.explanations.units import Units


@given(st.lists(st.floats(-5, 5), min_size=8, max_size=8))
def test_weights_are_the_mean_gain_over_all_orders(worth):
    value = np.array(worth)
    slow = np.zeros(3)
    for order in permutations(range(3)):
        inside = 0
        for k in order:
            slow[k] += (value[inside | 1 << k] - value[inside]) / 6
            inside |= 1 << k
    assert shapley.weights(3) @ value == pytest.approx(slow, abs=1e-9)


@given(st.lists(st.floats(-5, 5), min_size=16, max_size=16))
def test_shares_sum_to_what_all_save(worth):
    value = np.array(worth)
    assert (shapley.weights(4) @ value).sum() == pytest.approx(value[-1] - value[0], abs=1e-9)


def test_ranks_are_withheld_where_intervals_overlap():
    low, high = np.array([5.0, 1.0, 1.5, -2.0]), np.array([6.0, 2.0, 3.0, -1.0])
    assert shapley.ranked(low, high) == [1, None, None, 4]


def world(n_states: int = 40, seed: int = 2):
    """Six targets in five windows; pacts of five states, drawn to the first column."""
    rng = np.random.default_rng(seed)
    grid = [
        (state, target, start)
        for start in (1861, 1886, 1921, 1956, 1991)
        for target in (2, 200, 365)
        for state in range(500, 500 + n_states)
    ]
    state, target, start = np.array(grid).T
    strong = rng.normal(size=n_states)[state - 500]
    event, pact = np.zeros(len(grid)), np.full(len(grid), "", dtype="<U8")
    for number, (t, s) in enumerate({(t, s) for _, t, s in grid}):
        here = np.flatnonzero((target == t) & (start == s))
        odds = np.exp(1.5 * strong[here])
        chosen = rng.choice(here, 5, replace=False, p=odds / odds.sum())
        event[chosen], pact[chosen] = 1.0, f"p{number}"
    units = Units(
        state=state,
        target=target,
        start=start,
        exposure=np.full(len(grid), 5.0),
        data_year=start - 1,
        event=event,
        pact=pact,
        years=5,
        crowding="per state",
        new_pacts={},
    )
    x = np.column_stack([strong, rng.normal(size=(len(grid), 2))])
    return units, x


def test_the_true_predictor_earns_the_score_and_the_null_does_not():
    units, x = world()
    members = {"true": [0], "noise": [1], "more noise": [2]}
    found = shapley.split(Problem(units, x, STANDARD), units.known, members, Ensemble(9))
    true, *noise = found.parts
    assert true.share > max(abs(p.share) for p in noise) * 5
    assert true.p_value == pytest.approx(0.1)
    assert true.share > true.null_high
    assert true.rank == 1
    assert sum(p.share for p in found.parts) == pytest.approx(found.saved)
    again = shapley.split(Problem(units, x, STANDARD), units.known, members, Ensemble(9))
    assert again == found


def test_moving_pacts_keeps_their_number_and_size():
    units, _ = world()
    rng = np.random.default_rng(0)
    moved = shapley.moved(units, units.known, rng)
    assert set(np.unique(moved)) == {0.0, 1.0}
    assert 0.8 * units.event.sum() <= moved.sum() <= units.event.sum()
    assert np.corrcoef(moved, units.event)[0, 1] < 0.2


def test_more_null_draws_are_told_and_none_gives_no_bounds():
    units, x = world(20)
    told = []
    found = shapley.split(
        Problem(units, x, STANDARD),
        units.known,
        {"true": [0], "noise": [1]},
        Ensemble(0),
        lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1]
    assert all(np.isnan(p.null_low) and p.p_value == 1.0 for p in found.parts)
