"""One bloc against one target over the years: a row per year, null where the bloc did not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.assessment.answer import hard
from counterpoise.assessment.verdict import Verdict, assess
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures.rules import STANDARD, Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCHEMA: dict[str, type[pl.DataType]] = {
    "year": pl.Int32,
    "observed": pl.String,
    "ripe": pl.Boolean,
    "members": pl.Int32,
    "bound_share": pl.Float64,
    "bound_dyads": pl.Int32,
    "dyads": pl.Int32,
    "core_bound": pl.Boolean,
    "directedness": pl.Float64,
    "directedness_without_strongest": pl.Float64,
    "directed": pl.Boolean,
    "power_ratio": pl.Float64,
    "strong_enough": pl.Boolean,
    "allied_with_target_share": pl.Float64,
    "penetration_share": pl.Float64,
    "exercises_without_target": pl.Int32,
    "milex_growth_5y": pl.Float64,
    "consensus": pl.String,
    "survival_share": pl.Float64,
    "soft_percentile": pl.Float64,
    "reason": pl.String,
}
"""Columns of a track with their types; shares in [0, 1], growth in log points per year."""
MOST_YEARS = 500


def track(
    bloc: str | Sequence[str | int],
    against: str | int,
    first: int,
    last: int,
    power: str = "cinc",
    rules: Rules = STANDARD,
    *,
    extend: bool = False,
    pacts: Path | None = None,
) -> pl.DataFrame:
    """The verdict and its figures for every year from ``first`` to ``last``.

    Years in which the bloc or target did not exist, or that nothing covers, are null rows whose
    ``reason`` says why.

    Raises
    ------
    CounterpoiseError : the question is wrong in every one of the years.
    """
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    if last - first >= MOST_YEARS:
        raise QuestionError(f"{first} to {last} is too long a track: ask for {MOST_YEARS} years.")
    rows, faults = [], []
    for year in range(first, last + 1):
        try:
            rows.append(_row(assess(bloc, against, year, power, rules, extend=extend, pacts=pacts)))
        except (CoverageError, QuestionError) as error:
            faults.append(error)
            rows.append({"year": year, "reason": str(error)})
    if len(faults) == len(rows):
        raise faults[0]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(verdict: Verdict) -> dict[str, object]:
    found = hard(verdict) | _others(verdict)
    return {name: found.get(name) for name in SCHEMA}


def _others(verdict: Verdict) -> dict[str, object]:
    activity, consensus = verdict.hard.activity, verdict.consensus
    joint = activity.exercises
    return {
        "year": verdict.question.year,
        "observed": verdict.observed,
        "ripe": verdict.ripe,
        "members": len(verdict.question.members),
        "exercises_without_target": joint.without_target if joint else None,
        "milex_growth_5y": activity.arming[0].bloc,
        "consensus": consensus.power.kind if consensus else None,
        "soft_percentile": verdict.trust.coordination.percentile,
        "survival_share": verdict.check("survival_share").value,
        "reason": verdict.coverage.get("hard"),
    }
