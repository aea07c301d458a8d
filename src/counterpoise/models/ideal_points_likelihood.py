"""The ordered logit of votes, averaged over Gaussian ideal points: compiled sums.

A state at θ facing a roll call with discrimination β, centre c and gap g = exp(δ) > 0 votes *no*
when β·θ + ε < c − g/2, *yes* when it exceeds c + g/2, and abstains between; ε is standard logistic.
Its tails are heavier than the normal's, so one odd vote moves a state less. With θ ~ N(m, V) the
predictor β·θ is N(β·m, β'Vβ), so every expectation here is a one-dimensional Gauss–Hermite sum
whatever the number of dimensions.

Everything is accumulated per roll call and per state within a period. Periods share no sums, so
threads never write to the same place and the answer does not depend on their number.

Model: graded response of Samejima (1969); dynamic, as in Bailey, Strezhnev & Voeten (2017).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from counterpoise.models.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Votes = NDArray[np.int8]

WIDEST_GAP = 300.0
"""Gaps are clipped here; beyond it every vote is an abstention to the last digit."""

SMALLEST_SPREAD = 1e-4
"""Below this the curvature at the nodes serves instead of the slope in the spread."""


class Sums(NamedTuple):
    """Expected log likelihood and its derivatives.

    ``log_likelihood`` (rollcalls,); ``cell_score`` (cells, D) and ``cell_information`` (cells, D,
    D) with respect to the mean ideal point; ``item_score`` (rollcalls, D + 2) and
    ``item_information`` (rollcalls, D + 2, D + 2) with respect to (β, c, δ); ``score``, ``weight``
    and ``weight_gap`` (rollcalls, states) the slope in β·θ and the curvatures in β·θ and between
    β·θ and δ, from which the cross terms follow. Information is minus the second derivative; that
    in δ is Gauss–Newton.
    """

    log_likelihood: Array
    cell_score: Array
    cell_information: Array
    item_score: Array
    item_information: Array
    score: Array
    weight: Array
    weight_gap: Array


@compiled()
def _logistic(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1 + grown)


@compiled()
def _log_logistic(x: float) -> float:
    return min(x, 0.0) - math.log1p(math.exp(-abs(x)))


@compiled()
def response(vote: int, eta: float, half: float) -> tuple[float, float, float, float, float, float]:
    """One vote at ``eta`` = β·θ − c from the centre, with half-gap ``half`` = exp(δ)/2.

    Returns log probability; scores in η and δ; minus the second derivatives ηη, ηδ and (by
    Gauss–Newton, hence never negative) δδ.
    """
    if vote != 1:
        side = 1.0 if vote == 2 else -1.0
        p = _logistic(side * eta - half)
        slope = 1 - p
        curve = p * slope
        log_p = _log_logistic(side * eta - half)
        return log_p, side * slope, -slope * half, curve, -side * curve * half, curve * half * half
    low, high = _logistic(-half - eta), _logistic(half - eta)
    low_curve, high_curve = low * (1 - low), high * (1 - high)
    grown = math.expm1(min(2 * half, WIDEST_GAP))
    log_p = math.log(grown / (grown + 1)) + _log_logistic(half + eta) + _log_logistic(half - eta)
    both = low_curve + high_curve
    return (
        log_p,
        low + high - 1,
        (1 - high + low + 2 / grown) * half,
        both,
        (low_curve - high_curve) * half,
        (both + 4 * (grown + 1) / (grown * grown)) * half * half,
    )


@compiled()
def _expected(
    vote: int, mean: float, spread: float, half: float, nodes: Array, weights: Array, out: Array
) -> None:
    """Fill ``out`` with the six figures of ``response`` averaged over N(mean, spread²).

    The curvature is read off the sum's own slope in the spread (Stein's identity), so that it is
    the exact derivative of this finite sum and the bound rises at every step.
    """
    out[:] = 0.0
    slope = 0.0
    for k in range(nodes.size):
        found = response(vote, mean + spread * nodes[k], half)
        slope -= weights[k] * nodes[k] * found[1]
        for f in range(6):
            out[f] += weights[k] * found[f]
    if spread > SMALLEST_SPREAD:
        out[3] = slope / spread


@compiled()
def _predictor(beta: Array, mean: Array, variance: Array, carried: Array) -> tuple[float, float]:
    """Mean β·m and standard deviation of the predictor; ``carried`` becomes Vβ."""
    eta, square = 0.0, 0.0
    for d in range(beta.size):
        eta += beta[d] * mean[d]
        carried[d] = 0.0
        for e in range(beta.size):
            carried[d] += variance[d, e] * beta[e]
        square += beta[d] * carried[d]
    return eta, math.sqrt(max(square, 0.0))


@compiled()
def _add_vote(
    found: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    carried: Array,
    cell_score: Array,
    cell_information: Array,
    item_score: Array,
    item_information: Array,
) -> None:
    """Add one vote's expected derivatives to the sums of its cell and of its roll call."""
    size = beta.size
    _, score, score_gap, curve, curve_gap, curve_gap2 = found
    for d in range(size):
        cell_score[d] += score * beta[d]
        item_score[d] += score * mean[d] - curve * carried[d]
        item_information[size, d] -= curve * mean[d]
        item_information[size + 1, d] += curve_gap * mean[d]
        for e in range(size):
            cell_information[d, e] += curve * beta[d] * beta[e]
            item_information[d, e] += curve * (mean[d] * mean[e] + variance[d, e])
    item_score[size] -= score
    item_score[size + 1] += score_gap
    item_information[size, size] += curve
    item_information[size + 1, size] -= curve_gap
    item_information[size + 1, size + 1] += curve_gap2


