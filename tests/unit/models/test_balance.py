"""Structural balance against brute force and known graphs."""

from __future__ import annotations

import sys
import time
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counterpoise.errors import MissingExtraError, ModelError
from counterpoise.models.balance import (
    SignedGraph,
    balance,
    line_index,
    null_distribution,
    shuffled,
    triangle_index,
    walk_index,
)
from counterpoise.models.cycle_cover import CycleCover
from counterpoise.models.frustration import least_frustration
from counterpoise.models.frustration_branch import branch_and_bound
from counterpoise.models.negative_cycles import negative_triangles, violated_cycles
from counterpoise.models.signed_graph import from_matrix, frustration_weight
from counterpoise.models.vector_bound import vector_bound

SLOW = settings(deadline=None, max_examples=60)


def graph(matrix: np.ndarray) -> SignedGraph:
    return from_matrix(tuple(f"n{k}" for k in range(len(matrix))), matrix)


def random_matrix(n: int, seed: int, density: float = 1.0, is_real: bool = False) -> np.ndarray:
    rng = np.random.default_rng(seed)
    weights = rng.choice([-1.0, 1.0], (n, n)) * (rng.random((n, n)) if is_real else 1)
    above = np.triu(np.where(rng.random((n, n)) < density, weights, 0), k=1)
    return above + above.T


@st.composite
def matrices(draw: st.DrawFn, most: int = 7, values: tuple[int, ...] = (-1, 0, 1)) -> np.ndarray:
    n = draw(st.integers(1, most))
    matrix = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = draw(st.sampled_from(values))
    return matrix


def brute(matrix: np.ndarray) -> float:
    """Least weight of frustrated ties over all splits."""
    n = len(matrix)

    def weight(sides: tuple[int, ...]) -> float:
        return sum(
            abs(matrix[i, j])
            for i, j in combinations(range(n), 2)
            if (matrix[i, j] > 0) != (sides[i] == sides[j]) and matrix[i, j]
        )

    return min(weight((0, *rest)) for rest in product((0, 1), repeat=n - 1))


@SLOW
@given(matrices())
def test_line_index_equals_brute_force(matrix: np.ndarray) -> None:
    found = line_index(graph(matrix))
    assert found.is_proved
    assert found.weight == found.lower_bound == brute(matrix)
    assert frustration_weight(found.graph, found.sides) == found.weight


@SLOW
@given(matrices(values=(-7, -2, -1, 0, 1, 3, 5)))
def test_weighted_frustration_equals_brute_force(matrix: np.ndarray) -> None:
    found = least_frustration(graph(matrix))
    assert found.is_proved
    assert found.weight == brute(matrix)


@pytest.mark.parametrize("seed", range(8))
def test_real_weights_equal_brute_force(seed: int) -> None:
    matrix = random_matrix(11, seed, is_real=True)
    found = least_frustration(graph(matrix))
    assert found.is_proved
    assert found.weight == pytest.approx(brute(matrix))


@pytest.mark.parametrize("seed", range(8))
def test_branching_alone_equals_brute_force(seed: int) -> None:
    problem = graph(random_matrix(9, seed, density=0.8))
    cycles = list(negative_triangles(problem)) if seed % 2 else []
    start = np.zeros(9, np.int64)
    deadline = time.perf_counter() + 60
    sides, bound = branch_and_bound(problem, start, cycles, True, deadline)
    assert frustration_weight(problem, sides) == brute(problem.matrix())
    assert bound == pytest.approx(brute(problem.matrix()), abs=1)
    assert bound <= brute(problem.matrix()) + 1e-6


@SLOW
@given(matrices(most=8, values=(-3, -1, 0, 1, 2)))
def test_bounds_never_exceed_the_truth(matrix: np.ndarray) -> None:
    problem, truth = graph(matrix), brute(matrix)
    deadline = time.perf_counter() + 60
    bound, splits = vector_bound(matrix, np.random.default_rng(0), deadline)
    assert bound <= truth + 1e-9
    assert all(frustration_weight(problem, s) >= truth - 1e-9 for s in splits)
    cover = CycleCover(np.abs(problem.weights))
    if len(triangles := negative_triangles(problem)):
        cover.add(triangles)
        assert cover.solve(deadline)
    assert 0 <= cover.bound <= truth + 1e-9


@SLOW
@given(matrices(), st.data())
def test_switching_and_relabelling_change_nothing(matrix: np.ndarray, data: st.DataObject) -> None:
    n = len(matrix)
    order = data.draw(st.permutations(range(n)))
    flips = np.array(data.draw(st.lists(st.sampled_from([-1, 1]), min_size=n, max_size=n)))
    other = (matrix * np.outer(flips, flips))[np.ix_(order, order)]
    for index in (lambda g: line_index(g).weight, triangle_index, walk_index):
        assert index(graph(other)) == pytest.approx(index(graph(matrix)))


@SLOW
@given(st.lists(st.sampled_from([-1, 1]), min_size=3, max_size=9), st.data())
def test_two_camps_are_balanced_and_one_wrong_tie_is_found(
    camps: list[int], data: st.DataObject
) -> None:
    matrix = np.outer(camps, camps).astype(float)
    np.fill_diagonal(matrix, 0)
    found = balance(graph(matrix))
    assert (found.line_index, found.line, found.triangles) == (0, 1, 1)
    assert found.walks == pytest.approx(1)
    assume(len(camps) > 3)
    i, j = sorted(data.draw(st.permutations(range(len(camps))))[:2])
    matrix[i, j] = matrix[j, i] = -matrix[i, j]
    wrong = balance(graph(matrix))
    assert wrong.line_index == 1
    assert wrong.walks is not None
    assert wrong.walks < 1
    if len(camps) > 4:
        assert wrong.frustrated == ((f"n{i}", f"n{j}"),)


