"""Logit equilibria against Gambit, closed forms, enumeration; structured solves against plain."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import ModelError
from counterpoise.models.quantal_curve import Curve
from counterpoise.models.quantal_response import equilibria, nearby, solve, trace
from counterpoise.models.totals_game import TotalsGame, polymatrix


def bimatrix(row, column):
    row, column = np.asarray(row, float), np.asarray(column, float)
    weights = np.zeros((2, len(row), 2, len(row)))
    weights[0, :, 1, :], weights[1, :, 0, :] = row, column.T
    return polymatrix(np.zeros((2, len(row))), weights)


def random_game(seed, n, k=3, q=4):
    rng = np.random.default_rng(seed)
    gives = rng.uniform(size=(n, k, q)) * 3 / n
    return TotalsGame(rng.normal(size=(n, k)), rng.normal(size=(n, k, q)), gives)


def normal_form(game):
    """Every player's payoff at every pure profile, from the definition; n arrays (k, …, k)."""
    n, k, _ = game.loads.shape
    tables = np.zeros((n, *(k,) * n))
    for profile in product(range(k), repeat=n):
        for i, a in enumerate(profile):
            others = sum(game.gives[j, b] for j, b in enumerate(profile) if j != i)
            tables[(i, *profile)] = game.base[i, a] + game.loads[i, a] @ others
    return tables


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("players", [2, 3])
def test_branch_equals_gambit(seed, players):
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    game = random_game(seed, players)
    theirs = gambit.Game.from_arrays(*normal_form(game))
    for precision in (0.3, 2.0, 9.0):
        (found,) = gambit.qre.logit_solve_lambda(theirs, precision)
        profile = [[float(found.profile[s]) for s in p.strategies] for p in theirs.players]
        assert solve(game, precision).profile == pytest.approx(np.array(profile), abs=1e-6)


def test_branch_with_turning_points_equals_gambit():
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    rng = np.random.default_rng(1)
    row, column = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    branch = trace(bimatrix(row, column), 50.0)
    assert branch.turning_points == 2
    assert (np.diff(branch.precisions) < 0).any()
    theirs = gambit.Game.from_arrays(row, column)
    (found,) = gambit.qre.logit_solve_lambda(theirs, 50.0)
    profile = [[float(found.profile[s]) for s in p.strategies] for p in theirs.players]
    assert branch.end.profile == pytest.approx(np.array(profile), abs=1e-6)


def test_indifference_at_zero_precision():
    found = solve(random_game(3, 5), 0.0)
    assert found.profile == pytest.approx(np.full((5, 3), 1 / 3))
    assert found.index == 1


def test_one_player_is_a_softmax():
    game = TotalsGame(np.array([[0.3, -1.0, 2.0]]), np.zeros((1, 3, 1)), np.zeros((1, 3, 1)))
    weight = np.exp(4.0 * game.base[0])
    assert solve(game, 4.0).profile[0] == pytest.approx(weight / weight.sum(), abs=1e-12)


def test_matching_pennies_stays_even_at_every_precision():
    pennies = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    for precision in (0.5, 10.0, 200.0):
        assert solve(pennies, precision).profile == pytest.approx(np.full((2, 2), 0.5), abs=1e-9)


def test_coordination_has_three_equilibria_in_closed_form():
    # Both play p alike where ln(p / (1 − p)) = λ (2p − 1): at λ = 4, p is 1/2 or one of two others.
    found = equilibria(bimatrix(np.eye(2), np.eye(2)), 4.0, np.random.default_rng(0))
    shares = sorted(float(e.profile[0, 0]) for e in found.found)
    assert len(shares) == 3
    for p in shares:
        assert np.log(p / (1 - p)) == pytest.approx(4 * (2 * p - 1), abs=1e-8)
    assert shares[1] == pytest.approx(0.5)
    # The even one is a saddle of adjustment, the others are not; the indices sum to one.
    assert [e.index for e in sorted(found.found, key=lambda e: e.profile[0, 0])] == [1, -1, 1]
    assert found.index_sum == 1


def test_before_the_branches_part_there_is_one():
    # The pitchfork of the same game is at λ = 2.
    found = equilibria(bimatrix(np.eye(2), np.eye(2)), 1.9, np.random.default_rng(0))
    assert len(found.found) == 1
    assert found.found[0].is_principal


@pytest.mark.parametrize("seed", range(6))
def test_strict_pure_equilibria_are_all_found(seed):
    game = random_game(seed, 3)
    tables = normal_form(game)
    pure = set()
    for profile in product(range(3), repeat=3):
        gains = [
            np.delete(
                np.take(tables[i], range(3), axis=i)[
                    (*profile[:i], slice(None), *profile[i + 1 :])
                ],
                a,
            )
            - tables[(i, *profile)]
            for i, a in enumerate(profile)
        ]
        if all(gain.max() < -0.05 for gain in gains):
            pure.add(profile)
    found = equilibria(game, 200.0, np.random.default_rng(0))
    limits = {
        tuple(int(a) for a in e.profile.argmax(axis=1))
        for e in found.found
        if e.profile.max(axis=1).min() > 0.99
    }
    assert pure <= limits
    assert found.index_sum == 1


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 6),
    precision=st.sampled_from([0.1, 1.0, 5.0, 40.0]),
)
def test_every_equilibrium_is_one_and_near_nash(seed, n, precision):
    game = random_game(seed, n)
    found = solve(game, precision)
    response = np.exp(
        precision * (p := game.payoffs(found.profile)) - precision * p.max(1)[:, None]
    )
    response /= response.sum(axis=1, keepdims=True)
    assert found.profile == pytest.approx(response, abs=1e-9)
    # A logit response gives up no more than ln k / λ.
    assert game.regret(found.profile) <= np.log(3) / precision + 1e-9


