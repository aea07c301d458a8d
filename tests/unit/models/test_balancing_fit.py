"""Estimation: the likelihood and its slope, known parameters found again, what stays unknown."""

from dataclasses import replace

import numpy as np
import pytest
from balancing_worlds import world

from counterpoise.errors import ModelError
from counterpoise.models import balancing_fit
from counterpoise.models.balancing_fit import fit
from counterpoise.models.balancing_game import ILLUSTRATIVE, TERMS, Parameters, play

Likelihood = balancing_fit._Likelihood

TRUE = replace(ILLUSTRATIVE, crowding=1.0)
FEW = ("cost", "own_safety", "base_cost", "reward", "withdrawal", "passing")


def observed(seed, games, states):
    rng = np.random.default_rng(seed)
    problems = [world(1000 * seed + k, states) for k in range(games)]
    choices = [
        np.array([rng.choice(4, p=chances) for chances in play(problem, TRUE).profile])
        for problem in problems
    ]
    return problems, choices


@pytest.fixture(scope="module")
def sample():
    return observed(1, 40, 25)


def test_likelihood_is_that_of_the_equilibria(sample):
    problems, choices = sample
    found = Likelihood(problems, choices, TERMS, TRUE, 0.0).at(TRUE.vector())
    by_hand = [
        np.log(play(problem, TRUE).profile[np.arange(25), chosen]).sum()
        for problem, chosen in zip(problems, choices, strict=True)
    ]
    assert found.each == pytest.approx(np.array(by_hand))


def test_slope_equals_differences(sample):
    problems, choices = (part[:6] for part in sample)
    likelihood = Likelihood(problems, choices, TERMS, TRUE, 0.0)
    values = TRUE.vector() + 0.1
    slope = likelihood.at(values).gradients.sum(axis=0)
    for k in range(len(TERMS)):
        nudge = np.zeros(len(TERMS))
        nudge[k] = 1e-5
        rise = likelihood.at(values + nudge).each.sum() - likelihood.at(values - nudge).each.sum()
        assert slope[k] == pytest.approx(rise / 2e-5, abs=1e-4)


def test_information_is_the_spread_of_the_slope():
    # At the truth the variance of the score over repeated choices is the expected information.
    problem = world(3, 12)
    profile, rng, scores = play(problem, TRUE).profile, np.random.default_rng(0), []
    information = None
    for _ in range(800):
        chosen = (rng.random((12, 1)) >= np.cumsum(profile, axis=1)[:, :-1]).sum(axis=1)
        found = Likelihood([problem], [chosen], FEW, TRUE, 0.0).at(
            np.array([getattr(TRUE, name) for name in FEW])
        )
        scores.append(found.gradients[0])
        information = found.information
    spread = np.cov(np.array(scores).T)
    scale = np.sqrt(np.outer(np.diag(information), np.diag(information)))
    assert np.abs((spread - information) / scale).max() < 0.15


def test_known_parameters_come_back(sample):
    found = fit(*sample, free=FEW, start=TRUE)
    assert found.is_converged
    assert found.choices == 1000
    assert found.log_likelihood > found.shares_log_likelihood
    for name in FEW:
        away = getattr(found.parameters, name) - getattr(TRUE, name)
        assert abs(away) < 3 * found.standard_errors[name], name
        assert found.standard_errors[name] < 1


def test_start_does_not_matter(sample):
    zeros = replace(TRUE, **dict.fromkeys(FEW, 0.0))
    one, two = fit(*sample, free=FEW, start=TRUE), fit(*sample, free=FEW, start=zeros)
    assert one.log_likelihood == pytest.approx(two.log_likelihood, abs=1e-5)
    assert one.parameters.vector() == pytest.approx(two.parameters.vector(), abs=1e-3)


def test_no_other_parameters_fit_better(sample):
    found = fit(*sample, free=FEW, start=TRUE)
    likelihood = Likelihood(*sample, FEW, TRUE, 0.0)
    best = np.array([getattr(found.parameters, name) for name in FEW])
    assert likelihood.at(best).each.sum() == pytest.approx(found.log_likelihood)
    rng = np.random.default_rng(0)
    for _ in range(20):
        trial = best + rng.normal(0, 0.05, best.size)
        assert likelihood.at(trial).each.sum() <= found.log_likelihood + 1e-6


def test_unknown_choices_count_for_nothing(sample):
    problems, choices = (part[:10] for part in sample)
    blank = [np.full(25, -1)] * 10
    with_blank = fit([*problems, *problems], [*choices, *blank], free=FEW, start=TRUE)
    without = fit(problems, choices, free=FEW, start=TRUE)
    assert with_blank.choices == without.choices == 250
    assert with_blank.parameters.vector() == pytest.approx(without.parameters.vector(), abs=1e-4)


def test_what_choices_cannot_tell_has_no_error():
    problems, choices = observed(2, 12, 15)
    problems = [replace(problem, base=np.zeros(15)) for problem in problems]
    found = fit(problems, choices, free=("cost", "base_cost"), start=TRUE)
    assert np.isnan(found.standard_errors["base_cost"])
    assert found.parameters.base_cost == TRUE.base_cost
    assert found.standard_errors["cost"] > 0


def test_ridge_holds_and_bounds_bind(sample):
    problems, choices = (part[:8] for part in sample)
    held = fit(problems, choices, free=FEW, start=ILLUSTRATIVE, ridge=1e9)
    assert held.parameters.vector() == pytest.approx(ILLUSTRATIVE.vector(), abs=1e-5)
    loose = fit(problems, choices, free=TERMS, start=TRUE)
    assert loose.parameters.vector().min() < 0
    bound = fit(problems, choices, free=TERMS, start=TRUE, nonnegative=True)
    assert bound.parameters.vector().min() == 0
    assert bound.log_likelihood <= loose.log_likelihood + 1e-6
    at_zero = [name for name in TERMS if getattr(bound.parameters, name) == 0]
    assert all(np.isnan(bound.standard_errors[name]) for name in at_zero)


def test_every_game_ends_in_its_principal_equilibrium(sample):
    problems, choices = (part[:8] for part in sample)
    found = fit(problems, choices, free=TERMS, start=TRUE)
    by_hand = sum(
        np.log(play(problem, found.parameters).profile[np.arange(25), chosen]).sum()
        for problem, chosen in zip(problems, choices, strict=True)
    )
    assert found.log_likelihood == pytest.approx(by_hand, abs=1e-6)
    truth = Likelihood(problems, choices, TERMS, TRUE, 0.0).at(TRUE.vector())
    assert found.log_likelihood > truth.each.sum()


def test_shares_alone_by_hand():
    problem = world(1, 4)
    found = fit([problem], [np.array([0, 0, 1, 3])], free=("cost",), start=Parameters())
    assert found.shares_log_likelihood == pytest.approx(2 * np.log(0.5) + 2 * np.log(0.25))


def test_faulty_input_is_refused():
    problem = world(1, 4)
    with pytest.raises(ModelError, match="Known: cost"):
        fit([problem], [np.zeros(4, int)], free=("price",))
    with pytest.raises(ModelError, match="4 states, 3 choices"):
        fit([problem], [np.zeros(3, int)])
    with pytest.raises(ModelError, match="−1 if unknown"):
        fit([problem], [np.full(4, 7)])
    with pytest.raises(ModelError, match="nothing to estimate"):
        fit([problem], [np.full(4, -1)])
    with pytest.raises(ModelError, match="one for each"):
        fit([problem], [])
