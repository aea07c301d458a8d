"""The balancing game against its payoffs written out, enumeration, Gambit and theory."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from balancing_worlds import world

from counterpoise.errors import ModelError, UnknownNameError
from counterpoise.models.balancing_changes import Change, changed, counterfactual, pulls
from counterpoise.models.balancing_game import (
    ACTIONS,
    ILLUSTRATIVE,
    Parameters,
    build,
    coalition_chance,
    play,
    welfare,
)
from counterpoise.models.quantal_response import equilibria, solve

NOTHING = Parameters(**dict.fromkeys(Parameters.__dataclass_fields__, 0.0))


def utility(problem, p, i, profile):
    """Payoff of state i at a pure profile, with the public good, straight from the formulas."""
    t, r, v, b = (x[i] for x in (problem.threat, problem.ratio, problem.nearness, problem.base))
    others = [j for j in range(len(profile)) if j != i]
    balances = [j for j in others if profile[j] == 1]
    beta = sum(problem.ratio[j] for j in balances)
    omega = sum(problem.ratio[j] for j in others if profile[j] == 2)
    gamma = sum(problem.membership[i] @ problem.membership[j] * problem.ratio[j] for j in balances)
    all_beta = beta + (r if profile[i] == 1 else 0)
    all_omega = omega + (r if profile[i] == 2 else 0)
    good = p.safety * t * (all_beta - all_omega) - p.crowding * t * all_beta**2 / 2
    private = {
        0: 0.0,
        1: -p.cost
        + p.own_safety * t
        - p.remoteness * (1 - v)
        - p.exposure * t * v
        + p.shelter * t * v * beta
        - p.base_cost * b
        + p.solidarity * gamma,
        2: p.reward
        - p.sharing * omega
        + p.appeasement * t * v
        - p.discredit * beta
        + p.base_reward * b,
        3: -p.withdrawal + p.shield * t + p.passing * t * beta,
    }
    return good + private[profile[i]]


def tables(problem, parameters):
    n = len(problem.names)
    found = np.zeros((n, *(4,) * n))
    for profile in product(range(4), repeat=n):
        for i in range(n):
            found[(i, *profile)] = utility(problem, parameters, i, profile)
    return found


def around(profile, i):
    return (*profile[:i], slice(None), *profile[i + 1 :])


def test_gains_equal_the_payoffs_written_out():
    problem = world(3, 3)
    game, table = build(problem), tables(problem, ILLUSTRATIVE)
    pure = np.eye(4)
    for profile in product(range(4), repeat=3):
        pays = game.payoffs(pure[list(profile)])
        for i in range(3):
            whole = table[i][around(profile, i)]
            assert pays[i] - pays[i, 0] == pytest.approx(whole - whole[0])


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("precision", [1.0, 6.0])
def test_play_equals_gambit_on_the_whole_game(seed, precision):
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    problem = world(seed, 3)
    theirs = gambit.Game.from_arrays(*tables(problem, ILLUSTRATIVE))
    (found,) = gambit.qre.logit_solve_lambda(theirs, precision)
    profile = [[float(found.profile[s]) for s in p.strategies] for p in theirs.players]
    assert play(problem, precision=precision).profile == pytest.approx(np.array(profile), abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_limit_is_a_nash_equilibrium_by_enumeration(seed):
    problem = world(seed, 3)
    parameters = replace(ILLUSTRATIVE, shelter=6.0, solidarity=4.0, cost=2.0)
    table = tables(problem, parameters)
    pure = set()
    for profile in product(range(4), repeat=3):
        lead = [
            table[(i, *profile)] - np.delete(table[i][around(profile, i)], a).max()
            for i, a in enumerate(profile)
        ]
        if min(lead) > 0.03:
            pure.add(profile)
    found = equilibria(build(problem, parameters), 300.0, np.random.default_rng(0))
    limits = {
        tuple(int(a) for a in e.profile.argmax(axis=1))
        for e in found.found
        if e.profile.max(axis=1).min() > 0.99
    }
    assert pure <= limits
    assert found.index_sum == 1


def test_tipping_has_two_stable_outcomes_and_both_are_reported():
    # Twelve like states in one group: alone balancing does not pay, together it does.
    n = 12
    problem = replace(
        world(0, n, 1),
        power=np.full(n, 0.05),
        threat=np.full(n, 0.5),
        distance_km=np.full(n, 500.0),
        base=np.zeros(n),
        membership=np.ones((n, 1)),
    )
    parameters = replace(NOTHING, cost=2.0, solidarity=3.0, withdrawal=3.0, reward=-3.0)
    found = play(problem, parameters, precision=5.0, seed=1)
    coalitions = sorted(
        float(problem.ratio @ e.profile[:, 1]) for e in (found.principal, *found.others)
    )
    assert coalitions[0] < 0.05
    assert coalitions[-1] > 1.4
    assert found.index_sum == 1
    assert len(coalitions) >= 3


def test_one_state_is_a_softmax_of_its_payoffs():
    problem = world(5, 1)
    pays = np.array([utility(problem, ILLUSTRATIVE, 0, (a,)) for a in range(4)])
    weight = np.exp(2.0 * (pays - pays.max()))
    assert play(problem, precision=2.0).profile[0] == pytest.approx(weight / weight.sum())


def test_bucks_are_passed_where_efforts_crowd_and_ranks_close_where_they_shelter():
    problem = world(7, 8)
    crowded = replace(NOTHING, safety=3.0, crowding=3.0)
    sheltered = replace(NOTHING, safety=3.0, shelter=3.0)
    assert all(pull.others < 0 for pull in pulls(problem, crowded))
    assert all(pull.others > 0 for pull in pulls(problem, sheltered))
    alone = replace(NOTHING, safety=3.0)
    assert all(pull.others == pytest.approx(0, abs=1e-12) for pull in pulls(problem, alone))


def test_a_pull_equals_playing_with_the_choice_forced():
    problem = world(2, 5)
    found = {pull.name: pull for pull in pulls(problem, precision=2.0)}
    game = build(problem)
    for place, name in enumerate(problem.names):
        coalitions = []
        for action in (1, 0):
            forced = replace(game, base=game.base.copy())
            forced.base[place, action] += 60.0
            profile = solve(forced, 2.0).profile
            coalitions.append(float(np.delete(problem.ratio * profile[:, 1], place).sum()))
        assert found[name].others == pytest.approx(coalitions[0] - coalitions[1], abs=1e-6)
        assert found[name].total == pytest.approx(found[name].others + problem.ratio[place])


def test_small_states_leave_the_public_good_to_the_strong():
    problem = replace(
        world(0, 3, 0),
        power=np.array([0.3, 0.03, 0.003]),
        threat=np.full(3, 0.8),
        distance_km=np.full(3, 1000.0),
        base=np.zeros(3),
    )
    chances = play(problem, replace(NOTHING, cost=1.0, safety=4.0), precision=3.0).profile[:, 1]
    assert chances[0] > 2 * chances[1] > 2 * chances[2] * 0.9


def test_giving_up_bases_frees_hosts_to_balance():
    problem = replace(world(4, 6), base=np.ones(6))
    found = counterfactual(problem, [Change("base", 0.0)], replace(ILLUSTRATIVE, crowding=0.0))
    assert (found.after.profile[:, 1] > found.before.profile[:, 1]).all()
    assert found.after.coalition > found.before.coalition
    assert [m.shift for m in found.movers] == sorted((m.shift for m in found.movers), reverse=True)


def test_a_lone_host_moves_by_the_stated_odds():
    problem = replace(world(4, 1), base=np.ones(1))
    found = counterfactual(problem, [Change("base", 0.0, "S0")], precision=2.0)
    odds = [r.profile[0, 1] / r.profile[0, 0] for r in (found.before, found.after)]
    assert np.log(odds[1] / odds[0]) == pytest.approx(2.0 * ILLUSTRATIVE.base_cost)


def test_changes_set_what_they_name_and_nothing_else():
    problem = world(1, 4)
    after = changed(
        problem,
        [
            Change("power", 0.9, "S2"),
            Change("threat", 0.0, "S1"),
            Change("membership", 1.0, "S3", "G1"),
            Change("target_power", 0.1),
        ],
    )
    assert (after.power[2], after.threat[1], after.membership[3, 1], after.target_power) == (
        0.9, 0.0, 1.0, 0.1,
    )  # fmt: skip
    assert after.power[[0, 1, 3]].tolist() == problem.power[[0, 1, 3]].tolist()
    assert after.distance_km.tolist() == problem.distance_km.tolist()
    assert problem.power[2] != 0.9


def test_a_flip_is_named():
    problem = replace(world(0, 2, 0), base=np.zeros(2), threat=np.array([0.0, 0.5]))
    found = counterfactual(
        problem, [Change("threat", 1.0, "S0")], replace(ILLUSTRATIVE, own_safety=9.0), precision=4.0
    )
    assert [(m.name, m.action_before, m.action_after) for m in found.flipped] == [
        ("S0", "neutral", "balance")
    ]


def test_the_followed_equilibrium_is_told_where_play_could_stay():
    # Tipping as above: a lesser threat moves the principal equilibrium from all to none.
    n = 12
    problem = replace(
        world(0, n, 1),
        power=np.full(n, 0.05),
        threat=np.full(n, 1.0),
        distance_km=np.full(n, 500.0),
        base=np.zeros(n),
        membership=np.ones((n, 1)),
    )
    parameters = replace(
        NOTHING, own_safety=1.0, cost=2.4, solidarity=3.0, withdrawal=3.0, reward=-3.0
    )
    found = counterfactual(problem, [Change("threat", 0.4)], parameters, precision=5.0)
    assert found.before.coalition > 1.4
    assert found.after.coalition < 0.1
    assert found.followed is not None
    assert float(problem.ratio @ found.followed.profile[:, 1]) > 1.4


def test_chance_of_a_coalition_equals_enumeration():
    problem = world(6, 5)
    found = play(problem)
    exact = 0.0
    for sides in product((0, 1), repeat=5):
        p = np.prod(
            [found.profile[i, 1] if s else 1 - found.profile[i, 1] for i, s in enumerate(sides)]
        )
        exact += p * (np.dot(sides, problem.ratio) >= 0.5)
    rough = coalition_chance(found, 0.5, np.random.default_rng(1), 40_000)
    assert rough == pytest.approx(exact, abs=0.01)


def test_welfare_equals_enumeration():
    problem = world(8, 3)
    found = play(problem, precision=2.0)
    exact = np.zeros(3)
    for profile in product(range(4), repeat=3):
        p = np.prod([found.profile[i, a] for i, a in enumerate(profile)])
        exact += p * np.array([utility(problem, ILLUSTRATIVE, i, profile) for i in range(3)])
    assert welfare(found) == pytest.approx(exact)


def test_likeliest_actions_are_named():
    found = play(world(2, 6), precision=3.0)
    assert found.likeliest == tuple(ACTIONS[k] for k in found.profile.argmax(axis=1))
    assert found.index_sum is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("threat", [0.1, np.nan, 0.2], "threat of S1"),
        ("power", [0.1, 0.1, -1], "power of S2"),
        ("base", [2, 0, 0], "base of S0"),
        ("distance_km", [0, np.inf, 1], "distance in km of S1"),
        ("power", [1, 2], "3 states and 2 groups do not fit power"),
        ("target_power", 0.0, "above zero"),
        ("names", ("A", "A", "B"), "twice"),
    ],
)
def test_faulty_problems_are_refused(field, value, message):
    given = np.array(value, float) if isinstance(value, list) else value
    with pytest.raises(ModelError, match=message):
        replace(world(0, 3), **{field: given})


def test_unknown_names_are_refused_with_a_hint():
    problem = replace(world(0, 3), names=("Russia", "China", "Kazakhstan"))
    with pytest.raises(UnknownNameError, match="Did you mean: Russia"):
        counterfactual(problem, [Change("power", 1.0, "Rusia")])
    with pytest.raises(UnknownNameError, match="Its groups: G0, G1"):
        counterfactual(problem, [Change("membership", 1.0, "China", "SCO")])
    with pytest.raises(ModelError, match="Nothing is changed"):
        counterfactual(problem, [])
