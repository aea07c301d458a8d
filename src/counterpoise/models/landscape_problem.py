"""The problem and the results of landscape theory (Axelrod & Bennett 1993).

Actors of strength s_i are drawn to or repelled by each other with propensities p_ij. A
configuration puts every actor into a bloc; d_ij is 1 where i and j are in different blocs and 0
where they are together. Its energy is

    E(X) = Σ_i Σ_j s_i s_j p_ij d_ij,

every pair counted twice, as Axelrod & Furnas print it. Low energy means friends together and
enemies apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models.scaling import Whole, decimal, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Sides = NDArray[np.integer]

LARGEST_WEIGHT = 2**45
"""Ceiling on the sum of the whole pair weights: leaves the kernels' arithmetic exact in floats."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """Actors, their strengths and their propensities to work together.

    Parameters
    ----------
    actors : n different names.
    strengths : (n,) finite, not negative; any unit, such as shares of power.
    propensities : (n, n) finite, symmetric; positive attracts, negative repels. The diagonal is
        ignored.

    Raises
    ------
    ModelError : names what does not fit and where.
    """

    actors: tuple[str, ...]
    strengths: Array
    propensities: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "actors", tuple(self.actors))
        for name in ("strengths", "propensities"):
            array = np.array(getattr(self, name), dtype=float)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        _check(self)

    def __len__(self) -> int:
        return len(self.actors)

    @property
    def weights(self) -> Array:
        """(n, n) products s_i s_j p_ij, zero on the diagonal."""
        with np.errstate(over="ignore", invalid="ignore"):
            product = np.outer(self.strengths, self.strengths) * self.propensities
        np.fill_diagonal(product, 0.0)
        return product


def _check(problem: Landscape) -> None:
    n, p = len(problem.actors), problem.propensities
    if n == 0:
        raise ModelError("A landscape needs at least one actor.")
    if len(set(problem.actors)) != n:
        twice = sorted({a for a in problem.actors if problem.actors.count(a) > 1})
        raise ModelError(f"Actors named twice: {', '.join(twice)}")
    if problem.strengths.shape != (n,) or p.shape != (n, n):
        raise ModelError(
            f"{n} actors need {n} strengths and an {n} × {n} matrix of propensities, not shapes "
            f"{problem.strengths.shape} and {p.shape}."
        )
    _check_values(problem, ~np.eye(n, dtype=bool))


def _check_values(problem: Landscape, apart: NDArray[np.bool_]) -> None:
    names, s, p = problem.actors, problem.strengths, problem.propensities
    if wrong := [a for a, x in zip(names, s, strict=True) if not (np.isfinite(x) and x >= 0)]:
        raise ModelError(f"Strengths must be finite and not negative: {', '.join(wrong)}")
    for i, j in np.argwhere(apart & ~np.isfinite(p))[:1]:
        raise ModelError(f"The propensity of {names[i]} and {names[j]} is not a finite number.")
    if not np.isfinite(np.abs(problem.weights).sum()):
        raise ModelError("Strengths or propensities are too large to be multiplied.")
    for i, j in np.argwhere(apart & (p != p.T))[:1]:
        raise ModelError(
            f"Propensities are not symmetric: {names[i]}–{names[j]} is {p[i, j]:g}, "
            f"{names[j]}–{names[i]} is {p[j, i]:g}."
        )


def whole_weights(problem: Landscape) -> tuple[Array, Whole]:
    """Pair weights s_i s_j p_ij as whole numbers, (n, n), and how they were scaled.

    Decimals are read as printed (0.1 is a tenth), so equal sums of them are equal.
    """
    n, s = len(problem), [decimal(x) for x in problem.strengths]
    above = np.triu_indices(n, k=1)
    pairs = list(zip(*(index.tolist() for index in above), strict=True))
    zero = Fraction(0)
    amounts = [
        s[i] * s[j] * decimal(p) if (p := problem.propensities[i, j]) else zero for i, j in pairs
    ]
    scaled = whole(amounts, LARGEST_WEIGHT)
    matrix = np.zeros((n, n))
    matrix[above] = scaled.values
    return matrix + matrix.T, scaled


def energy(problem: Landscape, sides: Sides) -> Array:
    """Energy of configurations.

    Parameters
    ----------
    sides : (n,) or (m, n) whole numbers from 0, the bloc of each actor.

    Returns
    -------
    () or (m,) energies, in units of strength² × propensity.
    """
    sides = np.asarray(sides)
    weights = problem.weights
    together = np.zeros(sides.shape[:-1])
    for bloc in range(int(sides.max()) + 1):
        inside = (sides == bloc).astype(float)
        together = together + ((inside @ weights) * inside).sum(axis=-1)
    return np.asarray(weights.sum() - together)


def frustration(problem: Landscape, sides: Sides) -> Array:
    """Each actor's part of the energy, (n,): s_i Σ_j s_j p_ij d_ij; the parts sum to the energy.

    Divided by s_i this is the frustration F_i of Axelrod & Bennett (1993, eq. 1 in substance).
    Positive: the actor is parted from friends more than from enemies.
    """
    sides = np.asarray(sides)
    return np.asarray((problem.weights * (sides[:, None] != sides[None, :])).sum(axis=1))


def switch_changes(problem: Landscape, sides: Sides) -> Array:
    """Change of energy if each actor alone went to each bloc, (n, blocs); 0 where it stays.

    Negative: the actor is misplaced, for it would lower the energy by going.
    """
    sides = np.asarray(sides)
    bonds = problem.weights @ np.eye(int(sides.max()) + 1)[sides]
    own = np.take_along_axis(bonds, sides[:, None], axis=1)
    return np.asarray(2 * (own - bonds))


@dataclass(frozen=True)
class Optimum:
    """A configuration that no single switch strictly lowers.

    ``sides`` gives the bloc of each actor, the first actor's being 0. ``basin`` counts the
    configurations that steepest descent leads here; None where they were not enumerated.
    """

    energy: float
    sides: tuple[int, ...]
    basin: int | None

    def blocs(self, actors: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Names of the actors in each bloc; the first bloc holds the first actor."""
        found = range(max(self.sides) + 1)
        return tuple(
            tuple(a for a, side in zip(actors, self.sides, strict=True) if side == bloc)
            for bloc in found
        )


@dataclass(frozen=True)
class LandscapeSolution:
    """Local optima of a landscape, lowest energy first, and how far they are to be trusted.

    ``is_exact``: every local optimum is here, with its basin. ``is_proved``: the lowest energy
    is proved to be the minimum; ``lower_bound`` is then equal to it. ``gap`` is
    (minimum − lower bound) / |minimum|. ``is_rounded``: the weights had too many digits to be
    compared exactly and were rounded at about the 14th figure.
    """

    actors: tuple[str, ...]
    blocs: int
    optima: tuple[Optimum, ...]
    lower_bound: float
    is_exact: bool
    is_proved: bool
    is_rounded: bool
    method: str
    parameters: Mapping[str, float]
    seed: int | None

    @property
    def minimum(self) -> float:
        """The lowest energy found."""
        return self.optima[0].energy

    @property
    def gap(self) -> float:
        """Relative distance of the lowest energy from the lower bound; 0 when proved."""
        if self.is_proved:
            return 0.0
        return (self.minimum - self.lower_bound) / max(abs(self.minimum), 1e-300)
