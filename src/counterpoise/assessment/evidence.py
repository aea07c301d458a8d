"""The rows of the record behind a finding: pacts, disputes and rivalries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import record
from counterpoise.measures.hostility import SERIOUS

if TYPE_CHECKING:
    from counterpoise.assessment.hard_strand import HardStrand
    from counterpoise.assessment.question import Question


@dataclass(frozen=True)
class Evidence:
    """What makes a bloc bound and directed.

    Attributes
    ----------
    pacts : pacts that tie members; ``anchor`` is the one that carries its direction, signed in
        ``signed``; ``measured`` is the year that hostility is read in.
    disputes : serious disputes of members with the target in the years up to ``measured``.
    rivalries : rivalries of members with the target in ``measured``.
    """

    pacts: tuple[str, ...]
    anchor: str | None
    signed: int | None
    measured: int | None
    onset: int | None
    stage: str | None
    directed_without_rivalries: bool | None
    disputes: tuple[dict[str, Any], ...]
    rivalries: tuple[dict[str, Any], ...]


def evidence(question: Question, strand: HardStrand) -> Evidence | None:
    """The rows behind an answer; None where the pacts of the year are not in the record."""
    bind, aim = strand.binding, strand.directedness
    if bind is None or aim is None:
        return None
    year = aim.measured or question.year
    window = question.rules.hostility.window
    return Evidence(
        pacts=bind.pacts,
        anchor=aim.pact,
        signed=aim.signed,
        measured=aim.measured,
        onset=aim.onset,
        stage=aim.stage,
        directed_without_rivalries=aim.directed_without_rivalries,
        disputes=_disputes(question.members, question.target.ccode, year, window),
        rivalries=_rivalries(question.members, question.target.ccode, year),
    )


def _disputes(
    members: tuple[int, ...], target: int, year: int, window: int
) -> tuple[dict[str, Any], ...]:
    serious = pl.max_horizontal("hostlev1", "hostlev2") >= SERIOUS
    rows = record.table("dispute_dyads").filter(
        serious
        & pl.col("ccode1").is_in(list(members))
        & (pl.col("ccode2") == target)
        & pl.col("year").is_between(year - window + 1, year)
    )
    level = pl.max_horizontal("hostlev1", "hostlev2").alias("hostility")
    found = rows.select("dispnum", "year", pl.col("ccode1").alias("ccode"), level)
    return tuple(found.sort("year", "dispnum", "ccode").to_dicts())


def _rivalries(members: tuple[int, ...], target: int, year: int) -> tuple[dict[str, Any], ...]:
    one, two = pl.col("ccode1"), pl.col("ccode2")
    inside = list(members)
    mutual = (one.is_in(inside) & (two == target)) | (two.is_in(inside) & (one == target))
    rows = record.table("rivalries").filter(
        mutual & (pl.col("start_year") <= year) & (pl.col("end_year") >= year)
    )
    other = pl.when(one == target).then(two).otherwise(one).alias("ccode")
    return tuple(rows.select("tssr_id", other, "start_year", "end_year").sort("tssr_id").to_dicts())
