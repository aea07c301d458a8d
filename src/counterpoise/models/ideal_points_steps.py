"""The iterations: start, one Newton step with its safeguards, and the re-estimated priors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models import ideal_points_items as item_priors
from counterpoise.models import ideal_points_walk as walks
from counterpoise.models.ideal_points_newton import Point, Posed, eliminate, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_fronts import Elimination
    from counterpoise.models.ideal_points_layout import Layout
    from counterpoise.models.ideal_points_likelihood import Sums

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FURTHEST = 1.5
"""Largest move of an ideal point in one step, in units near a standard deviation."""

WIDEST = 1.0
"""Largest change of a log gap in one step."""

MOST_DAMPING = 1e6
SLACK = 1e-8
"""Share of the objective that rounding may take from a step."""

WARM_UP = 8
"""Steps of the items alone before ideal points move."""

START_VARIANCE = 0.05
NO_GAP = -50.0
"""Log gap of an item without abstention."""

OVERLAP = 10.0
"""Roll calls added to each pair's common ones, so that short acquaintance counts for little."""


@dataclass(frozen=True)
class Stage:
    """Where an iteration stands, and the damping that its last step needed."""

    posed: Posed
    at: Point
    sums: Sums
    damping: float
    bound: float


def begin(layout: Layout, dimensions: int, nodes: int, is_binary: Flags) -> Stage:
    """Starting values: constant ideal points from the states' correlations, items to suit."""
    prior = item_priors.begin(is_binary)
    cells = len(layout.trails)
    variance = np.tile(START_VARIANCE * np.eye(dimensions), (cells, 1, 1))
    smoothed = walks.Smoothed(variance, np.zeros_like(variance), 0.0)
    walk = walks.begin(layout.trails, dimensions)
    posed = Posed(layout, walk, prior, smoothed, nodes)
    items = np.zeros((layout.items, dimensions + 2))
    items[is_binary, -1] = NO_GAP
    at = Point(_correlated(layout, dimensions)[layout.trails.state], items)
    for _ in range(WARM_UP):
        at = _items_alone(posed, at)
    return settled_at(posed, at, 1e-2)


def _correlated(layout: Layout, dimensions: int) -> Array:
    """Leading eigenvectors of the states' correlations over all roll calls, (states, D)."""
    votes = layout.votes.astype(float)
    cast = votes >= 0
    count = np.maximum(cast.sum(axis=1, keepdims=True), 1)
    centred = np.where(cast, votes - (votes * cast).sum(axis=1, keepdims=True) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    scores = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0.1)
    together = cast.T.astype(float) @ cast + OVERLAP
    vectors = np.linalg.eigh(scores.T @ scores / together)[1][:, ::-1][:, :dimensions]
    return np.asarray(vectors / vectors.std(axis=0))


def _items_alone(posed: Posed, at: Point) -> Point:
    sums = posed.sums(at)
    slope = posed.gradient(sums, at).items
    information = posed.item_information(sums, at)
    step = np.linalg.solve(information, slope[:, :, None])[:, :, 0]
    return at._replace(items=at.items + np.clip(step, -WIDEST, WIDEST))


def advance(stage: Stage, *, is_exact: bool) -> Stage:
    """One Newton step that raises the objective, then new covariances and priors.

    Damping grows until the step succeeds. The exact curvature is used where it is positive.
    """
    posed, at, sums, damping = stage.posed, stage.at, stage.sums, stage.damping
    value = posed.objective(sums, at)
    while damping < MOST_DAMPING:
        trial = _tried(posed, sums, at, damping, is_exact=is_exact)
        if trial is not None:
            found = posed.sums(trial)
            if posed.objective(found, trial) >= value - SLACK * abs(value):
                return _settled(posed, trial, found, damping / 10)
        damping = max(damping, 1e-4) * 10
    return _settled(posed, at, sums, damping)


