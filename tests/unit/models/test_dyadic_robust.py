"""Dyadic and clustered covariances: by slow counting, by hand, and by simulated coverage."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
import statsmodels.api as sm

from counterpoise.errors import ModelError
from counterpoise.models.dyadic_robust import cluster_covariance, dyadic_covariance
from counterpoise.models.rare_logit import ridge_logit


def slow(scores, one, two):
    """Every ordered pair of units whose dyads share a member, one by one."""
    meat = np.zeros((scores.shape[1],) * 2)
    for a, b in product(range(len(scores)), repeat=2):
        if {one[a], two[a]} & {one[b], two[b]}:
            meat += np.outer(scores[a], scores[b])
    return meat


def pairs_of(rng):
    pairs = rng.integers(0, 7, size=(60, 2))
    return pairs[pairs[:, 0] != pairs[:, 1]].T


@pytest.mark.parametrize("seed", range(4))
def test_dyadic_is_the_sum_over_pairs_that_share_a_member(seed):
    rng = np.random.default_rng(seed)
    one, two = pairs_of(rng)
    # A common sign of one column keeps the sum a covariance, so that nothing is repaired.
    scores = np.abs(rng.normal(size=(len(one), 1)))
    found = dyadic_covariance(np.array([[2.0]]), scores, one, two, correct=False)
    assert not found.repaired
    assert found.covariance == pytest.approx(4 * slow(scores, one, two))


@pytest.mark.parametrize("seed", range(4))
def test_dyadic_of_several_columns_is_the_same_sum_made_a_covariance(seed):
    rng = np.random.default_rng(seed)
    one, two = pairs_of(rng)
    scores = rng.normal(size=(len(one), 3))
    bread = np.eye(3) + 0.2
    values, vectors = np.linalg.eigh(slow(scores, one, two))
    meat = vectors @ np.diag(np.clip(values, 0, None)) @ vectors.T
    found = dyadic_covariance(bread, scores, one, two, correct=False)
    assert found.repaired == (values.min() < -1e-9)
    assert found.covariance == pytest.approx(bread @ meat @ bread)


def test_by_hand_for_three_states():
    # Dyads AB, AC, BC with scores 1, 2, 4: all share a member, so (1 + 2 + 4)² = 49.
    found = dyadic_covariance(
        np.eye(1), np.array([[1.0], [2.0], [4.0]]), ["A", "A", "B"], ["B", "C", "C"], correct=False
    )
    assert found.covariance[0, 0] == pytest.approx(49)
    # AB, CD apart: 1 + 4; the two years of AB together: (1 + 3)² + 4.
    apart = dyadic_covariance(
        np.eye(1), np.array([[1.0], [3.0], [2.0]]), ["A", "B", "C"], ["B", "A", "D"], correct=False
    )
    assert apart.covariance[0, 0] == pytest.approx(16 + 4)
    assert apart.groups == 4


def test_disjoint_dyads_are_clusters():
    rng = np.random.default_rng(3)
    scores, dyad = rng.normal(size=(40, 3)), np.repeat(np.arange(10), 4)
    bread = np.eye(3)
    by_dyad = dyadic_covariance(bread, scores, 2 * dyad, 2 * dyad + 1, correct=False)
    by_cluster = cluster_covariance(bread, scores, dyad, correct=False)
    assert by_dyad.covariance == pytest.approx(by_cluster.covariance)


def test_order_of_the_members_and_their_names_do_not_matter():
    rng = np.random.default_rng(5)
    one, two = np.array([*combinations(range(6), 2)]).T
    scores, bread = rng.normal(size=(15, 2)), np.eye(2)
    turned = rng.random(15) < 0.5
    names = np.array(list("FEDCBA"))
    plain = dyadic_covariance(bread, scores, one, two).covariance
    other = dyadic_covariance(
        bread, scores, names[np.where(turned, two, one)], names[np.where(turned, one, two)]
    ).covariance
    assert other == pytest.approx(plain)


def test_a_sum_that_is_no_covariance_is_repaired():
    # Opposite scores on dyads that share one member each: the sum over pairs is negative.
    found = dyadic_covariance(
        np.eye(1), np.array([[1.0], [-1.6], [1.0]]), [1, 2, 3], [2, 3, 4], correct=False
    )
    assert (1 + 2.56 + 1) + 2 * (-1.6 - 1.6) < 0
    assert found.repaired
    assert found.covariance[0, 0] == 0


@pytest.mark.parametrize("correct", [True, False])
def test_clusters_as_in_statsmodels(correct):
    rng = np.random.default_rng(11)
    x, cluster = rng.normal(size=(300, 2)), rng.integers(0, 30, 300)
    y = (rng.random(300) < 1 / (1 + np.exp(1 - x[:, 0] - rng.normal(size=30)[cluster]))).astype(
        float
    )
    fit = ridge_logit(x, y, 0.0)
    ours = cluster_covariance(fit.bread, fit.scores, cluster, correct=correct)
    theirs = sm.Logit(y, sm.add_constant(x)).fit(
        disp=0,
        cov_type="cluster",
        cov_kwds={"groups": cluster, "use_correction": correct},
    )
    assert ours.groups == 30
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-4)


def test_dyadic_intervals_cover_where_states_carry_their_own_shocks():
    """The mean of dyads that share state effects: plain errors are far too small."""
    rng = np.random.default_rng(2015)
    one, two = np.array([*combinations(range(40), 2)]).T
    covered = np.zeros(2)
    draws = 300
    for _ in range(draws):
        shock = rng.normal(size=40)
        value = shock[one] + shock[two] + rng.normal(size=len(one))
        scores, bread = (value - value.mean())[:, None], np.eye(1) / len(value)
        plain = np.sqrt((scores**2).sum()) / len(value)
        robust = dyadic_covariance(bread, scores, one, two).standard_errors[0]
        covered += [abs(value.mean()) < 1.96 * plain, abs(value.mean()) < 1.96 * robust]
    plain_share, robust_share = covered / draws
    assert plain_share < 0.5
    assert 0.9 < robust_share <= 0.99


@pytest.mark.parametrize(
    ("one", "two", "says"),
    [
        ([1, 2], [1, 3], "itself"),
        ([1, 1], [2, 2], "three members"),
        ([1], [2], "members of 2 dyads"),
    ],
)
def test_what_is_no_set_of_dyads_is_refused(one, two, says):
    with pytest.raises(ModelError, match=says):
        dyadic_covariance(np.eye(1), np.ones((2, 1)), one, two)


def test_wrong_shapes_and_single_clusters_are_refused():
    with pytest.raises(ModelError, match="shape"):
        cluster_covariance(np.eye(2), np.ones((3, 1)), [1, 2, 3])
    with pytest.raises(ModelError, match="give one each"):
        cluster_covariance(np.eye(1), np.ones((3, 1)), [1, 2])
    with pytest.raises(ModelError, match="at least two"):
        cluster_covariance(np.eye(1), np.ones((3, 1)), [1, 1, 1])
