"""Scores are proper, their parts add up, and their intervals cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.assessment import scores
from counterpoise.errors import DataError

FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=40).map(
    lambda pairs: tuple(np.array(side, dtype=float) for side in zip(*pairs, strict=True))
)


@pytest.mark.parametrize("each", [scores.brier_each, scores.log_each])
@pytest.mark.parametrize("belief", [0.05, 0.3, 0.5, 0.9])
def test_honesty_pays_best(each, belief):
    said = np.linspace(0.01, 0.99, 99)
    happens, fails = each(said, np.ones(99)), each(said, np.zeros(99))
    expected = belief * happens + (1 - belief) * fails
    assert said[expected.argmin()] == pytest.approx(belief, abs=0.0051)


@settings(max_examples=100, deadline=None)
@given(case=FORECASTS)
def test_parts_of_the_brier_score_add_up(case):
    probability, outcome = case
    whole = scores.brier(probability, outcome)
    for edges in (None, [0, 0.5, 1], np.linspace(0, 1, 6)):
        parts = scores.decompose(probability, outcome, edges)
        assert parts.brier == pytest.approx(whole, abs=1e-12)
        assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0
    assert scores.decompose(probability, outcome).within_bins == pytest.approx(0, abs=1e-12)


def test_parts_by_hand():
    # Two forecasts of .2 (one event) and two of .8 (both events): base rate 3/4.
    parts = scores.decompose([0.2, 0.2, 0.8, 0.8], [1, 0, 1, 1])
    assert parts.reliability == pytest.approx(0.5 * 0.3**2 + 0.5 * 0.2**2)
    assert parts.resolution == pytest.approx(0.5 * 0.25**2 + 0.5 * 0.25**2)
    assert parts.uncertainty == pytest.approx(3 / 16)


def test_calibration_table_by_hand():
    table = scores.calibration([0.0, 0.05, 0.1, 0.95, 1.0], [0, 1, 0, 1, 1])
    assert table.count.tolist() == [2, 1, 2]
    assert table.probability == pytest.approx([0.025, 0.1, 0.975])
    assert table.observed == pytest.approx([0.5, 0, 1])
    assert table.expected_error == pytest.approx((2 * 0.475 + 1 * 0.1 + 2 * 0.025) / 5)
    assert (table.low <= table.observed).all()
    assert (table.high >= table.observed).all()


def test_wilson_bounds_at_zero_of_ten():
    # Closed form with no events: high = z² / (n + z²).
    low, high = scores.wilson(np.array([0.0]), np.array([10]))
    assert low[0] == 0
    assert high[0] == pytest.approx(scores.Z95**2 / (10 + scores.Z95**2))


def test_what_was_called_impossible_costs_without_bound():
    assert scores.log_score([0.0], [1]) == np.inf
    assert scores.log_score([0.0], [0]) == 0


def test_skill_has_no_meaning_against_perfection():
    assert np.isnan(scores.skill(0.1, 0.0))
    assert scores.skill(0.3, 0.2) == pytest.approx(-0.5)


def test_categories_by_hand():
    given_, chosen = [[0.7, 0.2, 0.1], [0.2, 0.2, 0.6]], [0, 1]
    each = scores.brier_categories_each(given_, chosen)
    assert each == pytest.approx([0.09 + 0.04 + 0.01, 0.04 + 0.64 + 0.36])
    assert scores.log_categories_each(given_, chosen) == pytest.approx(-np.log([0.7, 0.2]))


def test_scores_agree_with_the_reference_library():
    library = pytest.importorskip("scoringrules", reason="scoringrules is not installed")
    rng = np.random.default_rng(4)
    p, y = rng.uniform(0.01, 0.99, 50), rng.integers(0, 2, 50).astype(float)
    assert scores.brier_each(p, y) == pytest.approx(library.brier_score(y, p))
    assert scores.log_each(p, y) == pytest.approx(library.log_score(y, p))


def test_intervals_cover_as_often_as_they_say():
    rng = np.random.default_rng(11)
    chance, held = 0.3, 0
    truth = chance * (1 - chance)
    for _ in range(300):
        y = (rng.uniform(size=80) < chance).astype(float)
        found = scores.mean_interval(scores.brier_each(np.full(80, chance), y), rng, draws=300)
        held += found.low <= truth <= found.high
    assert 0.9 <= held / 300 <= 0.99


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(2)
    each = np.repeat(rng.uniform(size=12), 10)
    alone = scores.mean_interval(each, np.random.default_rng(1))
    tied = scores.mean_interval(each, np.random.default_rng(1), clusters=np.arange(120) // 10)
    assert alone.estimate == tied.estimate == pytest.approx(each.mean())
    assert (tied.high - tied.low) > 2.5 * (alone.high - alone.low)


def test_skill_interval_pairs_the_cases():
    rng = np.random.default_rng(8)
    reference = rng.uniform(0.1, 1, 60)
    found = scores.skill_interval(0.6 * reference, reference, rng)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.4, 0.4, 0.4))


@pytest.mark.parametrize(
    ("probability", "outcome", "message"),
    [
        ([1.2], [1], "Probability 1 is 1.2"),
        ([np.nan], [1], "Probability 1 is nan"),
        ([0.5], [np.nan], "leave out forecasts whose outcome is unknown"),
        ([0.5], [2], "Outcome 1 is 2"),
        ([0.5, 0.5], [1], "same length"),
        ([], [], "at least one"),
    ],
)
def test_faulty_forecasts_are_refused(probability, outcome, message):
    with pytest.raises(DataError, match=message):
        scores.brier(probability, outcome)


def test_faulty_categories_and_bins_are_refused():
    with pytest.raises(DataError, match=r"sums to 0\.9"):
        scores.brier_categories_each([[0.5, 0.4]], [0])
    with pytest.raises(DataError, match="places from 0 to 1"):
        scores.log_categories_each([[0.5, 0.5]], [2])
    with pytest.raises(DataError, match="rise and reach"):
        scores.calibration([0.5], [1], [0.2, 1])
    with pytest.raises(DataError, match="one each"):
        scores.mean_interval([0.1, 0.2], np.random.default_rng(1), clusters=[1])


def test_sums_by_cluster_are_the_cases_drawn_together():
    rng = np.random.default_rng(4)
    each, base, label = rng.random(60), rng.random(60) + 0.5, rng.integers(0, 7, 60)
    drawn = np.random.default_rng(5).multinomial(7, np.full(7, 1 / 7), size=500)[:, label]
    means = [np.average(each, weights=w) for w in drawn]
    skills = [1 - np.average(each, weights=w) / np.average(base, weights=w) for w in drawn]
    mean = scores.mean_interval(each, np.random.default_rng(5), label, 500)
    skill = scores.skill_interval(each, base, np.random.default_rng(5), label, 500)
    assert (mean.low, mean.high) == pytest.approx(np.quantile(means, (0.025, 0.975)))
    assert (skill.low, skill.high) == pytest.approx(np.quantile(skills, (0.025, 0.975)))
    assert mean.estimate == pytest.approx(each.mean())