@compiled(parallel=True)
def _accumulate(
    votes: Votes,
    offset: Array,
    cell: Ints,
    first: Ints,
    order: Ints,
    items: Array,
    mean: Array,
    variance: Array,
    nodes: Array,
    weights: Array,
    log_likelihood: Array,
    cell_score: Array,
    cell_information: Array,
    item_score: Array,
    item_information: Array,
    score: Array,
    weight: Array,
    weight_gap: Array,
) -> None:
    size = mean.shape[1]
    for place in numba.prange(order.size):
        period = order[place]
        found = np.empty(6)
        carried = np.empty(size)
        for j in range(first[period], first[period + 1]):
            beta = items[j, :size]
            half = 0.5 * math.exp(items[j, size + 1])
            for i in range(votes.shape[1]):
                if votes[j, i] < 0:
                    continue
                at = cell[period, i]
                eta, spread = _predictor(beta, mean[at], variance[at], carried)
                eta += offset[j, i] - items[j, size]
                _expected(votes[j, i], eta, spread, half, nodes, weights, found)
                log_likelihood[j] += found[0]
                score[j, i] = found[1]
                weight[j, i] = found[3]
                weight_gap[j, i] = found[4]
                _add_vote(
                    found,
                    beta,
                    mean[at],
                    variance[at],
                    carried,
                    cell_score[at],
                    cell_information[at],
                    item_score[j],
                    item_information[j],
                )
            for d in range(size + 2):
                for e in range(d):
                    item_information[j, e, d] = item_information[j, d, e]


def hermite(points: int) -> tuple[Array, Array]:
    """Nodes and weights of a mean over the standard normal, exact to degree 2·points − 1."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return nodes, weights / weights.sum()


def expected_sums(
    votes: Votes,
    offset: Array,
    cell: Ints,
    first: Ints,
    items: Array,
    mean: Array,
    variance: Array,
    points: int,
) -> Sums:
    """Expected log likelihood of every roll call and the derivatives of their total.

    Parameters
    ----------
    votes : (rollcalls, states) 0 no, 1 abstain, 2 yes, negative where nothing was cast; roll calls
        are sorted by period.
    offset : (rollcalls, states) known addition to β·θ − c; (1, 1) of zero where there is none.
    cell : (periods, states) row of the ideal point, −1 where the state has none.
    first : (periods + 1,) first roll call of each period.
    items : (rollcalls, D + 2) β, c and δ of the item each roll call votes on.
    mean, variance : (cells, D) and (cells, D, D) of the ideal points.
    points : Gauss–Hermite nodes.
    """
    rollcalls, states = votes.shape
    cells, size = mean.shape
    sums = Sums(
        np.zeros(rollcalls),
        np.zeros((cells, size)),
        np.zeros((cells, size, size)),
        np.zeros((rollcalls, size + 2)),
        np.zeros((rollcalls, size + 2, size + 2)),
        np.zeros((rollcalls, states)),
        np.zeros((rollcalls, states)),
        np.zeros((rollcalls, states)),
    )
    # Long and short periods dealt in turn, so that two threads finish together.
    order = np.argsort(-np.diff(first), kind="stable")
    dealt = np.concatenate((order[::2], order[1::2][::-1]))
    spread_offset = np.broadcast_to(offset, votes.shape)
    _accumulate(
        votes, spread_offset, cell, first, dealt, items, mean, variance, *hermite(points), *sums
    )
    return sums
