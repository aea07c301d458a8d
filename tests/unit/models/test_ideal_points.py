"""Ideal points from simulated votes: recovered, covered, identified, the same however dealt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from vote_worlds import world

from counterpoise.errors import ModelError
from counterpoise.models import ideal_points_items as item_priors
from counterpoise.models import ideal_points_steps as steps
from counterpoise.models.ideal_points import VoteProblem, fit
from counterpoise.models.ideal_points_absences import lay_out_with
from counterpoise.models.ideal_points_frame import frame, standard_errors
from counterpoise.models.ideal_points_newton import Point, eliminate, pack, unpack

COVERED = 1.96
WORLDS = 10


def small(seed: int = 3, **options: int) -> VoteProblem:
    return world(
        np.random.default_rng(seed), **{"states": 15, "periods": 3, "rollcalls": 12} | options
    ).problem


@pytest.fixture(scope="module")
def fitted():
    problem = small()
    return problem, fit(problem)


def test_known_ideal_points_are_recovered_and_covered() -> None:
    """Over the ideal points of ten worlds, 95 % intervals cover 92 to 98 in a hundred."""
    scaled, correlations = [], []
    for rng in np.random.default_rng(7).spawn(WORLDS):
        made = world(rng, periods=6, rollcalls=25)
        found = fit(made.problem)
        assert found.is_converged
        used = found.votes.T > 0
        truth, own = made.in_frame(used)[used], found.theta[:, :, 0].T[used]
        scaled.append((own - truth) / found.se[:, :, 0].T[used])
        correlations.append(np.corrcoef(truth, own)[0, 1])
    every = np.concatenate(scaled)
    assert every.size == WORLDS * 6 * 40
    assert 0.92 <= (np.abs(every) < COVERED).mean() <= 0.98
    assert 0.9 < every.std() < 1.1
    assert min(correlations) > 0.95


def test_items_are_recovered() -> None:
    made = world(np.random.default_rng(5), states=120, periods=2, rollcalls=40)
    found = fit(made.problem)
    theta = made.theta[:, :, 0]
    beta, centre, gap = made.items[found.items].T
    assert np.corrcoef(found.discrimination[:, 0], beta)[0, 1] > 0.98
    assert np.corrcoef((found.lower + found.upper) / 2, centre - beta * theta.mean())[0, 1] > 0.97
    assert np.corrcoef(np.log(found.upper - found.lower), np.log(gap))[0, 1] > 0.85


def test_two_dimensions_are_recovered_up_to_a_turn() -> None:
    made = world(np.random.default_rng(2), states=80, periods=2, rollcalls=100, dimensions=2)
    found = fit(made.problem, dimensions=2)
    assert found.is_converged
    own = found.theta.transpose(1, 0, 2).reshape(-1, 2)
    truth = made.theta.reshape(-1, 2)
    turned = own @ np.linalg.lstsq(own, truth, rcond=None)[0]
    for d in range(2):
        assert np.corrcoef(turned[:, d], truth[:, d])[0, 1] > 0.97


def test_the_frame_is_what_is_stated(fitted) -> None:
    problem, found = fitted
    used = found.votes > 0
    values = found.theta[:, :, 0][used]
    assert values.mean() == pytest.approx(0, abs=1e-9)
    assert values.std() == pytest.approx(1, abs=1e-6)
    assert np.nanmean(found.theta[problem.positive, :, 0]) > 0


def test_turning_the_positive_state_turns_the_axis(fitted) -> None:
    problem, found = fitted
    other = int(np.nanmean(found.theta[:, :, 0], axis=1).argmin())
    turned = fit(replace(problem, positive=other))
    assert np.nanmax(np.abs(turned.theta + found.theta)) < 1e-9
    assert np.nanmax(np.abs(turned.se - found.se)) < 1e-9


def test_turning_every_vote_changes_nothing(fitted) -> None:
    problem, found = fitted
    turned = np.where(problem.votes >= 0, 2 - problem.votes, problem.votes).astype(np.int8)
    other = fit(replace(problem, votes=turned))
    assert np.nanmax(np.abs(other.theta - found.theta)) < 5e-3
    assert np.nanmax(np.abs(other.discrimination + found.discrimination)) < 0.05


def test_the_order_of_roll_calls_changes_nothing(fitted) -> None:
    problem, found = fitted
    order = np.random.default_rng(0).permutation(problem.item.size)
    mixed = replace(
        problem, votes=problem.votes[order], period=problem.period[order], item=problem.item[order]
    )
    assert np.nanmax(np.abs(fit(mixed).theta - found.theta)) < 1e-8


def test_a_state_has_no_ideal_point_before_its_first_vote_nor_after_its_last() -> None:
    problem = small()
    problem.votes[problem.period == 0, 4] = -2
    problem.votes[problem.period == 2, 5] = -2
    found = fit(problem)
    assert np.isnan(found.theta[4, 0, 0])
    assert np.isnan(found.theta[5, 2, 0])
    assert np.isfinite(found.theta[4, 1:]).all()
    assert (found.votes[4, 0], found.votes[5, 2]) == (0, 0)


def test_a_gap_is_bridged_and_more_uncertain_than_the_votes_around_it() -> None:
    problem = small()
    problem.votes[problem.period == 1, 4] = -2
    found = fit(problem)
    assert np.isfinite(found.theta[4, 1, 0])
    assert found.se[4, 1, 0] > found.se[np.arange(15) != 4, 1, 0].mean()


def test_absences_ignored_are_as_if_outside_and_abstentions_as_if_cast() -> None:
    problem = small()
    outside = replace(problem, votes=np.where(problem.votes < 0, -2, problem.votes).astype(np.int8))
    cast = replace(problem, votes=np.where(problem.votes < 0, 1, problem.votes).astype(np.int8))
    assert np.array_equal(fit(problem).theta, fit(outside).theta)
    assert np.array_equal(fit(problem, absences="abstain").theta, fit(cast).theta)


def test_modelled_absences_tell_of_ideal_points_where_states_stay_away_by_them() -> None:
    made = world(
        np.random.default_rng(11), states=60, periods=1, rollcalls=40, repeated=0, absent=0
    )
    rng = np.random.default_rng(12)
    theta = made.theta[0, :, 0]
    chance = 1 / (1 + np.exp(-(3 * theta * rng.choice([-1, 1], (40, 1)) - 1)))
    made.problem.votes[rng.random((40, 60)) < chance] = -1
    truth = (theta - theta.mean()) / theta.std()
    ignored = fit(made.problem).theta[:, 0, 0]
    modelled = fit(made.problem, absences="model").theta[:, 0, 0]
    assert np.abs(modelled - truth).mean() < 0.9 * np.abs(ignored - truth).mean()


def test_a_fit_cut_short_says_so() -> None:
    found = fit(small(), most_iterations=2)
    assert not found.is_converged
    assert found.iterations == 2


def test_the_blocks_of_the_inverse_are_those_that_solving_gives() -> None:
    layout, is_binary = lay_out_with(small(), "ignore")
    stage = steps.begin(layout, 1, 3, is_binary)
    for _ in range(8):
        stage = steps.advance(stage, is_exact=True)
    factored = eliminate(stage.posed, stage.sums, stage.at, 0.0, is_exact=True)
    blocks = np.concatenate([np.diag(block) for block in factored.point_covariances()])
    for cell in (0, 17, blocks.size - 1):
        push = Point(np.zeros_like(stage.at.mean), np.zeros_like(stage.at.items))
        push.mean[cell] = 1.0
        solved = unpack(layout, factored.solve(pack(layout, push)), stage.at)
        assert solved.mean[cell, 0] == pytest.approx(blocks[cell], rel=1e-9)


def test_standard_errors_are_those_of_the_whole_inverse() -> None:
    """Against a dense inverse of the curvature, by differences of the gradient.

    They differ by how the variances that votes are averaged over bend the bound, some 1 %.
    """
    layout, is_binary = lay_out_with(small(states=8, rollcalls=6), "ignore")
    stage = steps.begin(layout, 1, 3, is_binary)
    for _ in range(20):
        stage = steps.advance(stage, is_exact=True)
    posed, at, cells = stage.posed, stage.at, stage.at.mean.size
    flat = np.concatenate([at.mean.ravel(), at.items.ravel()])

    def gradient(x):
        to = Point(x[:cells].reshape(at.mean.shape), x[cells:].reshape(at.items.shape))
        found = posed.gradient(posed.sums(to), to)
        return np.concatenate([found.mean.ravel(), found.items.ravel()])

    step = 1e-5 * np.eye(flat.size)
    curvature = np.array([(gradient(flat - s) - gradient(flat + s)) / 2e-5 for s in step])
    covariance = np.linalg.inv((curvature + curvature.T) / 2)[:cells, :cells]
    seen = frame(layout, at, 0)
    shape = np.column_stack([np.ones(cells), at.mean - seen.centre])
    kept = shape * seen.used[:, None]
    rest = np.eye(cells) - shape @ np.linalg.inv(kept.T @ kept) @ kept.T
    expected = np.sqrt(np.diag(rest @ covariance @ rest.T)) * abs(seen.turn[0, 0])
    assert np.allclose(standard_errors(stage, seen)[:, 0], expected, rtol=0.03)


def test_an_items_prior_is_the_same_in_any_unit_and_place() -> None:
    layout, is_binary = lay_out_with(small(), "ignore")
    prior = item_priors.begin(is_binary)
    rng = np.random.default_rng(4)
    mean = rng.normal(size=(len(layout.trails), 1))
    items = rng.normal(size=(layout.items, 3))
    there = item_priors.pulls(prior, item_priors.among(layout, mean), items).penalty
    moved = items.copy()
    moved[:, 0] = items[:, 0] / 2
    moved[:, 1] = items[:, 1] + 3 * moved[:, 0]
    here = item_priors.pulls(prior, item_priors.among(layout, 2 * mean + 3), moved).penalty
    assert here == pytest.approx(there, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"votes": np.zeros((2, 3), np.int8)}, "need a period and an item"),
        ({"votes": np.full((36, 15), -1, np.int8)}, "no vote"),
        ({"votes": np.full((36, 15), 3, np.int8)}, "coded"),
        ({"period": np.full(36, -1)}, "numbered from 0"),
        ({"positive": 99}, "does not exist"),
    ],
)
def test_what_is_no_problem_is_refused(change, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        replace(small(), **change)


def test_dimensions_must_be_fewer_than_states() -> None:
    with pytest.raises(ModelError, match="dimensions"):
        fit(small(), dimensions=15)
