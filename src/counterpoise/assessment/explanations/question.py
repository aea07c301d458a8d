"""The question: one target over some years, checked against what the record covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.assessment.explanations import outcome
from counterpoise.assessment.explanations.outcome import LAST_YEAR
from counterpoise.assessment.explanations.units import starts
from counterpoise.errors import CoverageError, QuestionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.specification import Specification
    from counterpoise.assessment.explanations.units import Units

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """Why has no coalition formed against ``target`` from ``first`` to ``last``, both included?"""

    target: states.State
    first: int
    last: int

    def units(self, units: Units) -> Flags:
        """Units of the question: windows of the target that touch its years."""
        return units.within(self.target.ccode, self.first, self.last)

    def seen(self, units: Units, history: str) -> Flags:
        """Units that a fit for the question may see: none of its own."""
        return self.scored(units, history) & ~self.units(units)

    def scored(self, units: Units, history: str) -> Flags:
        """Units that forecasts are fitted on and scored by, held out in turn."""
        return units.known & (units.start < self.first) if history == "before" else units.known

    def part(self, start: NDArray[np.int64], years: int) -> Array:
        """Share of each window's own years (to the end of the record) that are asked about."""
        end = np.minimum(start + years - 1, LAST_YEAR)
        inside = np.minimum(end, self.last) - np.maximum(start, self.first) + 1
        return np.asarray(inside / (end - start + 1))


def ask(against: str | int, first: int, last: int, specification: Specification) -> Asked:
    """Resolve and check a question.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such state, or several.
    CoverageError : the years lie outside the record, or the state did not exist.
    QuestionError : the years end before they begin, or the state was no power in some of them.
    """
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    earliest = starts(specification.years)[0]
    if first < earliest or last > LAST_YEAR:
        raise CoverageError(
            f"Pacts and predictors reach from {earliest} to {LAST_YEAR}; asked: {first} to {last}."
        )
    target = states.state(against, first)
    kind = specification.targets
    years = [y for y in range(first, last + 1) if target.ccode not in outcome.targets(y, kind)]
    if years:
        what = "a major power" if kind == "majors" else "the leader under any metric"
        names = ", ".join(
            states.names().name(c, years[0]) for c in sorted(outcome.targets(years[0], kind))
        )
        raise QuestionError(
            f"{target.name} was not {what} in {years[0]}. Ask about one that was: {names}"
        )
    return Asked(target, first, last)
