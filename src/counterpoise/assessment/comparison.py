"""Several blocs side by side, each against a target in a year, and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from counterpoise.assessment import resemblance
from counterpoise.assessment.answer import TABLES, citations, provenance
from counterpoise.assessment.verdict import Verdict, assess
from counterpoise.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

Given = TypeVar("Given", str, int)


@dataclass(frozen=True)
class Apart:
    """Distance of two blocs over all strands and in each; None where nothing is comparable."""

    one: str
    other: str
    distance: float | None
    strands: dict[str, float]


@dataclass(frozen=True)
class Comparison:
    """Verdicts side by side, and the distance of every pair."""

    verdicts: tuple[Verdict, ...]
    apart: tuple[Apart, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What each verdict is called: bloc and year."""
        return tuple(map(name, self.verdicts))

    def to_dict(self) -> dict[str, object]:
        """Plain values, in the form of ``counterpoise compare --json``."""
        return {
            "blocs": [_asked(found) for found in self.verdicts],
            "tests": [
                {
                    "name": check.name,
                    "title": check.title,
                    "threshold": check.threshold,
                    "source": check.source,
                    "values": [found.check(check.name).value for found in self.verdicts],
                    "passed": [found.check(check.name).passed for found in self.verdicts],
                }
                for check in self.verdicts[0].checks
            ],
            "distances": [
                {"one": a.one, "other": a.other, "distance": a.distance, "strands": a.strands}
                for a in self.apart
            ],
            "coverage": {name(found): found.coverage for found in self.verdicts},
            "provenance": provenance(TABLES),
            "citations": citations(TABLES),
        }


def name(found: Verdict) -> str:
    """Short name of a bloc, and the year."""
    return f"{found.question.bloc.key or found.question.bloc.name} {found.question.year}"


def _asked(found: Verdict) -> dict[str, object]:
    asked = found.question
    return {
        "name": name(found),
        "bloc": asked.bloc.name,
        "target": {"ccode": asked.target.ccode, "name": asked.target.name},
        "year": asked.year,
        "power": asked.metric,
        "observed": found.observed,
        "ripe": found.ripe,
    }


def compare(
    blocs: Sequence[str],
    against: Sequence[str],
    years: Sequence[int],
    power: str = "cinc",
    *,
    extend: bool = False,
) -> Comparison:
    """Judge several blocs and measure how far each pair lies apart.

    Parameters
    ----------
    blocs : two or more, each as in ``counterpoise.assess``.
    against, years : one for all of them, or one for each in the same order.

    Raises
    ------
    QuestionError : fewer than two blocs, or targets or years that do not match them.
    CounterpoiseError : one of the questions cannot be asked.
    """
    if len(blocs) < 2:
        raise QuestionError("Name two blocs or more to compare.")
    targets = _for_each(against, len(blocs), "target", "--against")
    when = _for_each(years, len(blocs), "year", "--year")
    found = tuple(
        assess(bloc, target, year, power, extend=extend)
        for bloc, target, year in zip(blocs, targets, when, strict=True)
    )
    profiles = [(name(verdict), resemblance.profile(verdict)) for verdict in found]
    return Comparison(found, tuple(_apart(one, two) for one, two in combinations(profiles, 2)))


def _apart(one: tuple[str, resemblance.Profile], two: tuple[str, resemblance.Profile]) -> Apart:
    found = resemblance.compare(two[0], one[1], two[1])
    return Apart(one[0], two[0], found.distance, found.apart)


def _for_each(given: Sequence[Given], number: int, what: str, option: str) -> Sequence[Given]:
    if len(given) == 1:
        return list(given) * number
    if len(given) != number:
        raise QuestionError(
            f"{number} blocs and {len(given)} {what}s: give {option} once for all of them, "
            "or once for each in the same order."
        )
    return given
