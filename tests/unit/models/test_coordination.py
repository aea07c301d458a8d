"""Residual coordination on simulated votes: derivatives, leaving a group out, what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from counterpoise.errors import ModelError
from counterpoise.models import coordination, coordination_fit
from counterpoise.models import coordination_worlds as worlds
from counterpoise.models.coordination_fit import ABSENT, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATES, ROLLCALLS, TARGET = 80, 160, 0


def simulated(seed: int, line: float = 0.0, group: tuple[int, ...] = ()) -> Window:
    """Two dimensions; state 0 at one end; a group follows a common line with some probability."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(STATES, 2))
    theta[TARGET] = (3.0, 0.0)
    slope = np.column_stack([-rng.lognormal(0.4, 0.4, ROLLCALLS), rng.normal(size=ROLLCALLS)])
    lower = rng.normal(-1, 1, ROLLCALLS)
    value = theta @ slope.T + rng.logistic(size=(STATES, ROLLCALLS))
    votes = np.where(value < lower, 0, np.where(value > lower + 0.7, 2, 1)).astype(np.int8)
    common = votes[rng.choice(group, size=ROLLCALLS), range(ROLLCALLS)] if group else None
    for member in group:
        follows = rng.random(ROLLCALLS) < line
        votes[member, follows] = common[follows]
    votes[rng.random(votes.shape) < 0.1] = ABSENT
    return Window(votes, np.ones(ROLLCALLS))


def seen_from_target(window: Window, size: int = 2) -> coordination.Trial:
    fit = coordination_fit.fit(window, size, tolerance=1e-3)
    return coordination.trial(window, np.arange(ROLLCALLS), fit, TARGET)


def test_derivatives_are_those_of_the_likelihood() -> None:
    window = simulated(1)
    rng = np.random.default_rng(2)
    theta = rng.normal(size=(STATES, 2))
    items = np.column_stack([rng.normal(size=(ROLLCALLS, 2)), np.full(ROLLCALLS, -0.5)])
    items = np.column_stack([items, np.full(ROLLCALLS, 0.4)])
    found = coordination_fit.slopes(window, theta, items)

    def told(lower: float, upper: float) -> NDArray[np.float64]:
        moved = items + np.array([0, 0, lower, upper])
        return coordination_fit.log_likelihoods(window, theta, moved)

    h = 1e-4
    assert np.allclose(found.lower, (told(h, 0) - told(-h, 0)) / (2 * h), atol=1e-6)
    assert np.allclose(found.upper, (told(0, h) - told(0, -h)) / (2 * h), atol=1e-6)
    second = (told(h, h) - told(h, -h) - told(-h, h) + told(-h, -h)) / (4 * h * h)
    assert np.allclose(found.lu, -second, atol=1e-5)
    assert np.allclose(found.ll, -(told(h, 0) - 2 * told(0, 0) + told(-h, 0)) / h**2, atol=1e-5)


def test_the_fit_is_a_mode() -> None:
    found = coordination_fit.fit(window := simulated(3), 2, tolerance=1e-4, most_rounds=400)
    assert found.change < 1e-4
    assert np.abs(coordination_fit.item_step(window, found.theta, found.items)).max() < 1e-6
    assert np.abs(coordination_fit.point_step(window, found.theta, found.items)).max() < 1e-2


def test_ideal_points_are_recovered_up_to_a_turn() -> None:
    theta = np.random.default_rng(4).normal(size=(STATES, 2))
    found = coordination_fit.fit(simulated(4), 2)
    theta[TARGET] = (3.0, 0.0)
    explained = np.linalg.lstsq(np.column_stack([found.theta, np.ones(STATES)]), theta)[1]
    assert (1 - explained / ((theta - theta.mean(axis=0)) ** 2).sum(axis=0) > (0.9, 0.75)).all()


def test_hidden_votes_choose_the_true_number_of_dimensions() -> None:
    window = simulated(5)
    chosen, told = coordination_fit.choose_dimensions(
        window, np.arange(ROLLCALLS), np.random.default_rng(6), fewest=1, most=4
    )
    assert chosen == 2
    assert told.shape == (4,)


def refitted(window: Window, group: list[int]) -> coordination.Trial:
    """The same window with the group's votes struck out of the fit of the items."""
    votes = window.votes.copy()
    votes[group] = ABSENT
    bare = coordination_fit.fit(Window(votes, window.weight), 2, tolerance=1e-4, most_rounds=400)
    theta, _ = coordination_fit.points(window, bare.items, bare.theta)
    silent = coordination_fit.slopes(Window(votes, window.weight), bare.theta, bare.items)
    whole = coordination_fit.Fit(theta, bare.items, bare.information, silent, 0, 0.0)
    return coordination.trial(window, np.arange(ROLLCALLS), whole, TARGET)


def left_in(seen: coordination.Trial) -> coordination.Trial:
    """The same trial with nothing to take out of the items."""
    fit = seen.fit
    none = coordination_fit.Slopes(*(np.zeros_like(part) for part in fit.slopes))
    kept = coordination_fit.Fit(fit.theta, fit.items, fit.information, none, 0, 0.0)
    return coordination.trial(seen.window, seen.cluster, kept, seen.target)


@pytest.mark.parametrize("size", [3, 6, 12])
def test_one_step_out_of_the_items_is_a_fit_without_the_group(size: int) -> None:
    """Residuals of eight groups: the step's and the exact refit's agree; leaving in halves them."""
    rng = np.random.default_rng(size)
    coordinated = tuple(range(1, size + 1))
    window = simulated(7, 0.5, coordinated)
    stepped = seen_from_target(window)
    groups = [list(coordinated)]
    groups += [rng.choice(np.arange(1, STATES), size, replace=False).tolist() for _ in range(7)]
    quick = coordination.measure(stepped, np.array(groups)).residual
    exact = np.array(
        [coordination.measure(refitted(window, g), np.array([g])).residual[0] for g in groups]
    )
    assert np.abs(quick - exact).max() < 0.008
    assert quick[0] == pytest.approx(exact[0], rel=0.07)
    assert np.corrcoef(quick, exact)[0, 1] > 0.999
    kept = coordination.measure(left_in(stepped), np.array(groups)).residual
    assert kept[0] < 0.9 * exact[0]
    assert kept.mean() < exact.mean() - 0.005


