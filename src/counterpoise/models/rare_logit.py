"""Logit for rare events: with a ridge penalty, and with Firth's penalty against bias.

Maximum likelihood is biased where events are few and does not exist where a column separates
them from the rest. A ridge penalty (le Cessie & van Houwelingen 1992) keeps coefficients finite
and is used to predict; Firth's (1993) penalty removes the first-order bias, exists always
(Heinze & Schemper 2002) and is used to estimate. Both take an offset, for units seen for
different lengths of time, and weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MOST_ITERATIONS = 100
MOST_HALVINGS = 30
ENOUGH = {"ridge": 1e-8, "firth": 1e-14}
"""Promised gain in the criterion, per unit of its size, at which a step is the last.

Steps of the ridge are Newton's, whose error squares with each; Firth's only shrink by a factor.
"""

HIGHEST = 35.0
"""Log-odds are held within ± this, where a probability is 0 or 1 in double precision."""


@dataclass(frozen=True, eq=False)
class RareLogit:
    """A fitted logit; the intercept comes first everywhere.

    Attributes
    ----------
    coefficients : (k + 1,).
    bread : (k + 1, k + 1) inverse of the information, ridge included.
    scores : (n, k + 1) each unit's part in the estimating equations; without ridge they sum to 0.
    log_likelihood : of the data alone, without any penalty.
    penalised : what was maximised.
    method : ``ridge`` or ``firth``.
    """

    coefficients: Array
    bread: Array
    scores: Array
    log_likelihood: float
    penalised: float
    method: str
    penalty: float
    iterations: int
    is_converged: bool

    def probability(self, x: Array, offset: Array | float = 0.0) -> Array:
        """Probability of the event for units (m, k); shape (m,)."""
        return expit(self.coefficients[0] + x @ self.coefficients[1:] + offset)

    @property
    def standard_errors(self) -> Array:
        """Of the coefficients, (k + 1,), as if units were independent and the model right."""
        return np.asarray(np.sqrt(np.diag(self.bread)))


def expit(odds: Array) -> Array:
    """Probability of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -HIGHEST, HIGHEST))))


def ridge_logit(
    x: Array,
    y: Array,
    penalty: float = 1.0,
    offset: Array | None = None,
    weight: Array | None = None,
    start: Array | None = None,
) -> RareLogit:
    """Logit whose slopes are drawn to zero; the intercept is free.

    Maximises the log-likelihood less half of ``penalty`` times the squared slopes: the mode under
    normal priors of variance 1 / ``penalty``. Standardise the columns first. A penalty of zero
    gives maximum likelihood.

    Parameters
    ----------
    x : (n, k) columns without an intercept; k may be 0.
    y : (n,) of 0 and 1.
    offset : (n,) added to the log-odds.
    weight : (n,) how often each unit counts.
    start : (k + 1,) coefficients to begin from.

    Raises
    ------
    ModelError : shapes differ, a value is unknown, an outcome is not 0 or 1 or all are the same,
        or the fit does not exist.
    """
    problem = _Problem.of(x, y, offset, weight, penalty, is_firth=False)
    return _climb(problem, start)


def firth_logit(
    x: Array,
    y: Array,
    offset: Array | None = None,
    weight: Array | None = None,
    start: Array | None = None,
) -> RareLogit:
    """Logit penalised by Jeffreys' prior: log-likelihood plus half the log of |information|.

    The parameters are those of :func:`ridge_logit`. Its probabilities lean towards one half
    (Puhr et al. 2017): use it for coefficients.

    Source: Firth (1993); Heinze & Schemper (2002).

    Raises
    ------
    ModelError : as for :func:`ridge_logit`, or columns that depend on each other.
    """
    problem = _Problem.of(x, y, offset, weight, 0.0, is_firth=True)
    return _climb(problem, start)


@dataclass(frozen=True, eq=False)
class _Step:
    """The criterion at some coefficients, its slope, and the information there."""

    value: float
    log_likelihood: float
    gradient: Array
    information: Array
    residual: Array


