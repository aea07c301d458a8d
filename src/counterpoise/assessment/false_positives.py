"""How often matched random groups are called hard, over all years and targets.

Years are drawn evenly, blocs from everything that the record names in the year, and targets by
thirds from the leading states, the major powers and all states of the year. Groups that might
stand in each bloc's place are judged by the same rules. None shares more than half its members
with the bloc, or with a coded coalition against the target.
"""

from __future__ import annotations

import collections
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.assessment import candidates, groups, sweep
from counterpoise.assessment.backtest import judged_cases
from counterpoise.assessment.survey import Plan, Views
from counterpoise.measures import power
from counterpoise.measures.direction_arrays import UNKNOWN, YES
from counterpoise.workers import each, pieces, using

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counterpoise.assessment.candidates import Candidate
    from counterpoise.assessment.groups import Likeness

    Cell = tuple[Candidate, int, str]

SEED = 19490404
PIECE = 100
"""Cells in one piece of work."""

EACH = 4
"""Groups drawn for one bloc, target and year."""

KINDS = ("leader", "major", "any")
"""How a target was chosen: leading state, major power, any state of the year."""

RESAMPLES = 2000


@dataclass(frozen=True)
class FalsePositives:
    """What became of the groups.

    ``cells`` has one row per bloc, target and year: kind of target, year, size of the bloc, groups
    whose verdict is known, and hard ones. ``unknown`` counts groups without a known verdict,
    ``impossible`` cells for which no group could be drawn.
    """

    cells: pl.DataFrame
    unknown: int
    impossible: int
    seed: int

    @property
    def groups(self) -> int:
        """Groups with a known verdict."""
        return int(self.cells["known"].sum())

    @property
    def share(self) -> float:
        """Share of them that is hard."""
        return int(self.cells["hard"].sum()) / self.groups

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Percentile interval of the share: cells are drawn again, for their groups are alike."""
        known, hard = (self.cells[n].to_numpy() for n in ("known", "hard"))
        rng = np.random.default_rng(self.seed)
        drawn = rng.integers(len(known), size=(RESAMPLES, len(known)))
        shares = hard[drawn].sum(axis=1) / known[drawn].sum(axis=1)
        low, high = np.quantile(shares, ((1 - level) / 2, (1 + level) / 2))
        return float(low), float(high)

    def by(self, *columns: pl.Expr | str) -> pl.DataFrame:
        """Groups, hard ones and their share in each part of the cells."""
        sums = (pl.len().alias("cells"), pl.col("known").sum(), pl.col("hard").sum())
        names = [c if isinstance(c, str) else c.meta.output_name() for c in columns]
        table = self.cells.group_by(*columns).agg(*sums).sort(names)
        return table.with_columns(share=pl.col("hard") / pl.col("known"))


def false_positives(
    count: int = 10_000,
    seed: int = SEED,
    metric: str = "cinc",
    *,
    first: int = 1816,
    last: int = 2018,
    rules: Likeness = groups.STANDARD,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> FalsePositives:
    """Draw at least ``count`` matched groups with a known verdict and judge them.

    Parameters
    ----------
    rules : how groups are matched, and what of the bloc's power they may hold.
    workers, scheduler : who works; as chosen outside by ``workers.using``, or this process.
    """
    plan = Plan(((0, (first, last)),), metric, seed=seed)
    rng = np.random.default_rng(seed)
    listed = _fitting(first, last)
    rows: list[tuple[str, int, int, int, int]] = []
    unknown = impossible = known = 0
    with using(workers, scheduler):
        while known < count:
            cells = _cells(listed, rng, metric, (count - known) // EACH + 50)
            runs = [cells[r.start : r.stop] for r in pieces(len(cells), PIECE)]
            judged = each(partial(_judged, plan, rules), runs)
            rows += [row for run in judged for row in run.rows]
            unknown += sum(run.unknown for run in judged)
            impossible += sum(run.impossible for run in judged)
            known = sum(row[3] for row in rows)
            tell(min(known, count), count)
    schema = {
        "kind": pl.String,
        "year": pl.Int32,
        "size": pl.Int32,
        "known": pl.Int64,
        "hard": pl.Int64,
    }
    return FalsePositives(
        pl.DataFrame(rows, schema=schema, orient="row"), unknown, impossible, seed
    )


class _Run(NamedTuple):
    """Some cells: rows of those with groups, groups without a verdict, cells without groups."""

    rows: list[tuple[str, int, int, int, int]]
    unknown: int
    impossible: int


def _judged(plan: Plan, rules: Likeness, cells: Sequence[Cell]) -> _Run:
    views = Views(plan)
    rows = []
    unknown = impossible = 0
    for candidate, target, kind in cells:
        seen = views.of(target, candidate.day, candidate.members)
        running = groups.runners(plan.seed, candidate.key, 0, [(seen, candidate.members)])
        drawn = groups.draw(seen, candidate.members, running, rules, most=EACH)
        codes = drawn.codes[~drawn.stuck]
        if not len(codes):
            impossible += 1
            continue
        hard = sweep.measure(seen, seen.places_of(codes)).hard
        unknown += int((hard == UNKNOWN).sum())
        counts = int((hard != UNKNOWN).sum()), int((hard == YES).sum())
        rows.append((kind, candidate.year, len(candidate.members), *counts))
    return _Run(rows, unknown, impossible)


def _fitting(first: int, last: int) -> list[Candidate]:
    """Blocs of a size that a coalition can have, no two of a year with the same members."""
    others = {y: len(states.system(y)) - 1 for y in range(first, last + 1)}
    return [
        c
        for c in candidates.distinct(candidates.of_years(first, last))
        if candidates.SMALLEST <= len(c.members) <= candidates.LARGEST_SHARE * others[c.year]
    ]


def _cells(
    listed: Sequence[Candidate], rng: np.random.Generator, metric: str, count: int
) -> list[Cell]:
    """Years drawn evenly, then blocs and targets; in the order of years and targets."""
    by_year: dict[int, list[Candidate]] = {}
    for candidate in listed:
        by_year.setdefault(candidate.year, []).append(candidate)
    drawn = []
    for year in rng.choice(sorted(by_year), size=count):
        candidate = by_year[year][int(rng.integers(len(by_year[year])))]
        kind = str(rng.choice(KINDS))
        options = [c for c in _targets(candidate.year, kind, metric) if c not in candidate.members]
        if options:
            drawn.append((candidate, int(rng.choice(options)), kind))
    return sorted(drawn, key=lambda cell: (cell[0].day, cell[1], cell[0].key))


def _targets(year: int, kind: str, metric: str) -> list[int]:
    if kind == "leader":
        found = power.leadership(metric, year)
        return [found.ccode] if found else []
    if kind == "major":
        last = record.coverage("majors")[1]
        return power.majors(min(year, last)) or []
    return states.system(year)


@dataclass(frozen=True)
class Recall:
    """How many of the coded hard cases the verdict calls hard, with and without contested ones."""

    agreed: tuple[int, int]
    every: tuple[int, int]


def recall(metric: str = "cinc") -> Recall:
    """Hard verdicts among the coded hard cases whose verdict is known: found, and in all."""
    found: collections.Counter[tuple[bool, bool]] = collections.Counter()
    for case in judged_cases(power=metric):
        if case.code == "hard" and case.agrees is not None:
            found[case.is_agreed, case.agrees] += 1
    agreed = found[True, True], found[True, True] + found[True, False]
    every = agreed[0] + found[False, True], sum(found.values())
    return Recall(agreed, every)
