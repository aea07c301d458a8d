"""Gaps, standardising, held-out forecasts and references, on small made-up units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterpoise.assessment.explanations import fits
from counterpoise.assessment.explanations.coefficients import coefficients
from counterpoise.assessment.explanations.filling import IMPUTATIONS, fill
from counterpoise.assessment.explanations.fits import Problem
from counterpoise.assessment.explanations.specification import STANDARD
from counterpoise.assessment.explanations.theories import Variable
from counterpoise.assessment.explanations.units import Units
from counterpoise.errors import DataError


def made_up(n: int = 1200, seed: int = 4, slope: float = 1.0):
    """Units of six targets in four windows, whose events follow one column."""
    rng = np.random.default_rng(seed)
    target = rng.choice([2, 200, 220, 255, 365, 710], n)
    start = rng.choice([1861, 1906, 1951, 1991], n)
    x = rng.normal(size=(n, 2))
    odds = -2.5 + slope * x[:, 0]
    event = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)
    units = Units(
        state=np.arange(n) % 150 + 800,
        target=target,
        start=start,
        exposure=np.full(n, 5.0),
        data_year=start - 1,
        event=event,
        pact=np.where(event == 1, "a", ""),
        years=5,
        crowding="per state",
        new_pacts={},
    )
    return units, x, rng


def test_columns_are_standardised_by_what_the_fit_may_see():
    values = np.array([[0.0], [2.0], [100.0]])
    filled = fill(values, np.array([True, True, False]), "silent", np.random.default_rng(0))
    assert (filled.mean[0], filled.spread[0]) == (1.0, 1.0)
    assert filled.versions[0][:, 0].tolist() == [-1, 1, 99]
    assert filled.standardised(0, 3.0) == 2.0


@pytest.mark.parametrize("rule", ["silent", "complete"])
def test_a_gap_says_nothing(rule):
    values = np.array([[0.0, 1.0], [2.0, np.nan], [1.0, 3.0]])
    filled = fill(values, np.ones(3, dtype=bool), rule, np.random.default_rng(0))
    assert filled.versions[0][1, 1] == 0
    assert filled.usable.tolist() == [True, rule == "silent", True]
    assert filled.gaps == 0


def test_an_indicator_marks_gaps_once():
    values = np.array([[0.0, np.nan, np.nan], [2.0, 1.0, 1.0], [1.0, 3.0, 2.0]])
    filled = fill(values, np.ones(3, dtype=bool), "indicator", np.random.default_rng(0))
    assert filled.gaps == 1
    assert filled.versions[0][:, 3].tolist() == [1, 0, 0]


def test_a_column_without_any_value_is_silent_everywhere():
    values = np.array([[np.nan, 1.0], [np.nan, 2.0]])
    filled = fill(values, np.ones(2, dtype=bool), "silent", np.random.default_rng(0))
    assert filled.versions[0][:, 0].tolist() == [0, 0]


def test_imputation_follows_the_other_columns_and_differs_by_draw():
    rng = np.random.default_rng(8)
    one = rng.normal(size=500)
    two = 0.9 * one + 0.2 * rng.normal(size=500)
    values = np.column_stack([one, two])
    truth = values.copy()
    gap = np.arange(500) < 100
    values[gap, 1] = np.nan
    filled = fill(values, np.ones(500, dtype=bool), "imputed", rng)
    assert len(filled.versions) == IMPUTATIONS
    found = np.array([v[gap, 1] * filled.spread[1] + filled.mean[1] for v in filled.versions])
    assert np.corrcoef(found.mean(axis=0), truth[gap, 1])[0, 1] > 0.95
    assert (found.std(axis=0) > 0).all()
    assert found.std() == pytest.approx(truth[:, 1].std(), rel=0.2)


def test_no_forecast_sees_its_own_fold():
    units, _, _ = made_up()
    fold = units.fold("spell")

    def spy(seen, asked):
        assert not (seen & asked).any()
        assert not set(fold[seen]) & set(fold[asked])
        return np.full(int(asked.sum()), 0.5)

    assert (fits.held_out(spy, fold, units.known) == 0.5).all()
    with pytest.raises(DataError, match="two spells"):
        fits.held_out(spy, np.zeros(len(units), dtype=int), units.known)


def test_an_outcome_held_out_changes_no_forecast_of_it():
    units, x, rng = made_up()
    fold = units.fold("period")
    inside = fold == fold[0]
    other = replace(units, event=np.where(inside, rng.integers(0, 2, len(units)), units.event))
    for make in (lambda u: fits.ridge(Problem(u, x, STANDARD)), fits.climatology):
        before, after = (fits.held_out(make(u), fold, u.known)[inside] for u in (units, other))
        assert before == pytest.approx(after)


def test_climatology_is_the_rate_by_hand():
    units, _, _ = made_up()
    seen = units.start < 1991
    asked = ~seen
    rate = units.event[seen].sum() / seen.sum()
    assert fits.climatology(units)(seen, asked) == pytest.approx(np.full(asked.sum(), rate))


def test_an_explanation_known_of_no_event_says_nothing():
    units, x, _ = made_up()
    x[units.event == 1, 0] = np.nan
    complete = replace(STANDARD, missing="complete")
    every = units.known
    found = fits.ridge(Problem(units, x[:, :1], complete))(every, every)
    assert found == pytest.approx(fits.climatology(units)(every, every))
    one = coefficients(
        Problem(units, x[:, :1], complete), (Variable("a", "pair", 1, (), ""),), every
    )[0]
    assert np.isnan(one.coefficient)


def test_persistence_gives_those_who_joined_before_their_own_rate():
    state = np.array([1, 1, 2, 2])
    units = Units(
        state=state,
        target=np.full(4, 365),
        start=np.array([1951, 1956, 1951, 1956]),
        exposure=np.full(4, 5.0),
        data_year=np.full(4, 1950),
        event=np.array([1.0, 1.0, 0.0, 0.0]),
        pact=np.array(["a", "b", "", ""]),
        years=5,
        crowding="per state",
        new_pacts={},
    )
    every = np.ones(4, dtype=bool)
    found = fits.persistence(units)(every, every)
    # One unit after an event, with one event; three others, with one.
    assert found == pytest.approx([1.5 / 4, 1.5 / 2, 1.5 / 4, 1.5 / 4])


def test_a_true_predictor_has_skill_and_a_false_one_has_none():
    units, x, _ = made_up(4000)
    known = units.known
    losses = []
    for columns in (x[:, :1], x[:, 1:], x[:, :0]):
        p = fits.held_out(fits.ridge(Problem(units, columns, STANDARD)), units.spell, known)
        losses.append(-np.mean(np.log(np.where(units.event == 1, p, 1 - p))))
    assert losses[0] < 0.95 * losses[2]
    assert losses[1] == pytest.approx(losses[2], rel=0.01)


def test_the_learner_finds_what_no_line_can():
    pytest.importorskip("sklearn")
    units, x, rng = made_up(3000)
    bent = (rng.random(3000) < np.where(np.abs(x[:, 0]) > 1, 0.4, 0.02)).astype(float)
    units = replace(units, event=bent)
    problem = Problem(units, x, STANDARD)
    lines, trees = (
        fits.held_out(make(problem), units.fold("period"), units.known)
        for make in (fits.ridge, fits.learner)
    )
    scores = [-np.mean(np.log(np.where(bent == 1, p, 1 - p))) for p in (lines, trees)]
    assert scores[1] < 0.85 * scores[0]


def test_weights_are_the_same_as_repeating_units():
    units, x, rng = made_up(300)
    weight = rng.integers(0, 3, 300).astype(float)
    again = np.repeat(np.arange(300), weight.astype(int))
    seen = np.ones(300, dtype=bool)
    ours = fits.ridge(Problem(units, x[:, :0], STANDARD), weight)(seen, seen)
    rate = units.event[again].mean()
    assert ours == pytest.approx(np.full(300, rate), abs=1e-6)


@pytest.mark.parametrize("rule", ["silent", "indicator", "complete", "imputed"])
def test_coefficients_recover_the_truth_and_know_its_sign(rule):
    units, x, rng = made_up(6000)
    x[rng.random(6000) < 0.1, 1] = np.nan
    specification = replace(STANDARD, missing=rule)
    variables = (
        Variable("true", "pair", 1, (), ""),
        Variable("nothing", "pair", -1, (), ""),
    )
    one, two = coefficients(Problem(units, x, specification), variables, units.known)
    assert one.coefficient == pytest.approx(1.0, abs=0.15)
    assert one.as_expected is True
    assert one.interval[0] < one.coefficient < one.interval[1]
    assert abs(two.coefficient) < 0.15
    wrong = replace(variables[0], expected=-1)
    found = coefficients(Problem(units, x, specification), (wrong, variables[1]), units.known)
    assert found[0].as_expected is False


def test_a_column_that_never_moves_has_no_coefficient():
    units, x, _ = made_up()
    x[:, 1] = 3.0
    variables = tuple(Variable(name, "pair", 1, (), "") for name in "ab")
    one, two = coefficients(Problem(units, x, STANDARD), variables, units.known)
    assert np.isfinite(one.coefficient)
    assert np.isnan(two.coefficient)
    assert two.as_expected is None