def test_expected_payoffs_equal_enumeration_of_profiles():
    game = random_game(9, 3)
    tables = normal_form(game)
    mix = np.random.default_rng(2).dirichlet(np.ones(3), size=3)
    by_hand = np.array(
        [
            np.einsum("abc,b,c->a", tables[0], mix[1], mix[2]),
            np.einsum("abc,a,c->b", tables[1], mix[0], mix[2]),
            np.einsum("abc,a,b->c", tables[2], mix[0], mix[1]),
        ]
    )
    assert game.payoffs(mix) == pytest.approx(by_hand)


@pytest.mark.parametrize("n", [4, 25])
def test_jacobian_equals_differences(n):
    curve = Curve(random_game(n, n))
    odds = np.random.default_rng(0).normal(size=curve.shape)
    full = curve.jacobian(curve.at(odds, 1.7), 1.7)
    for column in range(0, curve.unknowns, 7):
        nudge = np.zeros(curve.unknowns)
        nudge[column] = 1e-6
        ahead, behind = (
            curve.at(odds + sign * nudge.reshape(curve.shape), 1.7).shortfall.ravel()
            for sign in (1, -1)
        )
        assert full[:, column] == pytest.approx((ahead - behind) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_structured_solves_equal_plain_ones(seed):
    curve = Curve(random_game(seed, 40))
    rng = np.random.default_rng(seed)
    point = curve.at(rng.normal(size=curve.shape), 3.0)
    border, right = rng.normal(size=curve.unknowns + 1), rng.normal(size=(curve.unknowns + 1, 2))
    full = curve.jacobian(point, 3.0)
    bordered = np.vstack([np.column_stack([full, -point.gain.ravel()]), border])
    assert curve.solve(point, 3.0, right, border) == pytest.approx(
        np.linalg.solve(bordered, right), abs=1e-8
    )
    assert curve.solve(point, 3.0, right[:-1]) == pytest.approx(
        np.linalg.solve(full, right[:-1]), abs=1e-8
    )
    assert curve.index(point, 3.0) == np.linalg.slogdet(full)[0]


def test_a_players_singular_block_does_not_spoil_the_solve():
    # One player's own block is made singular exactly: 1 + λ·load·σ(1 − σ)·give = 0 at σ = ½.
    game = random_game(1, 60, k=2, q=1)
    game.loads[0, 0], game.loads[0, 1], game.gives[0] = 0.0, -4.0, [[0.0], [1.0]]
    curve = Curve(game)
    odds = np.random.default_rng(0).normal(size=curve.shape)
    odds[0] = 0.0
    point = curve.at(odds, 1.0)
    right = np.ones((curve.unknowns, 1))
    exact = np.linalg.solve(curve.jacobian(point, 1.0), right)
    assert curve.solve(point, 1.0, right) == pytest.approx(exact, abs=1e-8)
    assert curve.index(point, 1.0) == np.linalg.slogdet(curve.jacobian(point, 1.0))[0]


def test_relabelling_players_permutes_the_equilibrium():
    game = random_game(12, 9)
    order = np.random.default_rng(0).permutation(9)
    moved = TotalsGame(game.base[order], game.loads[order], game.gives[order])
    assert solve(moved, 4.0).profile == pytest.approx(solve(game, 4.0).profile[order], abs=1e-9)


def test_a_system_of_states_is_solved():
    game = random_game(0, 190, k=4, q=5)
    found = trace(game, 10.0)
    assert found.end.residual < 1e-10
    again = nearby(game, 10.0, found.end.profile)
    assert again is not None
    assert again.profile == pytest.approx(found.end.profile, abs=1e-10)


def test_the_search_repeats_with_the_seed():
    game = random_game(5, 4)
    one, two = (equilibria(game, 30.0, np.random.default_rng(3)) for _ in range(2))
    assert [e.profile.tolist() for e in one.found] == [e.profile.tolist() for e in two.found]


def test_faulty_games_and_precisions_are_refused():
    game = random_game(0, 3)
    for precision in (-1.0, np.nan, np.inf):
        with pytest.raises(ModelError, match="zero or more"):
            trace(game, precision)
    with pytest.raises(ModelError, match="player 2"):
        TotalsGame(
            np.array([[0, 1], [0, 1], [0, np.nan]]), np.zeros((3, 2, 1)), np.zeros((3, 2, 1))
        )
    with pytest.raises(ModelError, match="want"):
        TotalsGame(np.zeros((3, 2)), np.zeros((2, 2, 1)), np.zeros((2, 2, 1)))
