"""False-discovery rates against published figures, a hand calculation and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from counterpoise.assessment.discovery import Tally, adjusted
from counterpoise.errors import DataError

BENJAMINI_HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The fifteen p-values of the worked example in Benjamini & Hochberg (1995), section 3.2."""


def test_the_published_example_rejects_four_hypotheses() -> None:
    found = adjusted(BENJAMINI_HOCHBERG)
    assert (found <= 0.05).sum() == 4
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


@pytest.mark.parametrize("rule", ["bh", "by"])
def test_equals_scipy_on_random_p_values_with_ties(rule: str) -> None:
    rng = np.random.default_rng(1)
    for size in (1, 2, 17, 400):
        p = np.round(rng.beta(0.5, 2.0, size), 2)
        assert adjusted(p, rule) == pytest.approx(false_discovery_control(p, method=rule))


def test_order_of_the_tests_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(50)
    order = rng.permutation(50)
    assert adjusted(p[order]) == pytest.approx(adjusted(p)[order])


def test_rate_is_kept_where_most_hypotheses_are_true() -> None:
    rng = np.random.default_rng(3)
    false_shares = []
    for _ in range(400):
        true = rng.random(180)
        false = rng.beta(0.05, 4.0, 20)
        found = adjusted(np.concatenate([true, false])) <= 0.1
        false_shares.append(found[:180].sum() / max(found.sum(), 1))
    assert np.mean(false_shares) <= 0.1
    assert np.mean(false_shares) > 0.05


def test_one_p_value_of_one_for_each_untried_bloc_only_raises_the_rest() -> None:
    p = np.array([0.001, 0.01, 0.2, 0.3])
    capped = np.where(p > 0.1, 1.0, p)
    assert (adjusted(capped) >= adjusted(p) - 1e-15).all()


def test_no_tests_give_no_discoveries() -> None:
    assert adjusted([]).size == 0


@pytest.mark.parametrize("p", [[0.1, np.nan], [-0.1], [1.1]])
def test_what_is_no_p_value_is_refused(p: list[float]) -> None:
    with pytest.raises(DataError, match="p-value"):
        adjusted(p)


def test_sequential_draws_keep_their_level() -> None:
    """Stopping once ten draws reach the score keeps the chance of p ≤ .05 at .05 or below."""
    rng = np.random.default_rng(4)
    rejected = 0
    for _ in range(2000):
        own, tally = rng.random(), Tally()
        while not tally.is_settled(10, 1000):
            tally = tally.plus(int((rng.random(50) >= own).sum()), 50)
        rejected += tally.p_value <= 0.05
    assert 0.03 < rejected / 2000 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_tally_counts_draws_that_reach() -> None:
    tally = Tally().plus(0, 1000).plus(2, 500)
    assert (tally.exceeded, tally.draws) == (2, 1500)
    assert tally.p_value == 3 / 1501
    assert not tally.is_settled(10, 2000)
    assert tally.is_settled(2, 2000)
    assert tally.is_settled(10, 1500)
    assert not tally.is_at_floor
    assert Tally(0, 1000).is_at_floor
