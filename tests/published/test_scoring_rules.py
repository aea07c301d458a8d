"""Scores with values that follow from the published definitions by arithmetic.

Brier (1950) sums squared errors over both categories, so one sure and right forecast at .9 scores
.02 and a sure and wrong one 2; the binary scale is half. The four forecasts .1 .9 .8 .3 of the
outcomes 0 1 1 0 are the worked example of scikit-learn's documentation of ``brier_score_loss``.
"""

import numpy as np
import pytest

from counterpoise.assessment import scores

FOUR = ([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0])


@pytest.mark.parametrize(
    ("scale", "probability", "outcome", "expected"),
    [
        ("binary", [0.9], [1], 0.01),
        ("two-category", [0.9], [1], 0.02),
        ("binary", *FOUR, 0.0375),
        ("two-category", *FOUR, 0.075),
        ("binary", [0.5, 0.5], [1, 0], 0.25),
        ("two-category", [0.5, 0.5], [1, 0], 0.5),
        ("two-category", [0.0], [1], 2.0),
    ],
)
def test_brier(scale, probability, outcome, expected):
    assert scores.brier(probability, outcome, scale) == pytest.approx(expected, abs=1e-12)


def test_log_score_in_nats():
    assert scores.log_score(*FOUR) == pytest.approx(0.1976348816, abs=1e-10)


def test_skill_against_the_base_rate():
    base = scores.climatology(FOUR[1])
    assert base.tolist() == [0.5] * 4
    found = scores.skill(scores.brier(*FOUR), scores.brier(base, FOUR[1]))
    assert found == pytest.approx(0.85, abs=1e-12)


def test_two_categories_equal_the_original_brier_score():
    p, y = np.array(FOUR[0]), np.array(FOUR[1])
    both = scores.brier_categories_each(np.column_stack([1 - p, p]), y)
    assert both == pytest.approx(scores.brier_each(p, y, "two-category"), abs=1e-12)
