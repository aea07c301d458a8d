"""Rare-event logits: by hand where a formula exists, else against independent programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from counterpoise.errors import ModelError
from counterpoise.models.rare_logit import firth_logit, ridge_logit


def drawn(n: int = 400, k: int = 3, seed: int = 7, intercept: float = -2.5):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    odds = intercept + x @ np.linspace(1, -0.5, k)
    return x, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float), rng


@pytest.mark.parametrize(("events", "n"), [(1, 10), (3, 200), (40, 41)])
def test_firth_without_columns_adds_half_an_event_and_half_a_non_event(events, n):
    y = np.r_[np.ones(events), np.zeros(n - events)]
    found = firth_logit(np.zeros((n, 0)), y)
    expected = math.log((events + 0.5) / (n - events + 0.5))
    assert found.coefficients[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("cells", [(3, 17, 5, 75), (0, 20, 4, 60), (7, 0, 2, 30)])
def test_firth_on_a_two_by_two_table_adds_half_to_each_cell(cells):
    a, b, c, d = cells
    x = np.r_[np.ones(a + b), np.zeros(c + d)][:, None]
    y = np.r_[np.ones(a), np.zeros(b), np.ones(c), np.zeros(d)]
    found = firth_logit(x, y)
    slope = math.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    assert found.is_converged
    assert found.coefficients[1] == pytest.approx(slope, abs=1e-5)
    assert found.standard_errors[1] == pytest.approx(
        math.sqrt(sum(1 / (m * p * (1 - p)) for m, p in _rates(a, b, c, d))), rel=1e-4
    )


def _rates(a: int, b: int, c: int, d: int):
    return [(a + b, (a + 0.5) / (a + b + 1)), (c + d, (c + 0.5) / (c + d + 1))]


def test_firth_scores_sum_to_zero_and_maximise_its_criterion():
    x, y, _ = drawn(60)
    found = firth_logit(x, y)
    design = np.column_stack([np.ones(len(y)), x])

    def loss(beta):
        p = 1 / (1 + np.exp(-design @ beta))
        fit = np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))
        return -fit - 0.5 * np.linalg.slogdet((design * (p * (1 - p))[:, None]).T @ design)[1]

    other = minimize(
        loss, np.zeros(4), method="Nelder-Mead", options={"xatol": 1e-8, "maxfev": 9999}
    )
    assert found.coefficients == pytest.approx(other.x, abs=1e-4)
    assert np.abs(found.scores.sum(axis=0)).max() < 1e-3


def test_firth_is_less_biased_than_maximum_likelihood():
    estimates = []
    for seed in range(300):
        x, y, _ = drawn(80, 1, seed, intercept=-1.5)
        if 4 <= y.sum() <= 76:
            pair = ridge_logit(x, y, penalty=0.0), firth_logit(x, y)
            estimates.append([fit.coefficients[1] for fit in pair])
    plain, firth = np.mean(np.clip(estimates, -10, 10), axis=0) - 1.0
    assert abs(firth) < 0.05 < plain


def test_without_penalty_it_is_the_logit_of_statsmodels_with_offset_and_weights():
    x, y, rng = drawn()
    offset, weight = rng.normal(size=len(y)) / 2, rng.integers(1, 4, len(y)).astype(float)
    ours = ridge_logit(x, y, 0.0, offset, weight)
    theirs = sm.GLM(
        y, sm.add_constant(x), sm.families.Binomial(), offset=offset, freq_weights=weight
    ).fit()
    assert ours.coefficients == pytest.approx(theirs.params, abs=1e-6)
    assert ours.standard_errors == pytest.approx(theirs.bse, rel=1e-5)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)
    assert ours.probability(x, offset) == pytest.approx(theirs.fittedvalues, abs=1e-7)


@pytest.mark.parametrize("penalty", [0.1, 1.0, 25.0])
def test_with_a_penalty_it_is_the_ridge_of_scikit_learn(penalty):
    x, y, _ = drawn()
    ours = ridge_logit(x, y, penalty)
    theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=1000).fit(x, y)
    assert ours.coefficients == pytest.approx([*theirs.intercept_, *theirs.coef_[0]], abs=1e-4)


def test_a_separating_column_is_finite_under_both_penalties():
    x, y = np.r_[np.ones(5), np.zeros(45)][:, None], np.r_[np.ones(5), np.zeros(45)]
    assert 0 < ridge_logit(x, y, 1.0).coefficients[1] < 10
    assert 0 < firth_logit(x, y).coefficients[1] < 10


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 100), st.integers(0, 10**6))
def test_more_penalty_never_lengthens_the_slopes(penalty, seed):
    x, y, _ = drawn(100, 2, seed, intercept=-1.0)
    if 0 < y.sum() < len(y):
        short, long = (ridge_logit(x, y, p).coefficients[1:] for p in (2 * penalty, penalty))
        assert np.linalg.norm(short) <= np.linalg.norm(long) + 1e-5


def test_a_start_changes_nothing_but_the_way():
    x, y, _ = drawn()
    cold, warm = ridge_logit(x, y), ridge_logit(x, y, start=np.array([-2.0, 1, 0.2, -0.4]))
    assert warm.coefficients == pytest.approx(cold.coefficients, abs=1e-4)
    assert warm.iterations <= cold.iterations


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (np.zeros((3, 1)), np.array([0.0, 1.0]), "shape"),
        (np.array([[np.nan], [1.0]]), np.array([0.0, 1.0]), "unknown"),
        (np.ones((2, 1)), np.array([0.0, 2.0]), "0 or 1"),
        (np.arange(4.0)[:, None], np.zeros(4), "the same"),
    ],
)
def test_a_problem_without_an_answer_is_refused(x, y, says):
    with pytest.raises(ModelError, match=says):
        ridge_logit(x, y)


def test_dependent_columns_are_refused_without_a_ridge():
    x, y, _ = drawn()
    double = np.column_stack([x, x[:, 0]])
    with pytest.raises(ModelError, match="depend"):
        firth_logit(double, y)
    assert np.isfinite(ridge_logit(double, y, 1.0).coefficients).all()
