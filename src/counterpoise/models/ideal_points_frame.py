"""The frame in which ideal points are told: centre, unit, axes and sign, and errors within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.ideal_points_newton import Point, eliminate, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_fronts import Elimination
    from counterpoise.models.ideal_points_layout import Layout
    from counterpoise.models.ideal_points_steps import Stage

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """z = (θ − centre) @ turn; ``used`` (cells,) marks ideal points with a vote."""

    centre: Array
    turn: Array
    used: Flags

    def points(self, mean: Array) -> Array:
        """Ideal points in the frame."""
        return (mean - self.centre) @ self.turn

    def items(self, items: Array) -> tuple[Array, Array, Array]:
        """Discriminations (items, D), lower and upper cut points (items,) in the frame."""
        beta, half = items[:, :-2], np.exp(items[:, -1]) / 2
        centre = items[:, -2] - beta @ self.centre
        turned = np.asarray(np.linalg.solve(self.turn, beta.T).T, dtype=float)
        return turned, centre - half, centre + half


def frame(layout: Layout, at: Point, positive: int) -> Frame:
    """Mean 0, standard deviation 1, uncorrelated; most telling dimension first; one state positive.

    A dimension tells votes apart by the squares of its discriminations.
    """
    trails = layout.trails
    used = layout.cast[trails.period, trails.state] > 0
    centre = at.mean[used].mean(axis=0)
    spread = np.cov(at.mean[used].T, bias=True).reshape(at.mean.shape[1], -1)
    root = np.linalg.cholesky(spread + 1e-12 * np.eye(len(spread)))
    whiten = np.linalg.inv(root).T
    beta = np.linalg.solve(whiten, at.items[:, :-2].T)
    axes = np.linalg.eigh(beta @ beta.T)[1][:, ::-1]
    turn = whiten @ axes
    whose = used & (trails.state == positive)
    side = np.sign(((at.mean[whose] - centre) @ turn).mean(axis=0))
    return Frame(centre, turn * np.where(side == 0, 1.0, side), used)


def standard_errors(stage: Stage, seen: Frame) -> Array:
    """Standard errors of all ideal points in the frame, (cells, D), the items' own included.

    What all ideal points would share by a change of centre, unit or axes is taken out, since the
    frame holds those fast.
    """
    posed, at, layout = stage.posed, stage.at, stage.posed.layout
    damping = 0.0 if at.mean.shape[1] == 1 else 1e-6
    try:
        factored = eliminate(posed, stage.sums, at, damping, is_exact=True)
    except np.linalg.LinAlgError:
        factored = eliminate(posed, stage.sums, at, damping, is_exact=False)
    blocks = _blocks(factored, layout, at)
    free = _freed(factored, layout, at, seen, blocks)
    turned = np.einsum("de,cdf,fg->ceg", seen.turn, free, seen.turn)
    variance = np.diagonal(turned, axis1=1, axis2=2)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def _blocks(factored: Elimination, layout: Layout, at: Point) -> Array:
    """Covariance of each cell, (cells, D, D)."""
    size = at.mean.shape[1]
    found = np.empty((len(at.mean), size, size))
    for sitting, whole in zip(layout.sittings, factored.point_covariances(), strict=True):
        n = sitting.states.size
        every = np.arange(n)
        found[sitting.cells] = whole.reshape(n, size, n, size)[every, :, every, :]
    return found


def _freed(factored: Elimination, layout: Layout, at: Point, seen: Frame, blocks: Array) -> Array:
    """Covariances of what is left when cells are regressed on their common frame.

    With X = (1, m) for every cell and the residual operator R = I − X(X'X)⁻¹X' over the used cells,
    this is the diagonal of R Σ R' in each pair of dimensions.
    """
    cells, size = at.mean.shape
    shape = np.column_stack([np.ones(cells), at.mean - seen.centre])
    kept = shape * seen.used[:, None]
    gain = shape @ np.linalg.inv(kept.T @ kept)
    moved = np.empty((size + 1, size, cells, size))
    for q in range(size + 1):
        for d in range(size):
            push = np.zeros_like(at.mean)
            push[:, d] = kept[:, q]
            right = pack(layout, Point(push, np.zeros_like(at.items)))
            moved[q, d] = unpack(layout, factored.solve(right), at).mean
    shared = np.einsum("cq,qdcf->cdf", gain, moved)
    common = np.einsum("kq,rfkd->qdrf", kept, moved)
    twice = np.einsum("cq,cr,qdrf->cdf", gain, gain, common)
    return np.asarray(blocks - shared - shared.transpose(0, 2, 1) + twice)
