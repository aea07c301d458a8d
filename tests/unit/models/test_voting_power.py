"""Voting power against orders and coalitions counted one by one."""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import ModelError
from counterpoise.models import voting_power
from counterpoise.models.voting_power import (
    VotingGame,
    essential,
    minimal_winning,
    power_indices,
)

SLOW = settings(deadline=None, max_examples=60)
WEIGHTS = st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any)


def game(weights: list[float], quota: float | None = None, is_strict: bool = True) -> VotingGame:
    names = tuple(f"p{k}" for k in range(len(weights)))
    return VotingGame(names, np.array(weights, dtype=float), quota, is_strict)


def wins(weights: list[int], inside: tuple[int, ...], quota: float, is_strict: bool) -> bool:
    total = sum(weights[i] for i in inside)
    return total > quota if is_strict else total >= quota


@SLOW
@given(WEIGHTS, st.booleans(), st.data())
def test_indices_equal_counting(weights: list[int], is_strict: bool, data: st.DataObject) -> None:
    n, total = len(weights), sum(weights)
    quota = data.draw(st.one_of(st.none(), st.integers(1, max(1, total - is_strict))))
    level = total / 2 if quota is None else quota
    everyone = tuple(range(n))
    if not wins(weights, everyone, level, is_strict):
        with pytest.raises(ModelError, match="No coalition wins"):
            power_indices(game(weights, quota, is_strict))
        return
    found = power_indices(game(weights, quota, is_strict))
    pivots = [0] * n
    for order in permutations(everyone):
        first = next(k for k in range(n) if wins(weights, order[: k + 1], level, is_strict))
        pivots[order[first]] += 1
    swings = [0] * n
    minimal = set()
    for size in range(n + 1):
        for inside in combinations(everyone, size):
            if not wins(weights, inside, level, is_strict):
                continue
            rest = [tuple(i for i in inside if i != k) for k in inside]
            needed = [not wins(weights, r, level, is_strict) for r in rest]
            for k, is_needed in zip(inside, needed, strict=True):
                swings[k] += is_needed
            if all(needed):
                minimal.add(inside)
    assert found.is_exact
    assert found.shapley_shubik == pytest.approx(np.array(pivots) / math.factorial(n))
    assert found.swings == tuple(swings)
    assert found.banzhaf == pytest.approx(np.array(swings) / sum(swings))
    members = [any(k in inside for inside in minimal) for k in everyone]
    assert list(found.is_essential) == essential(weights, quota, is_strict=is_strict) == members
    names = {tuple(f"p{k}" for k in inside) for inside in minimal}
    assert set(minimal_winning(game(weights, quota, is_strict))) == names


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_generating_functions_equal_enumeration(
    seed: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 300, 13)
    problem = game(weights.tolist(), float(int(weights.sum() * share)))
    exact = power_indices(problem)
    monkeypatch.setattr(voting_power, "EXACT_PLAYERS", 5)
    found = power_indices(problem)
    assert found.method == "generating functions"
    assert found.shapley_shubik == pytest.approx(exact.shapley_shubik, abs=1e-13)
    assert found.decides == pytest.approx(exact.decides, abs=1e-13)
    assert found.is_essential == exact.is_essential


def test_samples_have_intervals_that_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    problem = game(rng.random(18).tolist())
    exact = power_indices(problem)
    monkeypatch.setattr(voting_power, "EXACT_PLAYERS", 5)
    monkeypatch.setattr(voting_power, "MOST_STEPS", 0)
    covered = []
    for seed in range(10):
        found = power_indices(problem, draws=20_000, seed=seed)
        assert not found.is_exact
        for interval, truth in (
            (found.shapley_shubik_interval, exact.shapley_shubik),
            (found.decides_interval, exact.decides),
        ):
            assert interval is not None
            assert (interval[:, 1] - interval[:, 0]).max() < 0.02
            covered.append(((interval[:, 0] <= truth) & (truth <= interval[:, 1])).mean())
    # Twenty times eighteen intervals of 95%; within one sample they hang together.
    assert 0.9 < np.mean(covered) < 0.99
    found = power_indices(problem, draws=20_000, seed=3)
    assert found.shapley_shubik.sum() == pytest.approx(1)
    again = power_indices(problem, draws=20_000, seed=3)
    assert (again.shapley_shubik == found.shapley_shubik).all()


def test_large_assemblies_are_exact_when_weights_are_whole() -> None:
    votes = [55, 38, 29, 28, 20, 20] + [11] * 20 + [7] * 14 + [3] * 11
    found = power_indices(game(votes))
    assert found.method == "generating functions"
    assert found.shapley_shubik.sum() == pytest.approx(1, abs=1e-12)
    order = np.argsort([-v for v in votes], kind="stable")
    assert (np.diff(found.shapley_shubik[order]) <= 1e-15).all()
    assert found.shapley_shubik[6:26] == pytest.approx(found.shapley_shubik[6], abs=1e-14)
    assert all(found.is_essential)


def test_halves_of_decimals_are_halves() -> None:
    # In floats 0.1 + 0.2 exceeds 0.3.
    assert 0.1 + 0.2 > 0.3
    problem = game([0.1, 0.2, 0.4], quota=0.3)
    assert minimal_winning(problem) == [("p2",)]
    assert power_indices(problem).swings == (0, 0, 4)
    assert essential([0.1, 0.2, 0.4], 0.3) == [False, False, True]
    assert essential([0.1, 0.2, 0.4], 0.3, is_strict=False) == [True, True, True]


def test_essential_beyond_twenty() -> None:
    weights = [50.0, 49.0, 49.0] + [0.01] * 30
    expected = [True, True, True] + [False] * 30
    assert essential(weights) == expected
    assert essential([1.0] * 41) == [True] * 41
    with pytest.raises(ModelError, match="Round the weights"):
        essential((np.random.default_rng(0).random(25)).tolist())


@pytest.mark.parametrize(
    ("weights", "quota", "message"),
    [
        ([1, -1], None, "not negative"),
        ([0, 0], None, "not all zero"),
        ([1, math.nan], None, "finite"),
        ([1, 2], 4.0, "between 0 and 3"),
        ([1, 2], 0.0, "between 0 and 3"),
    ],
)
def test_games_that_do_not_fit(weights: list[float], quota: float | None, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        game(weights, quota)


def test_limits_are_said() -> None:
    with pytest.raises(ModelError, match="up to 20"):
        minimal_winning(game([1.0] * 21))
    with pytest.raises(ModelError, match="draws"):
        power_indices(game([1.0, 1.0]), draws=0)
    with pytest.raises(ModelError, match="No coalition wins"):
        power_indices(game([1.0, 2.0], quota=3))
    with pytest.raises(ModelError, match="different players"):
        VotingGame(("a", "a"), np.ones(2))
