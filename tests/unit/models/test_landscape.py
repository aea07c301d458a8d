"""Landscape theory against brute force that shares no code with it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import MissingExtraError, ModelError, UnknownNameError
from counterpoise.models import landscape_exact, landscape_large, needs_extra
from counterpoise.models.landscape import (
    Landscape,
    energy,
    frustration,
    pivots,
    solve,
    switch_changes,
)

SLOW = settings(deadline=None, max_examples=40)
Sides = tuple[int, ...]


def landscape(strengths: list[float], p: np.ndarray) -> Landscape:
    return Landscape(tuple(f"a{k}" for k in range(len(strengths))), np.array(strengths), p)


def generic(n: int, seed: int) -> Landscape:
    """Real strengths and propensities: no two sums are equal."""
    rng = np.random.default_rng(seed)
    p = np.triu(rng.normal(size=(n, n)), k=1)
    return landscape(rng.lognormal(size=n).tolist(), p + p.T)


@st.composite
def tied(draw: st.DrawFn, most: int = 7) -> Landscape:
    """Small whole numbers: ties everywhere."""
    n = draw(st.integers(1, most))
    strengths = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    p = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            p[i, j] = p[j, i] = draw(st.integers(-2, 2))
    return landscape([float(s) for s in strengths], p)


def plain_energy(problem: Landscape, sides: Sides) -> float:
    s, p = problem.strengths.tolist(), problem.propensities.tolist()
    n = range(len(s))
    return sum(s[i] * s[j] * p[i][j] for i in n for j in n if i != j and sides[i] != sides[j])


def named(sides: Sides) -> Sides:
    """Blocs by first member."""
    names: dict[int, int] = {}
    return tuple(names.setdefault(side, len(names)) for side in sides)


def brute(problem: Landscape, blocs: int) -> dict[Sides, tuple[float, int]]:
    """Local optima with energy and basin, by walking down from every configuration."""
    n = len(problem)
    everything = {named(sides) for sides in product(range(blocs), repeat=n)}

    def down(sides: Sides) -> Sides | None:
        best, here = None, plain_energy(problem, sides)
        least = here
        for actor in range(n):
            for side in range(min(blocs, max(sides) + 2)):
                there = (*sides[:actor], side, *sides[actor + 1 :])
                if (value := plain_energy(problem, there)) < least:
                    best, least = named(there), value
        return best

    basins: Counter[Sides] = Counter()
    for start in everything:
        here = start
        while (lower := down(here)) is not None:
            here = lower
        basins[here] += 1
    return {end: (plain_energy(problem, end), size) for end, size in basins.items()}


def found_optima(problem: Landscape, blocs: int) -> dict[Sides, tuple[float, int]]:
    found = solve(problem, blocs=blocs)
    assert found.is_exact
    energies = [o.energy for o in found.optima]
    assert energies == sorted(energies)
    return {o.sides: (o.energy, o.basin or 0) for o in found.optima}


@SLOW
@given(tied())
def test_two_blocs_equal_brute_force(problem: Landscape) -> None:
    assert found_optima(problem, 2) == brute(problem, 2)


@pytest.mark.parametrize("n", range(1, 13))
def test_two_blocs_equal_brute_force_on_every_size(n: int) -> None:
    rng = np.random.default_rng(n)
    p = np.triu(rng.integers(-2, 3, (n, n)), k=1).astype(float)
    problem = landscape(rng.integers(1, 5, n).astype(float).tolist(), p + p.T)
    assert found_optima(problem, 2) == (brute(problem, 2) if n < 10 else quick_brute(problem))


def quick_brute(problem: Landscape) -> dict[Sides, tuple[float, int]]:
    """The same as ``brute`` for two blocs, on a table of all energies."""
    n = len(problem)
    every = [(0, *rest) for rest in product((0, 1), repeat=n - 1)]
    value = {sides: plain_energy(problem, sides) for sides in every}

    def end(sides: Sides) -> Sides:
        while True:
            near = [named((*sides[:k], 1 - sides[k], *sides[k + 1 :])) for k in range(n)]
            lower = min(near, key=value.__getitem__)
            if value[lower] >= value[sides]:
                return sides
            sides = lower

    basins = Counter(end(sides) for sides in every)
    return {sides: (value[sides], size) for sides, size in basins.items()}


@SLOW
@given(tied(most=5), st.integers(1, 5))
def test_several_blocs_equal_brute_force(problem: Landscape, blocs: int) -> None:
    assert found_optima(problem, blocs) == brute(problem, blocs)


@SLOW
@given(tied(), st.data())
def test_energy_parts_and_switches(problem: Landscape, data: st.DataObject) -> None:
    n = len(problem)
    sides = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    assert energy(problem, sides) == plain_energy(problem, tuple(sides))
    assert frustration(problem, sides).sum() == energy(problem, sides)
    changes = switch_changes(problem, sides)
    for actor in range(n):
        for side in range(changes.shape[1]):
            there = sides.copy()
            there[actor] = side
            assert changes[actor, side] == energy(problem, there) - energy(problem, sides)


@pytest.mark.parametrize("seed", range(5))
def test_relabelling_permutes_the_optima(seed: int) -> None:
    problem, rng = generic(9, seed), np.random.default_rng(seed)
    order = rng.permutation(9)
    other = Landscape(
        tuple(problem.actors[k] for k in order),
        problem.strengths[order],
        problem.propensities[np.ix_(order, order)],
    )

    def as_sets(which: Landscape) -> dict[frozenset[frozenset[str]], int | None]:
        return {
            frozenset(map(frozenset, o.blocs(which.actors))): o.basin for o in solve(which).optima
        }

    assert as_sets(problem) == as_sets(other)


def test_mirror_images_are_one() -> None:
    problem = generic(10, 3)
    found = solve(problem)
    assert all(o.sides[0] == 0 for o in found.optima)
    assert sum(o.basin or 0 for o in found.optima) == 2**9
    sides = np.array(found.optima[0].sides)
    assert energy(problem, 1 - sides) == energy(problem, sides)


def test_the_number_of_workers_changes_nothing() -> None:
    problem = generic(17, 1)
    one, three = (landscape_exact.two_blocs(problem, workers=w) for w in (1, 3))
    assert one.optima == three.optima
    assert sum(o.basin or 0 for o in one.optima) == 2**16


def test_decimals_tie_where_whole_numbers_do() -> None:
    p = np.array([[0, 1, -1, -2], [1, 0, 2, 1], [-1, 2, 0, 1], [-2, 1, 1, 0]], dtype=float)
    tenths = solve(landscape([0.1, 0.2, 0.3, 0.3], p))
    ones = solve(landscape([1, 2, 3, 3], p))
    assert [(o.sides, o.basin) for o in tenths.optima] == [(o.sides, o.basin) for o in ones.optima]
    assert [o.energy * 100 for o in tenths.optima] == pytest.approx([o.energy for o in ones.optima])
    assert not tenths.is_rounded


def test_many_digits_are_rounded_and_said_to_be() -> None:
    found = solve(generic(6, 0))
    assert found.is_rounded
    assert found.minimum == pytest.approx(float(energy(generic(6, 0), found.optima[0].sides)))


def test_partitions_are_all_there() -> None:
    for n, blocs, count in [(1, 1, 1), (4, 2, 8), (5, 5, 52), (6, 3, 122), (8, 8, 4140)]:
        rows = landscape_exact.partitions(n, blocs)
        assert len({tuple(r) for r in rows.tolist()}) == len(rows) == count
        assert landscape_exact.partitions_count(n, blocs) == count
        assert all(named(tuple(r)) == tuple(r) for r in rows.tolist())


@pytest.mark.parametrize("seed", range(6))
def test_annealing_finds_and_proves_the_exact_minimum(seed: int) -> None:
    problem = generic(14, seed)
    effort = landscape_large.Effort(reads=20, sweeps=200, time_limit=20)
    found = landscape_large.two_blocs_bounded(problem, seed=seed, effort=effort)
    exact = solve(problem)
    assert found.is_proved
    assert found.gap == 0
    assert found.minimum == pytest.approx(exact.minimum)
    assert found.optima[0].sides == exact.optima[0].sides
    assert {o.sides for o in found.optima} <= {o.sides for o in exact.optima}


def test_without_time_there_is_a_gap_and_a_true_bound() -> None:
    rng = np.random.default_rng(0)
    p = np.triu(rng.choice([-1.0, 1.0], (90, 90)), k=1)
    problem = landscape([1.0] * 90, p + p.T)
    effort = landscape_large.Effort(reads=5, sweeps=50, time_limit=0.2)
    found = landscape_large.two_blocs_bounded(problem, effort=effort)
    assert not found.is_proved
    assert found.lower_bound < found.minimum
    assert 0 < found.gap < 1
    assert (switch_changes(problem, np.array(found.optima[0].sides)) >= 0).all()
    assert found.minimum == energy(problem, np.array(found.optima[0].sides))


@pytest.mark.parametrize("blocs", [3, 4])
def test_search_for_several_blocs_is_bounded_below(blocs: int) -> None:
    problem = generic(9, blocs)
    effort = landscape_large.Effort(starts=300)
    found = landscape_large.several_blocs_bounded(problem, blocs, seed=1, effort=effort)
    exact = solve(problem, blocs=blocs)
    assert exact.is_exact
    assert found.minimum == pytest.approx(exact.minimum)
    assert found.lower_bound <= exact.minimum + 1e-9
    again = landscape_large.several_blocs_bounded(problem, blocs, seed=1, effort=effort)
    assert again.optima == found.optima


def brute_pivot(problem: Landscape, lowest: Sides, actor: int) -> float:
    """Least rise of the energy with the actor at the other pole and the poles opposed."""
    n = len(problem)

    def strongest(side: int) -> int | None:
        members = [k for k in range(n) if lowest[k] == side and k != actor]
        return max(members, key=lambda k: (problem.strengths[k], -k), default=None)

    left, joined = strongest(lowest[actor]), strongest(1 - lowest[actor])
    values = []
    for sides in product((0, 1), repeat=n):
        if joined is None:
            fits = left is not None and sides[actor] != sides[left]
        else:
            fits = sides[actor] == sides[joined] and (left is None or sides[left] != sides[joined])
        if fits:
            values.append(plain_energy(problem, sides))
    return min(values) - plain_energy(problem, lowest)


@SLOW
@given(tied())
def test_pivots_cost_what_brute_force_says(problem: Landscape) -> None:
    found = pivots(problem)
    assert len(found) == (len(problem) if len(problem) > 1 else 0)
    lowest = solve(problem).optima[0].sides
    for pivot in found:
        actor = problem.actors.index(pivot.actor)
        assert pivot.cost == brute_pivot(problem, lowest, actor)
        assert pivot.actor not in pivot.moved
        assert not {pivot.left, pivot.joined} & set(pivot.moved)
    shares = [p.moved_share or 0 for p in found]
    assert shares == sorted(shares, reverse=True)


def test_pivots_by_descent_never_undercut_enumeration(monkeypatch: pytest.MonkeyPatch) -> None:
    from counterpoise.models import landscape_pivots

    problem = generic(10, 5)
    exact = {p.actor: p.cost for p in pivots(problem)}
    monkeypatch.setattr(landscape_pivots, "MOST_ACTORS", 5)
    near = pivots(problem)
    assert not any(p.is_exact for p in near)
    assert all(p.cost >= exact[p.actor] - 1e-9 for p in near)
    assert any(p.cost == pytest.approx(exact[p.actor]) for p in near)


def test_a_named_pole_stands_for_its_bloc() -> None:
    problem = generic(8, 2)
    lowest = solve(problem).optima[0].sides
    for pivot in pivots(problem, pole="a3"):
        if pivot.actor != "a3":
            is_near = lowest[problem.actors.index(pivot.actor)] == lowest[3]
            assert (pivot.left if is_near else pivot.joined) == "a3"
    with pytest.raises(UnknownNameError, match="a0, a1"):
        pivots(problem, pole="nobody")


@pytest.mark.parametrize(
    ("strengths", "p", "message"),
    [
        ([1, 1], [[0, 1], [2, 0]], "not symmetric: a0–a1 is 1"),
        ([1, -1], [[0, 1], [1, 0]], "not negative: a1"),
        ([1, 1], [[0, np.nan], [np.nan, 0]], "a0 and a1 is not a finite"),
        ([1, 1], [[0, 1, 1], [1, 0, 1]], "2 × 2 matrix"),
        ([1e200, 1e200], [[0, 1], [1, 0]], "too large"),
        ([], np.zeros((0, 0)), "at least one actor"),
    ],
)
def test_problems_that_do_not_fit(strengths: list[float], p: object, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        landscape(strengths, np.array(p, dtype=float))


def test_what_cannot_be_listed_is_refused() -> None:
    with pytest.raises(ModelError, match="flat"):
        solve(landscape([1.0] * 19, np.zeros((19, 19))))
    with pytest.raises(ModelError, match="28 actors"):
        landscape_exact.two_blocs(generic(29, 0))
    with pytest.raises(ModelError, match="partitions"):
        landscape_exact.several_blocs(generic(20, 0), 4)
    with pytest.raises(ModelError, match="at least one"):
        solve(generic(3, 0), blocs=0)
    with pytest.raises(ModelError, match="named twice: x"):
        Landscape(("x", "x"), np.ones(2), np.zeros((2, 2)))


def test_one_actor_is_its_own_world() -> None:
    found = solve(landscape([2.0], np.zeros((1, 1))))
    assert [(o.energy, o.sides, o.basin) for o in found.optima] == [(0, (0,), 1)]


def test_a_missing_solver_names_the_command() -> None:
    with (
        pytest.raises(MissingExtraError, match=r"counterpoise\[models\]"),
        needs_extra("Landscape theory"),
    ):
        raise ModuleNotFoundError("No module named 'numba'", name="numba")
    with pytest.raises(ModuleNotFoundError), needs_extra("Landscape theory"):
        raise ModuleNotFoundError("No module named 'ours'", name="ours")