@SLOW
@given(matrices())
def test_triangles_equal_counting(matrix: np.ndarray) -> None:
    products = [
        matrix[i, j] * matrix[j, k] * matrix[i, k]
        for i, j, k in combinations(range(len(matrix)), 3)
    ]
    even, odd = (sum(p == sign for p in products) for sign in (1, -1))
    assert triangle_index(graph(matrix)) == (even / (even + odd) if even + odd else None)


def test_all_enemies() -> None:
    """Everyone against everyone: L is what two equal camps leave inside them."""
    for n in range(2, 10):
        matrix = np.eye(n) - 1
        half = n // 2
        inside = half * (half - 1) // 2 + (n - half) * (n - half - 1) // 2
        assert line_index(graph(matrix)).weight == inside


def test_walks_of_a_large_graph_do_not_overflow() -> None:
    camps = np.where(np.arange(1500) < 700, 1.0, -1.0)
    matrix = np.outer(camps, camps)
    np.fill_diagonal(matrix, 0)
    assert walk_index(graph(matrix)) == pytest.approx(1)


@SLOW
@given(matrices(most=8))
def test_negative_cycles_are_negative_cycles(matrix: np.ndarray) -> None:
    problem = graph(matrix)
    cycles = violated_cycles(problem, np.zeros(problem.ties), 100)
    assert bool(cycles) == (brute(matrix) > 0)
    for cycle in cycles:
        ties = list(cycle)
        ends = np.concatenate([problem.first[ties], problem.second[ties]])
        assert (np.unique(ends, return_counts=True)[1] == 2).all()
        assert (problem.weights[ties] < 0).sum() % 2 == 1


def test_without_time_the_bound_is_honest() -> None:
    found = line_index(graph(random_matrix(70, 0)), time_limit=0.05)
    assert not found.is_proved
    assert found.proof == "none: time limit"
    assert 0 <= found.lower_bound < found.weight
    assert 0 < found.gap <= 1


def test_shuffling_deals_the_same_signs_anew() -> None:
    problem = graph(random_matrix(12, 1, density=0.5))
    other = shuffled(problem, np.random.default_rng(0))
    assert (other.first == problem.first).all()
    assert (other.second == problem.second).all()
    assert sorted(other.weights) == sorted(problem.weights)
    assert (other.weights != problem.weights).any()


def test_null_distribution_places_the_observed_graph() -> None:
    camps = np.array([1] * 6 + [-1] * 5)
    matrix = np.outer(camps, camps).astype(float)
    np.fill_diagonal(matrix, 0)
    found = null_distribution(graph(matrix), triangle_index, draws=50, seed=4)
    assert found is not None
    assert found.percentile == 100
    assert found.z is not None
    assert found.z > 3
    again = null_distribution(graph(matrix), triangle_index, draws=20, seed=4)
    assert again is not None
    assert (again.draws == found.draws[:20]).all()
    lines = null_distribution(graph(matrix), lambda g: line_index(g).weight, draws=10, seed=4)
    assert lines is not None
    assert lines.percentile == 0


def test_a_statistic_that_never_varies_is_in_the_middle() -> None:
    triangle = graph(np.ones((3, 3)) - np.eye(3))
    found = null_distribution(triangle, triangle_index, draws=5)
    assert found is not None
    assert (found.percentile, found.z) == (50, None)
    assert null_distribution(graph(np.zeros((2, 2))), triangle_index) is None
    with pytest.raises(ModelError, match="draws"):
        null_distribution(triangle, triangle_index, draws=0)


def test_no_ties_no_index() -> None:
    found = balance(graph(np.zeros((3, 3))))
    assert (found.line_index, found.is_proved) == (0, True)
    assert (found.line, found.triangles, found.walks) == (None, None, 1)
    assert found.proof == "nothing is frustrated"
    assert walk_index(graph(np.zeros((0, 0)))) is None


@pytest.mark.parametrize(
    ("first", "second", "weights", "message"),
    [
        ([0], [0], [1], "n0 is tied to itself"),
        ([0, 1], [1, 0], [1, -1], "n0–n1 is given twice"),
        ([0], [1], [0], "n0–n1 has the weight 0"),
        ([0], [1], [np.nan], "n0–n1 has the weight nan"),
        ([0], [3], [1], "outside the 2 nodes"),
        ([0, 1], [1], [1], "two ends and one weight"),
    ],
)
def test_graphs_that_do_not_fit(
    first: list[int], second: list[int], weights: list[float], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        SignedGraph(("n0", "n1"), np.array(first), np.array(second), np.array(weights))


def test_a_missing_solver_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = np.roll(np.eye(9), 1, axis=0)
    ring[0, 8] = -1
    problem = graph(ring + ring.T)
    for library in ("highspy", "scipy.sparse"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, library, None)
            with pytest.raises(MissingExtraError, match=r"pip install 'counterpoise\[models\]'"):
                line_index(problem)


def test_the_line_index_counts_only_plain_signs() -> None:
    with pytest.raises(ModelError, match="1 or −1"):
        line_index(graph(np.array([[0, 2.0], [2.0, 0]])))
    with pytest.raises(ModelError, match="time limit"):
        line_index(graph(np.zeros((2, 2))), time_limit=0)
