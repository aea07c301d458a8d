"""How many specifications get the coded cases right, and the verdict among those.

A choice that is defensible on paper may still misjudge what historians agree on. The coded cases
weigh the specifications; they never move a cut-off.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record
from counterpoise.assessment import multiverse_plan as plans
from counterpoise.assessment import multiverse_rungs as rungs
from counterpoise.assessment import multiverse_world as worlds
from counterpoise.assessment.multiverse import ORDER
from counterpoise.assessment.question import ask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.multiverse_grid import Factor

    Array = NDArray[np.float64]

SHARED = rungs.AXES
"""Factors that mean the same in every case; roster and year are a question's own."""


@dataclass(frozen=True, eq=False)
class Scored:
    """The coded cases under every specification of the shared factors.

    ``right`` is the share of cases, of those that a specification can answer, in which verdict and
    historians agree on hard or not hard; its axes are the factors.
    """

    cases: tuple[str, ...]
    factors: tuple[Factor, ...]
    right: Array

    @property
    def perfect(self) -> float:
        """Share of specifications that get every case right."""
        return float((self.right == 1).mean())


def scored(multiverse: Multiverse, *, held_out: bool = False) -> Scored:
    """Judge the cases that historians agree on under the specifications of a multiverse.

    Parameters
    ----------
    held_out : the cases held out, or the others.
    """
    factors = multiverse.observed.factors
    return _scored(tuple(f for f in factors if f.name in SHARED), held_out)


@functools.lru_cache(maxsize=16)
def _scored(factors: tuple[Factor, ...], held_out: bool) -> Scored:
    by_name = {factor.name: factor for factor in factors}
    choices, cuts = plans.choices(by_name), plans.cuts(by_name)
    shape = tuple(len(factor.values) for factor in factors)
    right, asked, names = np.zeros(shape), np.zeros(shape), []
    for row in record.coded("balancing_cases").iter_rows(named=True):
        if row["members"] and row["agreement"] == "agreed" and row["held_out"] == held_out:
            members = [int(code) for code in row["members"].split()]
            question = ask(members, row["target_ccode"], row["ref_year"])
            found = rungs.judge(worlds.world(question, choices), cuts, question.rules)
            right += found.hard == (row["code"] == "hard")
            asked += found.hard != rungs.MAYBE
            names.append(row["case_id"])
    return Scored(tuple(names), factors, right / np.maximum(asked, 1))


@dataclass(frozen=True)
class AmongRight:
    """The verdict among the specifications that judge the coded cases best.

    ``kept`` is the share of specifications that do at least as well as the default one; ``rungs``
    and ``held_out`` are the shares by rung, and the mean share of the cases held out that is
    right, among those. ``best`` and ``default`` are shares of the cases in use that are right.
    """

    cases: int
    perfect: float
    best: float
    default: float
    kept: float
    rungs: dict[str, float]
    held_out: float
    held_out_of_all: float


def among_right(found: Multiverse) -> AmongRight:
    """Judge the coded cases under every specification, and ask the best ones for the verdict."""
    used, others = scored(found), scored(found, held_out=True)
    places = tuple(found.observed.default[ORDER.index(name)] for name in SHARED)
    default = float(used.right[places])
    kept = used.right >= default
    codes = found.observed.codes
    chosen = codes[np.broadcast_to(kept, codes.shape)]
    counted = np.bincount(chosen, minlength=len(rungs.RUNGS)) / chosen.size
    return AmongRight(
        cases=len(used.cases),
        perfect=used.perfect,
        best=float(used.right.max()),
        default=default,
        kept=float(kept.mean()),
        rungs=dict(zip(rungs.RUNGS, counted.tolist(), strict=True)),
        held_out=float(others.right[kept].mean()),
        held_out_of_all=float(others.right.mean()),
    )
