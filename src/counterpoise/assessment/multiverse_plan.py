"""Which options of the declared grid a question has, and the question in each of its years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import blocs, states
from counterpoise.assessment import weighing
from counterpoise.assessment.multiverse_grid import declared, defaults
from counterpoise.assessment.multiverse_rungs import Cuts
from counterpoise.assessment.multiverse_world import Choices
from counterpoise.errors import CoverageError
from counterpoise.measures.hostility import HostilityRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from counterpoise.assessment.multiverse_grid import Factor, Value
    from counterpoise.assessment.question import Question

    Array = NDArray[np.float64]


def choices(factors: Mapping[str, Factor]) -> Choices:
    """What the arrays run over under some factors."""
    rules = tuple(
        HostilityRule(int(window), rivalries=source == "disputes and rivalries")
        for source in factors["hostility"].values
        for window in factors["window"].values
    )
    metrics, weights, readings = (_texts(factors[n]) for n in ("power", "weights", "pacts"))
    return Choices(metrics, weights, readings, rules)


def cuts(factors: Mapping[str, Factor]) -> Cuts:
    """The cut-offs of some factors."""
    names = ("bound_share", "directedness", "directedness_rest")
    bound, share, rest = (np.array([float(v) for v in factors[n].values]) for n in names)
    return Cuts(bound, share, rest, _texts(factors["target_side"]), len(factors["window"].values))


def _texts(factor: Factor) -> tuple[str, ...]:
    return tuple(str(value) for value in factor.values)


@dataclass(frozen=True, eq=False)
class Plan:
    """The factors that a question has, by name, and the question in each of its years."""

    factors: dict[str, Factor]
    questions: dict[int, Question]


def plan(asked: Question, left_out: dict[str, str]) -> Plan:
    """The options that a question has; those left out are noted with the reason."""
    chosen = defaults(asked)
    factors = {f.name: f.with_asked(chosen[f.name]) for f in declared().of("observed", "both")}
    questions: dict[int, Question] = {}
    for offset in factors["year"].values:
        try:
            questions[int(offset)] = _in_year(asked, int(offset))
        except CoverageError as error:
            left_out[f"year: {offset:+d}"] = str(error)
    kept: dict[str, list[Value]] = {"year": list(questions)}
    kept["power"] = _metrics(asked, factors["power"], left_out)
    kept["roster"] = _rosters(questions, factors["roster"], left_out)
    for name, values in kept.items():
        factors[name] = factors[name].only([factors[name].place(value) for value in values])
    return Plan(factors, questions)


def _in_year(asked: Question, offset: int) -> Question:
    """The question in another year.

    Raises
    ------
    CoverageError : it cannot be asked there.
    """
    if not offset:
        return asked
    year = asked.year + offset
    target = states.state(asked.target.ccode, year)
    found = replace(asked, year=year, bloc=_bloc(asked, year), target=target)
    if found.day > found.book.last_day:
        raise CoverageError(f"the pacts of {year} are not in the record")
    if len(found.members) < 2 or target.ccode in found.members:
        raise CoverageError(f"no bloc of two without its target in {year}")
    if weighing.member_power(found) is None:
        raise CoverageError(f"some member has no power figure under {found.metric} in {year}")
    return found


def _bloc(asked: Question, year: int) -> blocs.Bloc:
    """The bloc in another year; a list or a file names the same states."""
    extend = asked.reach.extend
    return blocs.bloc(asked.bloc.key or list(asked.members), year, extend=extend)


def _metrics(asked: Question, factor: Factor, left_out: dict[str, str]) -> list[Value]:
    """The metrics under which every member has a figure, and the one asked for."""
    kept = []
    for metric in factor.values:
        known = weighing.member_power(replace(asked, metric=str(metric)))
        if known is not None or metric == asked.metric:
            kept.append(metric)
        else:
            left_out[f"power: {metric}"] = f"some member has no figure in {asked.year}"
    return kept


def _rosters(
    questions: dict[int, Question], factor: Factor, left_out: dict[str, str]
) -> list[Value]:
    """The rosters that the bloc has in every year measured."""
    kept = []
    for name in factor.values:
        try:
            for question in questions.values():
                roster(question, str(name))
        except CoverageError as error:
            left_out[f"roster: {name}"] = str(error)
        else:
            kept.append(name)
    return kept


def roster(question: Question, name: str) -> tuple[int, ...]:
    """Members under one roster; the hardest core lies among those of the treaty.

    Raises
    ------
    CoverageError : the bloc has no such roster in the year.
    """
    if name in ("treaty", "core"):
        return question.members
    if question.bloc.key is None:
        raise CoverageError("a list of states is the same in every year")
    year = question.year + {"earlier": -1, "later": 1}[name]
    found = _bloc(question, year).members
    system = set(states.system(question.year))
    if question.target.ccode in found or len(system & set(found)) < 2:
        raise CoverageError(f"no bloc of two without its target in {year}")
    return tuple(c for c in found if c in system)
