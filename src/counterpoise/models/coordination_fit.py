"""Ideal points and items of one short window: a static ordinal item response, at its mode.

A vote is *no*, *abstain* or *yes*: P(no) = σ(lower − β·θ), P(yes) = σ(β·θ − upper), with lower <
upper. Ideal points θ are normal with unit variance in every dimension, so the axes turn freely and
only predictions mean anything. The log likelihood is concave in the items for fixed ideal points
and in the ideal points for fixed items; Newton's steps take turns.

Model: ordered logit item response (Samejima 1969; Bailey, Strezhnev & Voeten 2017). Dense arrays:
a window has some 190 states and 400 roll calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Votes = NDArray[np.int8]
    Ints = NDArray[np.int64]

NO, ABSTAIN, YES, ABSENT = 0, 1, 2, -1

SLOPE_VARIANCE, CENTRE_VARIANCE = 4.0, 16.0
GAP_SHAPE, GAP_RATE = 1.0, 0.5
"""Prior of a gap between the cut points: log density GAP_SHAPE · log h − GAP_RATE · h."""

SMALLEST_GAP = 1e-3
LONGEST_STEP = 1.5
HALVINGS = 4
POLISH = 3
"""Last steps of the items alone, so that their gradients vanish."""


@dataclass(frozen=True)
class Window:
    """Roll calls of one window.

    ``votes`` (states, rollcalls) NO 0, ABSTAIN 1, YES 2, ABSENT −1; ``weight`` (rollcalls,) what
    each counts in the likelihood, less than 1 where several are parts or repeats of one.
    """

    votes: Votes
    weight: Array

    def __post_init__(self) -> None:
        if self.votes.ndim != 2 or self.weight.shape != (self.votes.shape[1],):
            raise ModelError(
                f"votes of shape {self.votes.shape} need one weight for each roll call; "
                f"there are {self.weight.size}."
            )
        if not (self.votes >= 0).any():
            raise ModelError("There is no vote to fit ideal points to.")


class Slopes(NamedTuple):
    """Derivatives of each vote's log likelihood in its two cut points, (states, rollcalls) each.

    First derivatives ``lower`` and ``upper``; minus second derivatives ``ll``, ``uu``, ``lu``.
    """

    lower: Array
    upper: Array
    ll: Array
    uu: Array
    lu: Array


@dataclass(frozen=True)
class Fit:
    """``theta`` (states, D), ``items`` (rollcalls, D + 2): slopes, then lower and upper cut point.

    ``information`` (rollcalls, D + 2, D + 2) of each item, prior included; ``change`` the root
    mean square move of the ideal points in the last round.
    """

    theta: Array
    items: Array
    information: Array
    slopes: Slopes
    rounds: int
    change: float

    @property
    def dimensions(self) -> int:
        """Number of dimensions."""
        return int(self.theta.shape[1])


def logistic(x: Array) -> Array:
    """1 / (1 + exp(−x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def fit(
    window: Window, dimensions: int = 2, *, tolerance: float = 2e-3, most_rounds: int = 80
) -> Fit:
    """Fit ideal points and items at the mode of their joint density.

    Raises
    ------
    ModelError : an impossible number of dimensions.
    """
    if not 1 <= dimensions < min(window.votes.shape):
        raise ModelError(f"{dimensions} dimensions for votes of shape {window.votes.shape}.")
    theta, items = start(window, dimensions)
    change, done = np.inf, 0
    while change >= tolerance and done < most_rounds:
        items = climb_items(window, theta, items)
        before, theta = theta, climb_points(window, theta, items)
        change, done = float(np.sqrt(((theta - before) ** 2).mean())), done + 1
    for _ in range(POLISH):
        items = climb_items(window, theta, items)
    found = slopes(window, theta, items)
    return Fit(theta, items, information(window, theta, items, found), found, done, change)


def start(window: Window, dimensions: int) -> tuple[Array, Array]:
    """Ideal points from the leading singular vectors of the votes, and items to go with them."""
    voted = window.votes >= 0
    level = np.where(voted, window.votes, 0).astype(float)
    mean = level.sum(axis=0) / np.maximum(voted.sum(axis=0), 1)
    centred = np.where(voted, level - mean, 0.0) * np.sqrt(window.weight)
    left, size, _ = np.linalg.svd(centred, full_matrices=False)
    theta = left[:, :dimensions] * np.sign(left[:, :dimensions].sum(axis=0) + 1e-12)
    theta = theta * np.sqrt(len(theta)) * (size[:dimensions] / size[0]) ** 0.5
    counts = np.stack([(window.votes == v).sum(axis=0) for v in (NO, ABSTAIN, YES)]) + 0.5
    share = counts / counts.sum(axis=0)
    lower = np.log(share[0] / (1 - share[0]))
    upper = np.log((1 - share[2]) / share[2])
    zeros = np.zeros((window.votes.shape[1], dimensions))
    return theta, np.column_stack([zeros, lower, np.maximum(upper, lower + 0.05)])


def slopes(window: Window, theta: Array, items: Array) -> Slopes:
    """Derivatives of the weighted log likelihood in each vote's cut points."""
    size = theta.shape[1]
    eta = theta @ items[:, :size].T
    low, up = logistic(items[:, size] - eta), logistic(items[:, size + 1] - eta)
    gap = np.maximum(items[:, size + 1] - items[:, size], SMALLEST_GAP)
    pull = 1 / np.expm1(gap)
    bend = pull * (1 + pull)
    no, abstain, yes = ((window.votes == v) * window.weight for v in (NO, ABSTAIN, YES))
    return Slopes(
        lower=no * (1 - low) - abstain * (low + pull),
        upper=abstain * (1 - up + pull) - yes * up,
        ll=(no + abstain) * low * (1 - low) + abstain * bend,
        uu=(yes + abstain) * up * (1 - up) + abstain * bend,
        lu=-abstain * bend,
    )


def item_step(window: Window, theta: Array, items: Array) -> Array:
    """Newton's step of every item, kept short and with the lower cut point below the upper."""
    size = theta.shape[1]
    found = slopes(window, theta, items)
    ahead = np.column_stack(
        [-(found.lower + found.upper).T @ theta, found.lower.sum(axis=0), found.upper.sum(axis=0)]
    )
    ahead += _prior_slope(items, size)
    step = np.linalg.solve(information(window, theta, items, found), ahead[:, :, None])[:, :, 0]
    step *= np.minimum(1, 2 * LONGEST_STEP / np.maximum(np.abs(step).max(axis=1), 1e-12))[:, None]
    gap = items[:, size + 1] - items[:, size]
    closing = step[:, size] - step[:, size + 1]
    room = np.where(closing > 0.8 * gap, 0.8 * gap / np.maximum(closing, 1e-12), 1.0)
    return np.asarray(step * room[:, None])


def _prior_slope(items: Array, size: int) -> Array:
    gap = np.maximum(items[:, size + 1] - items[:, size], SMALLEST_GAP)
    centre = (items[:, size] + items[:, size + 1]) / 2 / CENTRE_VARIANCE / 2
    push = GAP_SHAPE / gap - GAP_RATE
    return np.column_stack([-items[:, :size] / SLOPE_VARIANCE, -centre - push, -centre + push])


def information(window: Window, theta: Array, items: Array, found: Slopes) -> Array:
    """Curvature of each item, (rollcalls, D + 2, D + 2), prior included."""
    size = theta.shape[1]
    both = found.ll + found.uu + 2 * found.lu
    whole = np.zeros((items.shape[0], size + 2, size + 2))
    squares = (theta[:, :, None] * theta[:, None, :]).reshape(len(theta), -1)
    whole[:, :size, :size] = (both.T @ squares).reshape(-1, size, size)
    for place, part in ((size, found.ll + found.lu), (size + 1, found.uu + found.lu)):
        whole[:, :size, place] = whole[:, place, :size] = -part.T @ theta
    whole[:, size, size] = found.ll.sum(axis=0)
    whole[:, size + 1, size + 1] = found.uu.sum(axis=0)
    whole[:, size, size + 1] = whole[:, size + 1, size] = found.lu.sum(axis=0)
    return whole + _prior_curvature(items, size)


def _prior_curvature(items: Array, size: int) -> Array:
    gap = np.maximum(items[:, size + 1] - items[:, size], SMALLEST_GAP)
    bend, level = GAP_SHAPE / gap**2, 1 / CENTRE_VARIANCE / 4
    found = np.zeros((len(items), size + 2, size + 2))
    found[:, range(size), range(size)] = 1 / SLOPE_VARIANCE
    found[:, size, size] = found[:, size + 1, size + 1] = level + bend
    found[:, size, size + 1] = found[:, size + 1, size] = level - bend
    return found


def climb_items(window: Window, theta: Array, items: Array) -> Array:
    """One step of every item, halved until its own density does not fall."""
    step = item_step(window, theta, items)
    level = _item_density(window, theta, items)
    for _ in range(HALVINGS):
        fell = _item_density(window, theta, items + step) < level - 1e-9
        if not fell.any():
            break
        step[fell] /= 2
    return items + step


def climb_points(window: Window, theta: Array, items: Array) -> Array:
    """One step of every ideal point, halved until its own density does not fall."""
    step = point_step(window, theta, items)
    level = _point_density(window, theta, items)
    for _ in range(HALVINGS):
        fell = _point_density(window, theta + step, items) < level - 1e-9
        if not fell.any():
            break
        step[fell] /= 2
    return theta + step


def log_likelihoods(window: Window, theta: Array, items: Array) -> Array:
    """Weighted log likelihood of every vote, (states, rollcalls); 0 where there is none."""
    size = theta.shape[1]
    eta = theta @ items[:, :size].T
    low, up = items[:, size] - eta, items[:, size + 1] - eta
    gap = np.maximum(items[:, size + 1] - items[:, size], SMALLEST_GAP)
    of_no, of_yes = -np.logaddexp(0, -low), -np.logaddexp(0, up)
    between = -np.logaddexp(0, -up) - np.logaddexp(0, low) + np.log1p(-np.exp(-gap))
    told = np.select([window.votes == v for v in (NO, ABSTAIN, YES)], [of_no, between, of_yes], 0.0)
    return np.asarray(told * window.weight)


def _item_density(window: Window, theta: Array, items: Array) -> Array:
    size = theta.shape[1]
    gap = np.maximum(items[:, size + 1] - items[:, size], SMALLEST_GAP)
    centre = (items[:, size] + items[:, size + 1]) / 2
    prior = -((items[:, :size] ** 2).sum(axis=1) / SLOPE_VARIANCE + centre**2 / CENTRE_VARIANCE) / 2
    prior += GAP_SHAPE * np.log(gap) - GAP_RATE * gap
    return np.asarray(log_likelihoods(window, theta, items).sum(axis=0) + prior)


def _point_density(window: Window, theta: Array, items: Array) -> Array:
    told = log_likelihoods(window, theta, items).sum(axis=1)
    return np.asarray(told - (theta**2).sum(axis=1) / 2)


def point_step(window: Window, theta: Array, items: Array) -> Array:
    """Newton's step of every ideal point, (states, D), none longer than 1.5."""
    size = theta.shape[1]
    beta = items[:, :size]
    found = slopes(window, theta, items)
    ahead = -(found.lower + found.upper) @ beta - theta
    both = found.ll + found.uu + 2 * found.lu
    squares = (beta[:, :, None] * beta[:, None, :]).reshape(len(beta), -1)
    curved = (both @ squares).reshape(-1, size, size) + np.eye(size)
    step = np.linalg.solve(curved, ahead[:, :, None])[:, :, 0]
    longest = np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-12)
    return np.asarray(step * np.minimum(1, LONGEST_STEP / longest))


def points(
    window: Window, items: Array, begin: Array, *, most_rounds: int = 25
) -> tuple[Array, Array]:
    """Ideal points, (states, D), and their covariances, (states, D, D), for given items."""
    theta, size = begin, begin.shape[1]
    for _ in range(most_rounds):
        before, theta = theta, climb_points(window, theta, items)
        if np.abs(theta - before).max() < 1e-6:
            break
    found = slopes(window, theta, items)
    beta = items[:, :size]
    squares = (beta[:, :, None] * beta[:, None, :]).reshape(len(beta), -1)
    both = found.ll + found.uu + 2 * found.lu
    curved = (both @ squares).reshape(-1, size, size) + np.eye(size)
    return theta, np.asarray(np.linalg.inv(curved), dtype=np.float64)


def probabilities(theta: Array, covariance: Array, items: Array) -> Array:
    """P(no), P(abstain), P(yes) of every state on every roll call, (3, states, rollcalls).

    The uncertainty of the ideal points is integrated out by shrinking the predictor, as in
    MacKay (1992).
    """
    size = theta.shape[1]
    beta = items[:, :size]
    spread = np.einsum("kd,ide,ke->ik", beta, covariance, beta)
    scale = np.sqrt(1 + np.pi / 8 * spread)
    eta = theta @ beta.T
    no = logistic((items[:, size] - eta) / scale)
    yes = logistic((eta - items[:, size + 1]) / scale)
    return np.stack([no, np.maximum(1 - no - yes, 0.0), yes])


def held_out_log_likelihood(window: Window, hidden: NDArray[np.bool_], dimensions: int) -> float:
    """Mean log likelihood of hidden votes, (states, rollcalls) flags, under a fit to the others."""
    seen = Window(np.where(hidden, np.int8(ABSENT), window.votes), window.weight)
    found = fit(seen, dimensions, tolerance=1e-2, most_rounds=40)
    theta, covariance = points(seen, found.items, found.theta, most_rounds=3)
    chance = probabilities(theta, covariance, found.items)
    asked = hidden & (window.votes >= 0)
    of_vote = np.take_along_axis(chance, np.maximum(window.votes, 0)[None].astype(np.int64), 0)[0]
    weight = np.broadcast_to(window.weight, asked.shape)[asked]
    return float((np.log(np.maximum(of_vote[asked], 1e-9)) * weight).sum() / weight.sum())


def choose_dimensions(
    window: Window,
    cluster: Ints,
    rng: np.random.Generator,
    *,
    fewest: int = 2,
    most: int = 4,
    share: float = 0.1,
) -> tuple[int, Array]:
    """Number of dimensions that foretells hidden votes best, and each one's log likelihood.

    For every state a share of the clusters of roll calls is hidden, each as a whole: a paragraph
    of a resolution that was hidden would else be foretold by the next one.
    """
    names, place = np.unique(cluster, return_inverse=True)
    hidden = (rng.random((len(window.votes), names.size)) < share)[:, place]
    told = np.array([held_out_log_likelihood(window, hidden, d) for d in range(fewest, most + 1)])
    return fewest + int(told.argmax()), told