@dataclass(frozen=True, eq=False)
class _Problem:
    design: Array
    y: Array
    offset: Array
    weight: Array
    ridge: Array
    is_firth: bool
    penalty: float

    @classmethod
    def of(
        cls,
        x: Array,
        y: Array,
        offset: Array | None,
        weight: Array | None,
        penalty: float,
        *,
        is_firth: bool,
    ) -> _Problem:
        """Check what was given and add the intercept."""
        n = len(y)
        shift = np.zeros(n) if offset is None else np.asarray(offset, dtype=np.float64)
        count = np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64)
        _check(x, np.asarray(y, dtype=np.float64), shift, count, penalty)
        design = np.column_stack([np.ones(n), x])
        ridge = np.full(design.shape[1], float(penalty))
        ridge[0] = 0.0
        return cls(design, np.asarray(y, np.float64), shift, count, ridge, is_firth, penalty)

    def at(self, beta: Array) -> _Step:
        """Everything about one point of the search."""
        odds = np.clip(self.design @ beta + self.offset, -HIGHEST, HIGHEST)
        p = expit(odds)
        curve = self.weight * p * (1 - p)
        fit = float(self.weight @ (self.y * odds - np.logaddexp(0.0, odds)))
        information = (self.design * curve[:, None]).T @ self.design + np.diag(self.ridge)
        residual = self.weight * (self.y - p)
        value = fit - 0.5 * float(self.ridge @ beta**2)
        if self.is_firth:
            value += 0.5 * _log_det(information)
            residual = residual + self._leverage(information, curve) * (0.5 - p)
        gradient = self.design.T @ residual - self.ridge * beta
        return _Step(value, fit, gradient, information, residual)

    def _leverage(self, information: Array, curve: Array) -> Array:
        """Diagonal of the hat matrix, (n,)."""
        solved = np.linalg.solve(information, self.design.T)
        return np.asarray(curve * np.einsum("ij,ji->i", self.design, solved))

    def beginning(self) -> Array:
        """Slopes of zero and the intercept of the share of events."""
        beta = np.zeros(self.design.shape[1])
        events = float(self.weight @ self.y)
        rest = float(self.weight @ ((1 - self.y) * np.exp(self.offset)))
        beta[0] = np.log(events / rest)
        return beta


def _log_det(information: Array) -> float:
    sign, size = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(size):
        raise ModelError(
            "The columns of the logit depend on each other: leave one out, or use a ridge penalty"
        )
    return float(size)


def _climb(problem: _Problem, start: Array | None) -> RareLogit:
    """Newton's steps by the information, halved until the criterion does not fall."""
    beta = problem.beginning() if start is None else np.array(start, dtype=np.float64)
    method = "firth" if problem.is_firth else "ridge"
    here, converged, taken, moved = problem.at(beta), False, 0, True
    while moved and not converged and taken < MOST_ITERATIONS:
        step = _solve(here.information, here.gradient)
        converged = float(here.gradient @ step) < ENOUGH[method] * (1 + abs(here.value))
        beta, here, moved = _shorten(problem, beta, step, here)
        taken += 1
    return RareLogit(
        coefficients=beta,
        bread=np.asarray(np.linalg.inv(here.information)),
        scores=problem.design * here.residual[:, None],
        log_likelihood=here.log_likelihood,
        penalised=here.value,
        method=method,
        penalty=problem.penalty,
        iterations=taken,
        is_converged=converged,
    )


def _solve(information: Array, gradient: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(information, gradient))
    except np.linalg.LinAlgError:
        raise ModelError(
            "The logit does not exist: its columns depend on each other or separate the events. "
            "Use a ridge penalty above zero, or Firth's"
        ) from None


def _shorten(problem: _Problem, beta: Array, step: Array, here: _Step) -> tuple[Array, _Step, bool]:
    size = 1.0
    for _ in range(MOST_HALVINGS):
        there = problem.at(beta + size * step)
        if there.value >= here.value:
            return beta + size * step, there, True
        size /= 2
    return beta, here, False


def _check(x: Array, y: Array, offset: Array, weight: Array, penalty: float) -> None:
    n = y.size
    if y.ndim != 1 or x.ndim != 2 or len(x) != n or offset.shape != (n,) or weight.shape != (n,):
        raise ModelError(
            f"Columns of shape {x.shape}, outcomes {y.shape}, offsets {offset.shape} and weights "
            f"{weight.shape}: give (n, k), (n,), (n,) and (n,)"
        )
    if not (np.isfinite(x).all() and np.isfinite(offset).all() and np.isfinite(weight).all()):
        raise ModelError("A column, offset or weight is unknown or infinite: fill or leave it out")
    if ((y != 0) & (y != 1)).any():
        raise ModelError("Outcomes of a logit are 0 or 1")
    if (weight < 0).any() or penalty < 0:
        raise ModelError("Weights and the penalty of a logit must not be negative")
    seen = y[weight > 0]
    if seen.size == 0 or seen.min() == seen.max():
        raise ModelError("All outcomes are the same: a logit needs both")
