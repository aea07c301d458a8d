"""Every explanation, alone and together, and the references, judged by what they never saw."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment.explanations import effects, fits, threads
from counterpoise.assessment.explanations.fits import Problem
from counterpoise.assessment.explanations.predictors import predictors
from counterpoise.assessment.explanations.scoring import Forecast
from counterpoise.assessment.explanations.silence import Windows, likelihood
from counterpoise.assessment.explanations.units import units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.effects import Ground
    from counterpoise.assessment.explanations.fits import Forecaster
    from counterpoise.assessment.explanations.predictors import Predictors
    from counterpoise.assessment.explanations.question import Asked
    from counterpoise.assessment.explanations.silence import Likelihood
    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.theories import Variable
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Tell = Callable[[str, int, int], None]

CLIMATOLOGY, PERSISTENCE = "climatology", "persistence"
TOGETHER, LEARNER = "all together", "flexible learner"


@dataclass(frozen=True, eq=False)
class World:
    """A question under one specification: units, predictors, windows, and who may see what."""

    question: Asked
    specification: Specification
    units: Units
    predictors: Predictors
    windows: Windows
    ground: Ground

    @classmethod
    def of(cls, question: Asked, specification: Specification) -> World:
        """Read everything."""
        found = units(specification)
        windows = Windows.of(found)
        return cls(
            question,
            specification,
            found,
            predictors(found, specification),
            windows,
            effects.ground(question, found, windows, specification.history),
        )

    @property
    def scored(self) -> Flags:
        """Units that forecasts are fitted on and scored by, held out in turn."""
        return self.question.scored(self.units, self.specification.history)

    def columns(self, name: str) -> list[int]:
        """Columns of one explanation, or of all together."""
        if name in (TOGETHER, LEARNER):
            return list(range(len(self.predictors.names)))
        return self.predictors.of(name)

    def variables(self, name: str) -> tuple[Variable, ...]:
        """Variables of one explanation, or of all together."""
        return tuple(
            v for t in self.predictors.theories if name in (t.name, TOGETHER) for v in t.variables
        )

    def problem(self, name: str) -> Problem:
        """The fit of one explanation, or of all together."""
        values = self.predictors.values[:, self.columns(name)]
        return Problem(self.units, values, self.specification)

    @functools.cached_property
    def theories(self) -> tuple[str, ...]:
        """Names of the explanations."""
        return tuple(theory.name for theory in self.predictors.theories)


@dataclass(frozen=True, eq=False)
class Contestant:
    """One forecaster: what it said out of sample, and what the laws of clumps make of it.

    ``asked`` holds its probabilities for the question's units, from a fit that saw none of them.
    """

    name: str
    out: Array
    expected: Array
    likelihood: Likelihood
    asked: Array

    def forecast(self, windows: Windows, judged: Flags) -> Forecast:
        """Its forecasts of units, and of windows by laws that never saw the window's spell."""
        law = self.likelihood.best()
        some = law.some(self.expected)
        labels = np.unique(windows.spell[judged])
        for place, label in enumerate(labels):
            weight = np.ones(len(labels))
            weight[place] = 0.0
            inside = windows.spell == label
            some[inside] = self.likelihood.best(weight).some(self.expected[inside])
        return Forecast(self.out, some, law)


def contest(world: World, names: tuple[str, ...], tell: Tell) -> dict[str, Contestant]:
    """Hold every target spell out in turn, under each forecaster."""
    # The longest first, so that nothing waits for it at the end.
    order = sorted(names, key=lambda name: (name != LEARNER, name != TOGETHER))
    found: dict[str, Contestant] = {}
    tell("held-out fits", 0, len(names))
    for name, one in zip(
        order, threads.each(lambda name: _contestant(world, name), order), strict=True
    ):
        found[name] = one
        tell("held-out fits", len(found), len(names))
    return {name: found[name] for name in names}


def _contestant(world: World, name: str) -> Contestant:
    forecast = forecaster(world, name)
    fold = world.units.fold(world.specification.fold)
    out = fits.held_out(forecast, fold, world.scored)
    ground, asked = world.ground, world.ground.asked
    own = forecast(ground.seen, asked)
    expected = world.windows.expected(out)
    return Contestant(name, out, expected, likelihood(world.windows, expected, ground.judged), own)


def forecaster(world: World, name: str) -> Forecaster:
    """How one forecaster is fitted."""
    if name == CLIMATOLOGY:
        return fits.climatology(world.units)
    if name == PERSISTENCE:
        return fits.persistence(world.units)
    if name == LEARNER:
        return fits.learner(world.problem(TOGETHER))
    return fits.ridge(world.problem(name))