def test_a_planted_line_is_found_and_votes_at_will_are_not() -> None:
    group = np.array([[4, 9, 17, 23, 40]])
    planted = coordination.measure(seen_from_target(simulated(8, 0.6, tuple(group[0]))), group)
    free = coordination.measure(seen_from_target(simulated(8)), group)
    assert planted.residual[0] > 0.1
    assert planted.residual[0] > 4 * planted.error[0]
    assert abs(free.residual[0]) < 3 * free.error[0] + 0.01


def test_roll_calls_of_one_cluster_count_once() -> None:
    """Every roll call listed twice: the same figures, from as many clusters."""
    window = simulated(9)
    twice = Window(np.repeat(window.votes, 2, axis=1), np.full(2 * ROLLCALLS, 0.5))
    group = np.array([[3, 5, 8]])
    once = coordination.measure(seen_from_target(window), group)
    fit = coordination_fit.fit(window, 2, tolerance=1e-3)
    doubled = coordination_fit.Fit(
        fit.theta, np.repeat(fit.items, 2, axis=0), np.repeat(fit.information, 2, axis=0),
        coordination_fit.slopes(twice, fit.theta, np.repeat(fit.items, 2, axis=0)), 0, 0.0,
    )  # fmt: skip
    # Half of each vote weighs on an item twice, so that each half's curvature is its own.
    seen = coordination.trial(twice, np.repeat(np.arange(ROLLCALLS), 2), doubled, TARGET)
    found = coordination.measure(seen, group)
    assert found.clusters[0] == once.clusters[0]
    assert found.rollcalls[0] == 2 * once.rollcalls[0]
    assert found.residual[0] == pytest.approx(once.residual[0], abs=0.01)
    assert found.agreement[0] == pytest.approx(once.agreement[0], abs=1e-12)


def test_the_groups_own_votes_choose_no_roll_call() -> None:
    """Turning every vote of the group around changes the votes tested in no way."""
    window = simulated(10)
    group = [3, 5, 8, 13]
    turned = window.votes.copy()
    cast = turned[group] >= 0
    turned[group] = np.where(cast, 2 - turned[group], turned[group])
    fit = coordination_fit.fit(window, 2)
    counts = []
    for votes in (window.votes, turned):
        seen = coordination.trial(Window(votes, window.weight), np.arange(ROLLCALLS), fit, TARGET)
        counts.append(coordination.measure(seen, np.array([group])).rollcalls[0])
    assert counts[0] == counts[1] > 20


def test_matched_groups_resemble_and_repeat() -> None:
    theta = np.random.default_rng(11).normal(size=(STATES, 2))
    region, caucus = np.arange(STATES) % 4, (np.arange(STATES) % 8 < 2)[:, None]
    members = [2, 6, 9, 30]
    theta[50] = np.nan
    ready = coordination.alike(theta, members, region, caucus, coordination.Likeness())
    assert (ready[:, 50] == 0).all()
    drawn = coordination.draw(ready, members, 300, np.random.default_rng(12), share=0.5)
    again = coordination.draw(ready, members, 300, np.random.default_rng(12), share=0.5)
    assert (drawn == again).all()
    assert all(len(set(row)) == 4 for row in drawn.tolist())
    assert np.isin(drawn, members).sum(axis=1).max() <= 2
    assert (region[drawn] == region[members]).mean() > 0.6
    apart = np.abs(theta[drawn] - theta[members]).mean()
    assert apart < np.abs(np.nan_to_num(theta)[:, None] - theta[members]).mean() / 1.3


def test_in_a_simulated_assembly_a_line_is_found_and_preferences_are_not() -> None:
    rng = np.random.default_rng(15)
    setting = worlds.SETTINGS[-1]
    of = worlds.world(setting, rng)
    group = worlds.group(of, "of the world", 6, rng)
    planted = worlds.seen(of, worlds.cast(of, rng, group, 0.7))
    assert worlds.p_value(of, planted, group, 99, rng) <= 0.02
    free = worlds.seen(of, worlds.cast(of, rng))
    drawn = [worlds.group(of, kind, 4, rng) for kind in worlds.KINDS for _ in range(10)]
    found = np.array([worlds.p_value(of, free, g, 59, rng) for g in drawn])
    assert 0.3 < found.mean() < 0.7
    assert (found <= 0.05).mean() < 0.25


def test_groups_without_enough_states_are_unknown() -> None:
    seen = seen_from_target(simulated(13))
    found = coordination.measure(seen, np.array([[3, -1], [3, 4]]))
    assert np.isnan(found.residual[0])
    assert np.isfinite(found.residual[1])


def test_what_does_not_fit_is_refused() -> None:
    window = simulated(14)
    with pytest.raises(ModelError, match="one weight"):
        Window(window.votes, np.ones(3))
    with pytest.raises(ModelError, match="no vote"):
        Window(np.full((3, 4), ABSENT, dtype=np.int8), np.ones(4))
    with pytest.raises(ModelError, match="dimensions"):
        coordination_fit.fit(window, 0)
    fit = coordination_fit.fit(window, 1)
    with pytest.raises(ModelError, match="Target"):
        coordination.trial(window, np.arange(ROLLCALLS), fit, STATES)
