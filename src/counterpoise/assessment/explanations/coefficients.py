"""Coefficients of an explanation with intervals that allow for shared states and shared pacts.

Estimated by Firth's logit on standardised columns, the units asked about left out, so that the
silence to be explained does not enter. Intervals come from the dyadic covariance (any two units
that share a state may depend on each other) and from clusters by pact (units that joined one pact
together; units that joined none are clustered by target and window).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations.filling import fill
from counterpoise.assessment.explanations.fits import SEED, has_both
from counterpoise.assessment.scores import Z95
from counterpoise.models.dyadic_robust import cluster_covariance, dyadic_covariance
from counterpoise.models.rare_logit import firth_logit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.fits import Problem
    from counterpoise.assessment.explanations.theories import Variable

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Bounds = tuple[float, float]


@dataclass(frozen=True)
class Coefficient:
    """Change in the log-odds of joining for one standard deviation of a variable.

    ``interval`` and ``interval_pact`` are 95 % bounds. ``expected`` is the sign that the
    explanation expects; ``as_expected`` is True where the interval lies on that side, False where
    it lies on the other, None where it holds 0 or no sign is expected.
    """

    variable: str
    expected: int
    coefficient: float
    interval: Bounds
    interval_pact: Bounds
    as_expected: bool | None


def coefficients(
    problem: Problem, variables: tuple[Variable, ...], seen: Flags
) -> tuple[Coefficient, ...]:
    """Estimate one explanation, or all together, on some units."""
    filled = fill(problem.values, seen, problem.specification.missing, np.random.default_rng(SEED))
    fitted = [_estimate(problem, x, filled.usable) for x in filled.versions]
    beta = np.mean([found[0] for found in fitted], axis=0)
    between = _between([found[0] for found in fitted])
    dyadic, by_pact = (
        np.sqrt(np.mean([found[k] for found in fitted], axis=0) + between) for k in (1, 2)
    )
    return tuple(
        _one(variable, beta[k], dyadic[k], by_pact[k]) for k, variable in enumerate(variables)
    )


def _estimate(problem: Problem, x: Array, usable: Flags) -> tuple[Array, Array, Array]:
    """Slopes and the variances of both kinds."""
    units = problem.units
    if not has_both(units.event[usable]):
        unknown = np.full(x.shape[1], np.nan)
        return unknown, unknown, unknown
    kept = x[usable][:, x[usable].std(axis=0) > 0]
    fit = firth_logit(kept, units.event[usable], units.offset[usable])
    dyadic = dyadic_covariance(fit.bread, fit.scores, units.state[usable], units.target[usable])
    pact = np.where(units.pact == "", units.facing.astype(str), units.pact)[usable]
    cluster = cluster_covariance(fit.bread, fit.scores, pact)
    moving = np.flatnonzero(x[usable].std(axis=0) > 0)
    spread = (np.full(x.shape[1], np.nan) for _ in range(3))
    beta, one, two = spread
    beta[moving] = fit.coefficients[1:]
    one[moving], two[moving] = np.diag(dyadic.covariance)[1:], np.diag(cluster.covariance)[1:]
    return beta, one, two


def _between(found: list[Array]) -> Array:
    """Variance between imputations, by Rubin's (1987) rule."""
    if len(found) == 1:
        return np.zeros_like(found[0])
    return np.asarray((1 + 1 / len(found)) * np.var(found, axis=0, ddof=1))


def _one(variable: Variable, beta: float, dyadic: float, by_pact: float) -> Coefficient:
    low, high = beta - Z95 * dyadic, beta + Z95 * dyadic
    sign = 1 if low > 0 else -1 if high < 0 else 0
    return Coefficient(
        variable.name,
        variable.expected,
        float(beta),
        (float(low), float(high)),
        (float(beta - Z95 * by_pact), float(beta + Z95 * by_pact)),
        sign == variable.expected if sign and variable.expected else None,
    )
