"""From predictors with gaps to the columns of a fit: standardised, gaps dealt with by one rule.

Means and spreads are those of the units that the fit may see, so that nothing leaks from what is
held out. The rules, by name:

- ``silent``: an unknown value becomes the mean, so that the predictor says nothing of the unit;
- ``indicator``: the same, with a column that marks the gap;
- ``complete``: the same for prediction, and the fit sees only units without a gap;
- ``imputed``: a draw from a regression on the other predictors, made several times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

IMPUTATIONS = 5
RIDGE = 1.0
"""Of the regressions that impute, on standardised columns."""


@dataclass(frozen=True, eq=False)
class Filled:
    """Columns ready for a fit.

    Attributes
    ----------
    versions : one (n, k) matrix, or several where gaps are imputed.
    usable : (n,) units that the fit may see.
    mean, spread : (k,) what standardised the columns, before any that mark gaps.
    gaps : how many columns at the end mark gaps.
    """

    versions: tuple[Array, ...]
    usable: Flags
    mean: Array
    spread: Array
    gaps: int

    def standardised(self, column: int, value: float) -> float:
        """A value of one variable on the scale of the fit."""
        return float((value - self.mean[column]) / self.spread[column])


def fill(values: Array, seen: Flags, rule: str, rng: np.random.Generator) -> Filled:
    """Standardise and fill columns for a fit on the units that are ``seen``.

    Parameters
    ----------
    values : (n, k), NaN where unknown.
    rng : draws of the rule ``imputed``; the others draw nothing.
    """
    mean, spread = _moments(values[seen])
    z = (values - mean) / spread
    is_gap = np.isnan(z)
    usable = seen & ~is_gap.any(axis=1) if rule == "complete" else seen
    if rule == "imputed" and is_gap.any():
        versions = tuple(_imputed(z, seen, rng) for _ in range(IMPUTATIONS))
        return Filled(versions, usable, mean, spread, 0)
    plain = np.where(is_gap, 0.0, z)
    if rule != "indicator":
        return Filled((plain,), usable, mean, spread, 0)
    marked = is_gap[:, is_gap[seen].any(axis=0)].astype(np.float64)
    marks = np.unique(marked, axis=1) if marked.size else marked
    return Filled((np.column_stack([plain, marks]),), usable, mean, spread, marks.shape[1])


def _moments(values: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of the known values; 0 and 1 for a column without any."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / count)
    return mean, np.where(spread > 1e-12, spread, 1.0)


def _imputed(z: Array, seen: Flags, rng: np.random.Generator) -> Array:
    """Each gap drawn from a ridge regression of its column on the others, mean-filled.

    Coefficients are drawn from their posterior and a residual is added, so that the versions
    differ by what is not known. The outcome is no regressor: it is to be predicted.
    """
    plain = np.where(np.isnan(z), 0.0, z)
    filled = plain.copy()
    for column in np.flatnonzero(np.isnan(z).any(axis=0)):
        others = np.delete(plain, column, axis=1)
        design = np.column_stack([np.ones(len(z)), others])
        known = seen & ~np.isnan(z[:, column])
        if known.sum() <= design.shape[1]:
            continue
        gap = np.isnan(z[:, column])
        filled[gap, column] = _drawn(design, z[:, column], known, gap, rng)
    return filled


def _drawn(
    design: Array, value: Array, known: Flags, gap: Flags, rng: np.random.Generator
) -> Array:
    x, y = design[known], value[known]
    precision = x.T @ x + RIDGE * np.eye(x.shape[1])
    mean = np.linalg.solve(precision, x.T @ y)
    noise = float(np.sqrt(np.mean((y - x @ mean) ** 2)))
    root = np.linalg.cholesky(np.linalg.inv(precision))
    drawn = mean + noise * root @ rng.normal(size=len(mean))
    return np.asarray(design[gap] @ drawn + noise * rng.normal(size=int(gap.sum())))
