"""One Newton step in all ideal points and items together, and what it says of their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from counterpoise.models import ideal_points_items as item_prior
from counterpoise.models import ideal_points_walk as walks
from counterpoise.models.ideal_points_fronts import Elimination, Right, Slice
from counterpoise.models.ideal_points_likelihood import Sums, expected_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_items import ItemPrior
    from counterpoise.models.ideal_points_layout import Layout, Sitting
    from counterpoise.models.ideal_points_walk import Precision, Smoothed, Walk

    Array = NDArray[np.float64]


class Point(NamedTuple):
    """Where the fit stands: mean ideal points (cells, D) and items (items, D + 2) as (β, c, δ)."""

    mean: Array
    items: Array


@dataclass(frozen=True)
class Posed:
    """The problem at one moment: layout, priors, nodes of integration, cells' covariances."""

    layout: Layout
    walk: Walk
    prior: ItemPrior
    smoothed: Smoothed
    nodes: int

    @cached_property
    def precision(self) -> Precision:
        """The walk written out for every cell."""
        return walks.precision(self.walk, self.layout.trails)

    @cached_property
    def stiffness(self) -> Array:
        """The walk's own curvature at every cell, (cells,)."""
        return walks.diagonal(self.precision, self.layout.trails)

    def sums(self, at: Point) -> Sums:
        """Expected log likelihood and derivatives at a point."""
        lay = self.layout
        return expected_sums(
            lay.votes,
            lay.offset,
            lay.cell,
            lay.first,
            at.items[lay.item],
            at.mean,
            self.smoothed.variance,
            self.nodes,
        )

    def pulls(self, at: Point) -> tuple[item_prior.Among, item_prior.Pulls]:
        """The items' prior at a point."""
        met = item_prior.among(self.layout, at.mean)
        return met, item_prior.pulls(self.prior, met, at.items)

    def objective(self, sums: Sums, at: Point) -> float:
        """What a step must raise: expected log likelihood less all penalties."""
        walked = walks.penalty(self.precision, self.layout.trails, at.mean)
        return float(sums.log_likelihood.sum() - walked - self.pulls(at)[1].penalty)

    def gradient(self, sums: Sums, at: Point) -> Point:
        """Slope of the objective in ideal points and items."""
        pulled = self.pulls(at)[1]
        mean = sums.cell_score - walks.pull(self.precision, self.layout.trails, at.mean)
        mean -= item_prior.point_pull(self.layout, self.prior, pulled.off, at.mean, at.items)
        items = np.zeros_like(at.items)
        np.add.at(items, self.layout.item, sums.item_score)
        return Point(mean, items - pulled.items)

    def item_information(self, sums: Sums, at: Point) -> Array:
        """Curvature of each item alone, (items, D + 2, D + 2), its prior included."""
        found = np.zeros((len(at.items), *sums.item_information.shape[1:]))
        np.add.at(found, self.layout.item, sums.item_information)
        slope = np.zeros(len(at.items))
        np.add.at(slope, self.layout.item, -sums.item_score[:, -1])
        found[:, -1, -1] += np.maximum(slope, 0)
        return found + self.pulls(at)[1].curvature


def eliminate(
    posed: Posed, sums: Sums, at: Point, damping: float, *, is_exact: bool
) -> Elimination:
    """Factor the curvature at a point.

    ``damping`` is added as a share of the diagonal. Without ``is_exact`` the curvature is
    Gauss–Newton, hence positive wherever the point lies.

    Raises
    ------
    numpy.linalg.LinAlgError : the exact curvature is not positive definite here.
    """
    pulled = posed.pulls(at)[1]
    slices = [
        _slice(posed, sums, at, pulled, sitting, damping, is_exact)
        for sitting in posed.layout.sittings
    ]
    return Elimination(slices, posed.layout.carried.size, at.mean.shape[1])


def _slice(
    posed: Posed,
    sums: Sums,
    at: Point,
    pulled: item_prior.Pulls,
    sitting: Sitting,
    damping: float,
    is_exact: bool,
) -> Slice:
    own = _own(posed, sums, at, sitting)
    cross, items = _cross(sums, at, posed.layout.item, sitting, is_exact)
    new = sitting.is_new
    items[new] += pulled.curvature[sitting.items[new]]
    mean = at.mean[sitting.cells]
    cross[new] += item_prior.cross_curvature(
        sitting, posed.prior, pulled.off, mean, at.items, is_exact=is_exact
    ).reshape(cross[new].shape)
    own[np.diag_indices_from(own)] *= 1 + damping
    every = np.arange(items.shape[1])
    items[:, every, every] *= 1 + damping
    local, prior = sitting.is_local, posed.precision
    return Slice(
        own,
        sitting.ahead,
        (prior.hold * prior.link)[sitting.cells],
        items[local],
        cross[local],
        sitting.carried,
        items[~local],
        cross[~local],
    )


def _own(posed: Posed, sums: Sums, at: Point, sitting: Sitting) -> Array:
    """Curvature in one period's ideal points, (nD, nD)."""
    n, size = at.mean[sitting.cells].shape
    own = item_prior.point_curvature(sitting, posed.prior, at.items, n)
    every = np.arange(n)
    own[every, :, every, :] += sums.cell_information[sitting.cells]
    for d in range(size):
        own[every, d, every, d] += posed.stiffness[sitting.cells]
    return own.reshape(n * size, n * size)


def _cross(
    sums: Sums, at: Point, item: NDArray[np.int64], sitting: Sitting, is_exact: bool
) -> tuple[Array, Array]:
    """Curvature between items and ideal points, (u, P, nD), and of items, (u, P, P)."""
    rollcalls, size = sitting.rollcalls, at.mean.shape[1]
    beta, mean = at.items[item[rollcalls], :size], at.mean[sitting.cells]
    weight = sums.weight[rollcalls][:, sitting.states]
    pulled = weight[:, :, None] * beta[:, None, :]
    found = np.empty((len(beta), size + 2, *mean.shape))
    found[:, :size] = mean.T[None, :, :, None] * pulled[:, None]
    found[:, size] = -pulled
    found[:, size + 1] = sums.weight_gap[rollcalls][:, sitting.states, None] * beta[:, None, :]
    items = sums.item_information[rollcalls].copy()
    slope = -sums.item_score[rollcalls, -1]
    items[:, -1, -1] += slope if is_exact else np.maximum(slope, 0)
    if is_exact:
        score = sums.score[rollcalls][:, sitting.states]
        for d in range(size):
            found[:, d, :, d] -= score
    flat = found.reshape(len(beta), size + 2, -1)
    return _by_item(flat, sitting), _by_item(items, sitting)


def _by_item(values: Array, sitting: Sitting) -> Array:
    total = np.zeros((sitting.items.size, *values.shape[1:]))
    np.add.at(total, sitting.place, values)
    return total


def pack(layout: Layout, at: Point) -> Right:
    """Ideal points and items as the elimination takes them."""
    return Right(
        [at.mean[s.cells].ravel() for s in layout.sittings],
        [at.items[s.items[s.is_local]] for s in layout.sittings],
        at.items[layout.carried],
    )


def unpack(layout: Layout, right: Right, at: Point) -> Point:
    """The reverse of ``pack``; ``at`` gives the shapes."""
    items = np.zeros_like(at.items)
    items[layout.carried] = right.carried
    for sitting, local in zip(layout.sittings, right.local, strict=True):
        items[sitting.items[sitting.is_local]] = local
    return Point(np.concatenate(right.points).reshape(at.mean.shape), items)
