"""Whose order? Leaders' visions, what could beat the status quo, and whose vote decides.

Positions lie on scales from 0 to 100. A bloc's two leaders are its two strongest members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import DataError
from counterpoise.measures.hard import core

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Z95 = 1.959963984540054


def leaders_gap(positions: Array, power: Array, importance: Array | None = None) -> Array:
    """Mean distance between the two strongest members over the issues, in scale points.

    Parameters
    ----------
    positions : (..., issues, n) positions of the members; leading axes may hold draws.
    power : (n,) shares of power, n ≥ 2.
    importance : (issues,) weights of the issues; equal unless given.

    Returns
    -------
    (...,) NaN where a leader's position is unknown.
    """
    one, two = _leaders(power)
    return _over_issues(np.abs(positions[..., one] - positions[..., two]), importance)


def distances_to_leaders(positions: Array, power: Array, importance: Array | None = None) -> Array:
    """Mean distance of each member to the strongest and to the second; shape (..., n, 2).

    In the article a producers' club suits one leader and hurts importers, while a trade bloc
    serves the other: a lesser member may stand near either, or near neither.
    """
    leaders = positions[..., list(_leaders(power))]
    apart = np.abs(positions[..., :, :, None] - leaders[..., :, None, :])
    weight = _importance(apart.shape[-3], importance)
    return np.asarray(np.einsum("k,...kij->...ij", weight, apart))


def _leaders(power: Array) -> tuple[int, int]:
    if power.size < 2:
        raise DataError("Two leaders are asked of a bloc with fewer than two members")
    return core(power)


def _importance(issues: int, importance: Array | None) -> Array:
    weight = np.ones(issues) if importance is None else np.asarray(importance, dtype=float)
    if weight.shape != (issues,) or not weight.sum() > 0:
        raise DataError(f"{weight.size} weights for {issues} issues: give each one, not all zero")
    return np.asarray(weight / weight.sum())


def _over_issues(values: Array, importance: Array | None) -> Array:
    return np.asarray(values @ _importance(values.shape[-1], importance))


def win_set(
    positions: Array,
    weights: Array,
    status_quo: float,
    ends: tuple[float, float] = (0.0, 100.0),
    quota: float = 0.5,
) -> tuple[Array, Array]:
    """Ends of the interval of outcomes that would beat the status quo on one issue.

    An actor prefers what is nearer to its position; an outcome wins when those who prefer it hold
    more than ``quota`` of all weight, so the indifferent count against it. The set lies on one
    side of the status quo and has that as one end, itself outside the set. Both ends equal the
    status quo where nothing beats it.

    Parameters
    ----------
    positions : (..., n).
    weights : (n,) or (..., n), power times salience.

    Returns
    -------
    low, high : (...,) within the ends of the scale; NaN where a position or weight is unknown.

    Source: Romer & Rosenthal (1978), weighted; Shepsle & Weingast (1987).
    """
    x, w = np.broadcast_arrays(np.asarray(positions, float), np.asarray(weights, float))
    if not 0.5 <= quota < 1:
        raise DataError(f"A quota of {quota}: it must be at least one half and below one")
    mirror = 2 * x - status_quo
    high = _farthest(mirror, w, quota)
    low = -_farthest(-mirror, w, quota)
    known = np.isfinite(x + w).all(axis=-1)
    return (
        np.where(known, np.clip(low, ends[0], status_quo), np.nan),
        np.where(known, np.clip(high, status_quo, ends[1]), np.nan),
    )


def _farthest(mirror: Array, weights: Array, quota: float) -> Array:
    """Greatest value that more than the quota of weight reaches; −inf where none does.

    An actor accepts outcomes short of its mirror image of the status quo.
    """
    order = np.argsort(-mirror, axis=-1, kind="stable")
    sorted_mirror = np.take_along_axis(mirror, order, -1)
    reached = np.cumsum(np.take_along_axis(weights, order, -1), axis=-1)
    enough = reached > quota * reached[..., -1:] * (1 + 1e-12)
    found = np.take_along_axis(sorted_mirror, enough.argmax(axis=-1)[..., None], -1)[..., 0]
    return np.where(enough.any(axis=-1), found, -np.inf)


def beats(
    alternatives: Array,
    status_quo: Array,
    positions: Array,
    saliences: Array,
    power: Array,
    quota: float = 0.5,
) -> Flags:
    """Does each alternative beat the status quo over several issues at once?

    An actor's loss is the city-block distance Σ_k s_ik |x_ik − y_k|; an alternative wins when
    actors with more than ``quota`` of the power lose less by it. The indifferent count against.

    Parameters
    ----------
    alternatives : (m, issues).
    status_quo : (issues,).
    positions, saliences : (n, issues).
    power : (n,).
    """
    now = (saliences * np.abs(positions - status_quo)).sum(axis=1)
    then = np.einsum("nk,mnk->mn", saliences, np.abs(positions - alternatives[:, None, :]))
    # Rounding must not make an actor prefer what is the same to it.
    prefers = then < now - 1e-9
    return np.asarray(prefers @ power > quota * power.sum() * (1 + 1e-12))


@dataclass(frozen=True)
class Share:
    """A share found by drawing, with Wilson's 95 % bounds."""

    share: float
    low: float
    high: float
    draws: int


def win_set_share(
    status_quo: Array,
    positions: Array,
    saliences: Array,
    power: Array,
    rng: np.random.Generator,
    draws: int = 20_000,
    ends: tuple[float, float] = (0.0, 100.0),
    quota: float = 0.5,
) -> Share:
    """Share of all outcomes over several issues that would beat the status quo.

    Outcomes are drawn uniformly over the scales; the shapes are those of ``beats``. Zero is not
    proof that the status quo is safe: a win-set may be thin.
    """
    wins, batch = 0, 4096
    for start in range(0, draws, batch):
        size = (min(batch, draws - start), status_quo.size)
        drawn = rng.uniform(*ends, size)
        wins += int(beats(drawn, status_quo, positions, saliences, power, quota).sum())
    share, z2 = wins / draws, Z95**2
    middle, width = share + z2 / (2 * draws), 1 + z2 / draws
    spread = Z95 * np.sqrt(share * (1 - share) / draws + z2 / (4 * draws**2))
    return Share(share, float((middle - spread) / width), float((middle + spread) / width), draws)


@dataclass(frozen=True)
class Swing:
    """A vote between two outcomes, and whose change of side would change the winner.

    ``wins`` is true where the alternative wins; a tie leaves the status quo. ``prefers`` is 1 for
    the alternative, −1 for the status quo, 0 for the indifferent, who abstain.
    """

    wins: bool
    prefers: NDArray[np.int64]
    is_swing: Flags


def swing(positions: Array, weights: Array, status_quo: float, alternative: float) -> Swing:
    """Which members could turn a vote between the status quo and an alternative, each alone.

    A member turns it by voting for the side that is losing; weight is power times salience.

    Parameters
    ----------
    positions, weights : (n,).
    """
    nearer = np.abs(positions - status_quo) - np.abs(positions - alternative)
    prefers = np.sign(np.where(np.abs(nearer) < 1e-9, 0.0, nearer))
    margin = float(prefers @ weights)
    close = 1e-12 * weights.sum()
    wins = margin > close
    turned = margin - prefers * weights + (-weights if wins else weights)
    is_swing = turned <= close if wins else turned > close
    return Swing(wins, prefers.astype(np.int64), is_swing)
