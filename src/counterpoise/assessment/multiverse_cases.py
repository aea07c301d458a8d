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
from counterpoise.assessment.backtest import FIRST
from counterpoise.assessment.multiverse import ORDER, multiverse
from counterpoise.assessment.question import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def scored(found: Multiverse, which: str = "open") -> Scored:
    """Judge the cases that historians agree on under the specifications of a multiverse.

    Parameters
    ----------
    which : ``first``, the cases that the cut-offs were set on; ``open``, those and the added ones
        that are not held out; ``held out``.
    """
    factors = found.observed.factors
    return _scored(tuple(f for f in factors if f.name in SHARED), which)


@functools.lru_cache(maxsize=16)
def _scored(factors: tuple[Factor, ...], which: str) -> Scored:
    by_name = {factor.name: factor for factor in factors}
    choices, cuts = plans.choices(by_name), plans.cuts(by_name)
    shape = tuple(len(factor.values) for factor in factors)
    right, asked, names = np.zeros(shape), np.zeros(shape), []
    for row in record.coded("balancing_cases").iter_rows(named=True):
        if row["members"] and row["agreement"] == "agreed" and _belongs(row, which):
            members = [int(code) for code in row["members"].split()]
            question = ask(members, row["target_ccode"], row["ref_year"])
            found = rungs.judge(worlds.world(question, choices), cuts, question.rules)
            right += found.hard == (row["code"] == "hard")
            asked += found.hard != rungs.MAYBE
            names.append(row["case_id"])
    return Scored(tuple(names), factors, right / np.maximum(asked, 1))


def _belongs(row: Mapping[str, object], which: str) -> bool:
    if which == "first":
        return row["case_id"] in FIRST
    return bool(row["held_out"]) == (which == "held out")


@dataclass(frozen=True)
class AmongRight:
    """The verdict among the specifications that judge some coded cases best.

    ``best`` and ``default`` are shares of the cases that are right. ``perfect`` and ``kept`` are
    shares of specifications: those that get every case right, and those that do at least as well
    as the default one. ``rungs`` are shares by rung among the kept; ``held_out`` is the mean share
    of the cases held out that is right among the kept, ``held_out_of_all`` among all.
    """

    cases: int
    best: float
    default: float
    perfect: float
    kept: float
    rungs: dict[str, float]
    held_out: float
    held_out_of_all: float


def among_right(found: Multiverse, which: str = "open") -> AmongRight:
    """Judge coded cases under every specification, and ask the best ones for the verdict."""
    used, others = scored(found, which), scored(found, "held out")
    places = tuple(found.observed.default[ORDER.index(name)] for name in SHARED)
    default = float(used.right[places])
    kept = used.right >= default
    codes = found.observed.codes
    chosen = codes[np.broadcast_to(kept, codes.shape)]
    counted = np.bincount(chosen, minlength=len(rungs.RUNGS)) / chosen.size
    return AmongRight(
        cases=len(used.cases),
        best=float(used.right.max()),
        default=default,
        perfect=used.perfect,
        kept=float(kept.mean()),
        rungs=dict(zip(rungs.RUNGS, counted.tolist(), strict=True)),
        held_out=float(others.right[kept].mean()),
        held_out_of_all=float(others.right.mean()),
    )


NAMED = (
    ("SCO", "USA", 2006),
    ("NATO", "Russia", 1985),
    ("Warsaw Pact", "USA", 1985),
    ("RUS,CHN", "USA", 2001),
    ("RUS,CHN", "USA", 2010),
    ("RUS,CHN", "USA", 2018),
    ("EU", "USA", 2003),
    ("CSTO", "USA", 2010),
)
"""Questions whose multiverse the documentation shows."""

TOLD = 4
"""Flips told of each question."""


def as_markdown() -> str:
    """The multiverse of the named questions, as Markdown for the documentation."""
    titles = (
        "question",
        "as asked",
        "specifications",
        "agreeing",
        "hard",
        "unknown",
        "by heads",
        "hard among those that judge the first cases rightly",
        "what turns it",
    )
    lines = [_line(titles), _line(["---"] * len(titles))]
    for bloc, target, year in NAMED:
        found = multiverse(ask(bloc, target, year))
        assert found is not None, f"{bloc} {year}: the pacts are in the record"
        lines.append(_line(_told(found)))
    return "\n".join(lines) + "\n"


def _told(found: Multiverse) -> list[str]:
    asked = found.question
    among = among_right(found, "first")
    turns = [
        f"{flip.factor} {_text(flip.from_option)} to {_text(flip.to_option)} ({flip.share:.0%}"
        f"; alone: {flip.alone})"
        for flip in found.flips[:TOLD]
    ]
    return [
        f"{asked.bloc.name} against {asked.target.name}, {asked.year}",
        found.observed.answer,
        f"{found.specifications:,}",
        f"{found.agreeing:.1%}",
        f"{found.hard.shares['yes']:.1%}",
        f"{found.rungs['unknown']:.1%}",
        found.heads.answer,
        f"{among.rungs['hard']:.1%}",
        "; ".join(turns) or "nothing",
    ]


def _text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
