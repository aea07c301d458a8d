"""The verdict under every defensible choice, and which choices turn it.

The grid is declared in ``multiverse.toml``. The share of specifications that agree is no
probability: it says how much of an answer rests on the analyst's choices (Simonsohn, Simmons &
Nelson 2020; Steegen, Tuerlinckx, Gelman & Vanpaemel 2016).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import multiverse_plan as plans
from counterpoise.assessment import multiverse_rungs as rungs
from counterpoise.assessment import multiverse_world as worlds
from counterpoise.assessment.multiverse_grid import defaults
from counterpoise.assessment.multiverse_ripe import ripe_outcomes
from counterpoise.assessment.outcomes import Outcomes
from counterpoise.measures.reach import Reach
from counterpoise.workers import each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from counterpoise.assessment.multiverse_plan import Plan
    from counterpoise.assessment.multiverse_world import World
    from counterpoise.assessment.outcomes import Flip
    from counterpoise.assessment.question import Question
    from counterpoise.cases import Case

    Array = NDArray[np.float64]

ORDER = ("year", "roster", *rungs.AXES)
"""Factors of the observed strand, in the order of the axes of its outcomes."""


@dataclass(frozen=True, eq=False)
class Multiverse:
    """One verdict under every specification.

    Attributes
    ----------
    observed : the rung under every specification; its labels are the rungs.
    hard : is the bloc hard, ``yes``, ``no`` or ``unknown``? A rung may be unknown although hard
        is ruled out.
    heads : the rung with one state, one count in the hard strand. That was shown to be invalid,
        and is shown beside the multiverse to say what it would do.
    margins : by specification, the least of the figures in units of their cut-offs; 1 or more if
        and only if the rung is hard.
    ripe : the same for the question whether a coalition was to be expected; None without a case
        file.
    left_out : options that this question does not have, ``factor: option``, and why.
    """

    question: Question
    observed: Outcomes
    hard: Outcomes
    heads: Outcomes
    margins: Array
    ripe: Outcomes | None
    left_out: dict[str, str]

    @property
    def specifications(self) -> int:
        """Number of specifications of the observed rung."""
        return self.observed.specifications

    @property
    def agreeing(self) -> float:
        """Share of specifications on the rung of the default one."""
        return self.observed.agreeing

    @property
    def rungs(self) -> dict[str, float]:
        """Share of specifications by rung."""
        return self.observed.shares

    @property
    def flips(self) -> tuple[Flip, ...]:
        """Changes of one choice that turn the rung of some specification, most first."""
        return self.observed.flips

    def frame(self) -> pl.DataFrame:
        """One row per specification: its choices, ``rung``, ``margin`` and ``is_default``."""
        found = self.observed.frame().rename({"answer": "rung"})
        return found.with_columns(margin=self.margins.ravel())

    def to_dict(self) -> dict[str, object]:
        """Plain values, in the form of ``counterpoise assess --json``."""
        return {
            "specifications": self.specifications,
            "observed": self.observed.answer,
            "agreeing": self.agreeing,
            "rungs": self.rungs,
            "hard": self.hard.shares,
            "heads": {"observed": self.heads.answer, "rungs": self.heads.shares},
            "flips": [flip.to_dict() for flip in self.flips],
            "turning": self.observed.turning,
            "left_out": self.left_out,
            "ripe": None if self.ripe is None else _ripe(self.ripe),
        }


def _ripe(found: Outcomes) -> dict[str, object]:
    return {
        "specifications": found.specifications,
        "ripe": {"true": True, "false": False}.get(found.answer),
        "agreeing": found.agreeing,
        "shares": found.shares,
        "flips": [flip.to_dict() for flip in found.flips if flip.factor != "draw"],
        "turning": found.turning,
    }


def multiverse(question: Question, codings: Sequence[Case] | None = None) -> Multiverse | None:
    """The verdict of a question under every defensible choice.

    Parameters
    ----------
    codings : issue case files to use instead of shipped ones.

    Returns
    -------
    None where the pacts of the year are not in the record: no choice makes them known.
    """
    asked = replace(question, reach=Reach(question.reach.extend))
    if asked.day > asked.book.last_day:
        return None
    left_out: dict[str, str] = {}
    found = plans.plan(asked, left_out)
    judged = _judged(found)
    power, heads = (_weighted(found, judged, asked, strand) for strand in ("observed", "heads"))
    ripe = ripe_outcomes(found.questions, found.factors["power"], codings)
    return Multiverse(question, *power[:2], heads[0], power[2], ripe, left_out)


def _weighted(
    plan: Plan, judged: rungs.Judged, asked: Question, strand: str
) -> tuple[Outcomes, Outcomes, Array]:
    """Rungs, whether hard, and margins under the weights that are valid, or under the others."""
    factors = {name: plan.factors[name] for name in ORDER}
    weights, axis = factors["weights"], ORDER.index("weights")
    valid = weights.valid("observed")
    places = valid if strand == "observed" else [k for k in range(2) if k not in valid] or valid
    factors["weights"] = weights.only(places)
    chosen = defaults(asked) | {"weights": weights.values[places[0]]}
    default = tuple(factors[name].place(chosen[name]) for name in ORDER)
    kept = tuple(factors.values())
    return (
        Outcomes(kept, judged.rungs.take(places, axis), rungs.RUNGS, default),
        Outcomes(kept, judged.hard.take(places, axis), rungs.SIGNS, default),
        judged.margins.take(places, axis),
    )


def _judged(plan: Plan) -> rungs.Judged:
    return rungs.stack(each(partial(_year, plan), list(plan.questions.values())))


def _year(plan: Plan, question: Question) -> rungs.Judged:
    """Every specification of one year, the roster first."""
    cuts = plans.cuts(plan.factors)
    rosters = {name: plans.roster(question, str(name)) for name in plan.factors["roster"].values}
    everyone = {member for members in rosters.values() for member in members}
    seen = worlds.world(question, plans.choices(plan.factors), everyone)
    judged: dict[tuple[int, ...], rungs.Judged] = {}

    def judge(members: tuple[int, ...]) -> rungs.Judged:
        if members not in judged:
            judged[members] = rungs.judge(seen.of(members), cuts, question.rules)
        return judged[members]

    return rungs.stack(
        [
            _by_core(seen, judge) if name == "core" else judge(members)
            for name, members in rosters.items()
        ]
    )


def _by_core(seen: World, judge: Callable[[tuple[int, ...]], rungs.Judged]) -> rungs.Judged:
    """The hardest core differs by metric and by reading of pacts: each takes its own."""
    whole = judge(seen.members)
    found = rungs.Judged(
        *(getattr(whole, name).copy() for name in ("rungs", "hard", "margins", "nearness"))
    )
    for (m, d), members in worlds.cores(seen).items():
        own = judge(members)
        for name in ("rungs", "hard", "margins", "nearness"):
            getattr(found, name)[m, :, d] = getattr(own, name)[m, :, d]
    return found
