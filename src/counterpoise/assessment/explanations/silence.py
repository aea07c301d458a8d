"""How probable it is that no coalition forms: from states' probabilities to a target's silence.

States join in clumps: a pact has at least two members and often many, so that the probability
that nobody joins is not the product over states. A law of clumps is estimated instead. With E the
expected joiners against a target in a window, summed over states,

    P(no new pact | u) = exp(−u c E^b),  u ~ Gamma(mean 1, variance θ), one u per target spell.

Were all clumps of one size m and all else right, c would be 1/m and b 1: the forecast is then
taken at its word. With b free it is recalibrated, and a forecast that says nothing gives b = 0, the
same rate whatever E. All are the most likely on a grid, given the forecasts of held-out spells and
what happened in them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

SCALES = np.exp(np.linspace(-4, 3, 71))
POWERS = np.linspace(0, 1.5, 16)
FRAILTIES = (0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Grid of c, b and θ."""

POINTS = 24
"""Quantiles that stand for the gamma distribution of u."""

SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Windows:
    """Each target in each window, every array (m,).

    ``spell`` labels the target's spell, ``some`` says whether a new pact was aimed at the target,
    ``place`` (n,) leads from a unit to its window.
    """

    facing: Ints
    spell: Ints
    some: Flags
    place: Ints

    @classmethod
    def of(cls, units: Units) -> Windows:
        """The windows of some units."""
        facing, first, place = np.unique(units.facing, return_index=True, return_inverse=True)
        keys = [(int(f // 10_000), int(f % 10_000)) for f in facing]
        some = np.array([bool(units.new_pacts.get(key)) for key in keys])
        return cls(facing, units.spell[first], some, place)

    @property
    def start(self) -> Ints:
        """First year of each window, (m,)."""
        return np.asarray(self.facing % 10_000)

    def expected(self, probability: Array) -> Array:
        """Expected joiners by window, (m,)."""
        return np.bincount(self.place, probability, len(self.facing)).astype(np.float64)


@dataclass(frozen=True)
class Law:
    """How expected joiners become silence: c, b and θ."""

    scale: float
    power: float
    frailty: float

    def silence(self, expected: Array, part: Array | float = 1.0) -> float:
        """Probability that no new pact forms in any of some windows of one target spell.

        Parameters
        ----------
        expected : (w,) expected joiners by window.
        part : share of each window that counts.
        """
        rate = self.scale * float(np.sum(np.maximum(expected, SMALLEST) ** self.power * part))
        return float(_laplace(rate, self.frailty))

    def some(self, expected: Array) -> Array:
        """Probability of any new pact in each window by itself, (w,)."""
        rate = self.scale * np.maximum(expected, SMALLEST) ** self.power
        return np.asarray(1 - _laplace(rate, self.frailty))


def _laplace(rate: Array | float, frailty: float) -> Array:
    """Mean of exp(−u · rate) over u."""
    if frailty == 0:
        return np.asarray(np.exp(-np.asarray(rate)))
    return np.asarray((1 + frailty * np.asarray(rate)) ** (-1 / frailty))


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Log-likelihood of every law on the grid, by spell: (spells, laws)."""

    by_spell: Array
    laws: Array

    def best(self, weight: Array | None = None, *, recalibrated: bool = False) -> Law:
        """The most likely law; b is 1 unless forecasts are to be recalibrated.

        Parameters
        ----------
        weight : (spells,) how often each counts.
        """
        total = self.by_spell.sum(axis=0) if weight is None else weight @ self.by_spell
        if not recalibrated:
            total = np.where(np.isclose(self.laws[:, 1], 1.0), total, -np.inf)
        scale, power, frailty = self.laws[int(np.argmax(total))]
        return Law(float(scale), float(power), float(frailty))


def likelihood(windows: Windows, expected: Array, asked: Flags) -> Likelihood:
    """Judge every law by windows whose expected joiners were forecast out of sample.

    Parameters
    ----------
    expected : (m,) by window.
    asked : (m,) windows to judge by; the spell that a question is about is left out.

    Raises
    ------
    DataError : there is no window to judge by.
    """
    if not asked.any():
        raise DataError("No window of another target spell: the law of clumps has nothing to fit")
    log_e = np.log(np.maximum(expected[asked], SMALLEST))
    _, spell = np.unique(windows.spell[asked], return_inverse=True)
    some = windows.some[asked]
    parts, laws = [], []
    for frailty in FRAILTIES:
        u = _quantiles(frailty)
        for power in POWERS:
            rate = np.exp(power * log_e)[:, None] * SCALES
            parts.append(_spells(rate, some, spell, u))
            laws += [(scale, power, frailty) for scale in SCALES]
    return Likelihood(np.concatenate(parts, axis=1), np.array(laws))


def _spells(rate: Array, some: Flags, spell: Ints, u: Array) -> Array:
    """Log-likelihood by spell and scale, the spell's own u averaged out; (spells, scales)."""
    count = int(spell.max()) + 1
    joint = np.zeros((len(u), count, rate.shape[1]))
    for k, value in enumerate(u):
        exponent = value * rate
        each = np.where(some[:, None], np.log(-np.expm1(-np.maximum(exponent, 1e-12))), -exponent)
        np.add.at(joint[k], spell, each)
    top = joint.max(axis=0)
    return np.asarray(top + np.log(np.exp(joint - top).mean(axis=0)))


@functools.cache
def _quantiles(frailty: float) -> Array:
    """Equally probable values of u, with mean 1."""
    if frailty == 0:
        return np.ones(1)
    from counterpoise.models import needs_extra

    with needs_extra("Testing explanations"):
        from scipy.stats import gamma
    level = (np.arange(POINTS) + 0.5) / POINTS
    u = np.asarray(gamma.ppf(level, 1 / frailty, scale=frailty), dtype=np.float64)
    return np.asarray(u / u.mean())
