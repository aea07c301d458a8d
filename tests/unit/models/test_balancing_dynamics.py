"""Simulated histories: repeatable, the same for any number of workers, right in limiting cases."""

from dataclasses import replace

import numpy as np
import pytest
from balancing_worlds import world

from counterpoise.errors import ModelError
from counterpoise.models.balancing_dynamics import DynamicsRules, simulate
from counterpoise.models.balancing_game import ILLUSTRATIVE, play

STILL = DynamicsRules(
    years=12, growth_sd=0, arming=0, threat_sd=0, crisis_chance=0, join_years=2, leave_years=3
)
EAGER = replace(ILLUSTRATIVE, own_safety=500.0)
COSTLY = replace(ILLUSTRATIVE, cost=500.0)


def test_same_seed_same_histories_with_any_number_of_workers():
    problem = world(1, 10)
    rules = DynamicsRules(years=15)
    one = simulate(problem, 7, runs=6, rules=rules)
    two = simulate(problem, 7, runs=6, rules=rules, workers=2)
    assert (one.actions == two.actions).all()
    assert (one.coalition == two.coalition).all()
    assert (simulate(problem, 8, runs=6, rules=rules).actions != one.actions).any()


def test_more_runs_only_add_histories():
    problem = world(1, 8)
    few = simulate(problem, 3, runs=3, rules=STILL)
    many = simulate(problem, 3, runs=7, rules=STILL)
    assert (many.actions[:3] == few.actions).all()


def test_nobody_balances_at_a_forbidding_cost():
    found = simulate(world(2, 9), 1, runs=5, parameters=COSTLY)
    assert not (found.actions == 1).any()
    assert (found.coalition == 0).all()
    assert found.formed_share == 0
    assert (found.formed == -1).all()


def test_all_balance_arm_and_bind_on_time():
    problem = world(2, 9)
    found = simulate(problem, 1, runs=2, parameters=EAGER, rules=replace(STILL, arming=0.1))
    assert (found.actions == 1).all()
    years = np.arange(12)
    grown = problem.ratio.sum() * np.exp(0.1 * (years + 1))
    assert found.coalition[0] == pytest.approx(np.where(years >= 1, grown, 0))
    assert (found.formed == 1).all()


def test_the_targets_growth_outruns_the_coalition():
    problem = world(2, 9)
    rules = replace(STILL, target_growth=0.05)
    found = simulate(problem, 1, runs=1, parameters=EAGER, rules=rules)
    expected = problem.ratio.sum() * np.exp(-0.05 * (np.arange(12) + 1))
    assert found.coalition[0, 1:] == pytest.approx(expected[1:])


def test_first_years_choices_follow_the_equilibrium():
    problem = world(4, 4)
    found = simulate(problem, 2, runs=1200, rules=replace(STILL, years=1))
    seen = (found.actions[:, 0, :, None] == np.arange(4)).mean(axis=0)
    expected = play(problem).profile
    error = np.sqrt(expected * (1 - expected) / 1200)
    assert (np.abs(seen - expected) < 4.5 * error + 1e-9).all()
    assert found.shares()[0] == pytest.approx(seen.mean(axis=0))


def test_crises_call_up_balancing():
    problem = replace(world(3, 10), threat=np.full(10, 0.1), distance_km=np.full(10, 300.0))
    parameters = replace(ILLUSTRATIVE, own_safety=6.0)
    calm = simulate(problem, 5, runs=60, parameters=parameters, rules=STILL)
    rules = replace(STILL, crisis_chance=1.0, crisis_size=0.8)
    tense = simulate(problem, 5, runs=60, parameters=parameters, rules=rules)
    assert (tense.actions == 1).mean() > (calm.actions == 1).mean() + 0.1


def test_members_who_stop_balancing_leave():
    # With certain choices that alternate there is no streak: drive the rule itself.
    from counterpoise.models.balancing_dynamics import _answered

    state = replace(world(0, 2, 0), groups=("coalition",), membership=np.zeros((2, 1)))
    streak = np.zeros(2, dtype=np.int64)
    bound = []
    for balances in (1, 1, 0, 0, 0, 1, 1):
        state, streak = _answered(state, np.array([balances == 1, False]), streak, STILL)
        bound.append(state.membership[:, -1].tolist())
    assert bound == [[0, 0], [1, 0], [1, 0], [1, 0], [0, 0], [0, 0], [1, 0]]


def test_faulty_requests_are_refused():
    with pytest.raises(ModelError, match="at least one run"):
        simulate(world(0, 3), 1, runs=0)
    with pytest.raises(ModelError, match="coalition"):
        simulate(replace(world(0, 3), groups=("a", "coalition")), 1)
    with pytest.raises(ModelError, match="at least one"):
        DynamicsRules(years=0)
    with pytest.raises(ModelError, match="chance of a crisis"):
        DynamicsRules(crisis_chance=2)
