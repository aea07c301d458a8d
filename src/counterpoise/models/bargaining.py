"""Bargaining on one issue: what position do actors of unequal weight end at?

Positions lie on a scale, usually from 0 to 100; an actor's weight is its power times its salience.
The models here need no steps: the weighted median and the weighted mean (the compromise), which
the elaborate models seldom beat (Achen 2006, in Thomson, Stokman, Achen & König, The European
Union Decides). The model of rounds is in ``challenge``, and all are scored in
``bargaining_forecasts``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HALF_TOLERANCE = 1e-12
"""Shares of weight this close to a half count as a half, since sums of decimals are not exact."""


@dataclass(frozen=True)
class Issue:
    """One question as numbers.

    ``positions`` and ``saliences`` have shape (n,) or, for draws over coding ranges, (draws, n);
    ``power`` is (n,), in any unit; saliences lie in [0, 1]; ``ends`` are those of the scale.

    Raises
    ------
    ModelError : shapes do not fit, a figure is unknown or out of range, nobody has weight.
    """

    actors: tuple[str, ...]
    positions: Array
    power: Array
    saliences: Array
    ends: tuple[float, float] = (0.0, 100.0)

    def __post_init__(self) -> None:
        n, (low, high) = len(self.actors), self.ends
        sizes = {np.shape(self.positions)[-1:], np.shape(self.saliences)[-1:], np.shape(self.power)}
        if sizes != {(n,)} or n == 0:
            raise ModelError(f"{n} actors, but positions, power and saliences of {sizes}")
        if not low < high:
            raise ModelError(f"The scale runs from {low} to {high}: its ends must rise")
        for name, values, bottom, top in (
            ("position", self.positions, low, high),
            ("power", self.power, 0.0, np.inf),
            ("salience", self.saliences, 0.0, 1.0),
        ):
            wrong = ~((values >= bottom) & (values <= top)).reshape(-1, n).all(axis=0)
            if wrong.any():
                actor = self.actors[int(wrong.argmax())]
                raise ModelError(
                    f"The {name} of {actor} is unknown or outside {bottom:g} to {top:g}"
                )
        if not (self.weights.sum(axis=-1) > 0).all():
            raise ModelError("No actor has weight: power times salience is zero for all")

    @property
    def weights(self) -> Array:
        """Power times salience; shape as saliences."""
        return self.power * self.saliences


def weighted_median(positions: Array, weights: Array) -> Array:
    """Position that no other beats by majority of weight; midway where two halves face each other.

    Ties: where exactly half of the weight lies at or below one position, every point from there to
    the next occupied position is undominated, and the midpoint is given. Actors without weight do
    not count.

    Parameters
    ----------
    positions : (..., n) on one scale.
    weights : (n,) or (..., n), zero or more.

    Returns
    -------
    (...,) NaN where all weights are zero or any figure is unknown.

    Source: Black (1958), weighted.
    """
    x, w = np.broadcast_arrays(np.asarray(positions, float), np.asarray(weights, float))
    order = np.argsort(x, axis=-1, kind="stable")
    x, w = np.take_along_axis(x, order, -1), np.take_along_axis(w, order, -1)
    total = w.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        reached = np.cumsum(w, axis=-1) / np.where(total > 0, total, np.nan)
    low = (reached >= 0.5 - HALF_TOLERANCE).argmax(axis=-1)
    high = (reached > 0.5 + HALF_TOLERANCE).argmax(axis=-1)
    ends = np.take_along_axis(x, np.stack([low, high], -1), -1)
    known = np.isfinite(reached[..., -1]) & np.isfinite(x).all(axis=-1)
    return np.where(known, ends.mean(axis=-1), np.nan)


def weighted_mean(positions: Array, weights: Array) -> Array:
    """The compromise: Σ w x / Σ w; NaN where all weights are zero or any figure is unknown.

    Shapes as for ``weighted_median``. Source: Van den Bos (1991), the base-line of the field.
    """
    x, w = np.broadcast_arrays(np.asarray(positions, float), np.asarray(weights, float))
    total = w.sum(axis=-1)
    return np.asarray((w * x).sum(axis=-1) / np.where(total > 0, total, np.nan))


def swing_reach(positions: Array, weights: Array, ends: tuple[float, float]) -> Array:
    """Lowest and highest median that each actor can bring about by moving alone; shape (n, 2).

    An actor with more than half of the weight reaches both ends of the scale; one without weight
    moves nothing. The width is how much the outcome hangs on that actor.
    """
    moved = np.repeat(np.asarray(positions, float)[None], 2 * positions.size, axis=0)
    actor = np.arange(positions.size)
    moved[2 * actor, actor], moved[2 * actor + 1, actor] = ends
    return weighted_median(moved, weights).reshape(-1, 2)


def triangles(low: Array, best: Array, high: Array, rng: np.random.Generator, draws: int) -> Array:
    """Draws over coding ranges, from triangles that peak at the best coding; shape (draws, n).

    A range without width gives its one value.
    """
    wide = high > low
    right = np.where(wide, high, low + 1.0)
    drawn = rng.triangular(low, np.where(wide, best, low), right, (draws, low.size))
    return np.where(wide, drawn, best)