def _tried(posed: Posed, sums: Sums, at: Point, damping: float, *, is_exact: bool) -> Point | None:
    """Where a step leads; None if no curvature is positive with this damping."""
    factored = _factored(posed, sums, at, damping, is_exact=is_exact)
    if factored is None:
        return None
    step = factored.solve(pack(posed.layout, posed.gradient(sums, at)))
    move = unpack(posed.layout, step, at)
    share = min(1.0, FURTHEST / max(float(np.abs(move.mean).max()), 1e-12))
    items = at.items + share * move.items
    items[:, -1] = at.items[:, -1] + np.clip(share * move.items[:, -1], -WIDEST, WIDEST)
    return Point(at.mean + share * move.mean, items)


def _factored(
    posed: Posed, sums: Sums, at: Point, damping: float, *, is_exact: bool
) -> Elimination | None:
    for exact in (True, False) if is_exact else (False,):
        try:
            return eliminate(posed, sums, at, damping, is_exact=exact)
        except np.linalg.LinAlgError:
            continue
    return None


def _settled(posed: Posed, at: Point, sums: Sums, damping: float) -> Stage:
    """Re-estimate covariances, the walk and the items' prior, and keep the scale's unit."""
    trails = posed.layout.trails
    smoothed = walks.smooth(posed.precision, trails, sums.cell_information)
    spread = np.asarray(np.linalg.inv(posed.item_information(sums, at)), dtype=float)
    prior = item_priors.update(posed.prior, posed.pulls(at)[0], at.items, spread)
    walk = walks.update(posed.walk, trails, at.mean, smoothed)
    factor = walks.unit(trails, at.mean, smoothed)
    items = at.items.copy()
    items[:, :-2] *= factor
    least = LEAST_DAMPING if at.mean.shape[1] == 1 else LEAST_DAMPING_TURNING
    return settled_at(
        replace(
            posed,
            walk=walks.rescale(walk, factor),
            prior=prior,
            smoothed=_rescaled(smoothed, factor),
        ),
        Point(at.mean / factor, items),
        max(damping, least),
    )


LEAST_DAMPING = 1e-9
LEAST_DAMPING_TURNING = 1e-6
"""With several dimensions nothing resists a rotation, so some damping stays."""


def _rescaled(smoothed: walks.Smoothed, factor: float) -> walks.Smoothed:
    return smoothed._replace(variance=smoothed.variance / factor**2, lag=smoothed.lag / factor**2)


def settled_at(posed: Posed, at: Point, damping: float) -> Stage:
    """Covariances of the ideal points under the priors as they now stand, and the bound."""
    first = posed.sums(at)
    smoothed = walks.smooth(posed.precision, posed.layout.trails, first.cell_information)
    posed = replace(posed, smoothed=smoothed)
    sums = posed.sums(at)
    return Stage(posed, at, sums, damping, _bound(posed, sums, at))


def _bound(posed: Posed, sums: Sums, at: Point) -> float:
    """Lower bound of the log marginal likelihood of the votes, less the items' penalties."""
    trails, prior, smoothed = posed.layout.trails, posed.precision, posed.smoothed
    cells, size = at.mean.shape
    held = np.trace(smoothed.variance, axis1=1, axis2=2) @ posed.stiffness
    steps = trails.steps
    tie = (prior.hold * prior.link)[steps]
    held -= 2 * np.trace(smoothed.lag[steps], axis1=1, axis2=2) @ tie
    entry = prior.entry[trails.before < 0]
    precisions = size * (np.log(entry).sum() + np.log(prior.link[steps]).sum())
    entropy = cells * size - smoothed.log_determinant
    known = posed.prior
    spread = len(at.items) * (size * np.log(known.slope_variance) + np.log(known.centre_variance))
    spread += (~known.is_binary).sum() * np.log(known.gap_variance)
    return posed.objective(sums, at) + float(precisions + entropy - held - spread) / 2
