"""Look everywhere: every bloc, every year, against a target, ranked and corrected for looking.

The question is the article's: has a balancing coalition emerged anywhere? A scan measures every
organisation, alliance, informal group and detected cluster, draws matched groups beside each, and
controls the rate of false discoveries over blocs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.assessment import discovery, parts, survey, trial
from counterpoise.assessment.survey import Plan
from counterpoise.record.store import CODED
from counterpoise.version import __version__
from counterpoise.workers import using

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterpoise.assessment.survey import Found
    from counterpoise.assessment.trial import Unit
    from counterpoise.schema import DataType

SEED = 20180101
RATE = 0.05
"""False-discovery rate in use unless another is given."""

MOST = 50_000
"""Draws for one bloc that no rate of discovery asks to exceed."""

PART_COST = 1500
"""Work in one part: some seconds."""

TABLES = ("atop_members", "dispute_dyads", "rivalries", "nmc", "gdp_population", "states")
BESIDE = (
    *("igo_memberships", "informal_memberships", "informal_members", "exercises"),
    *("exercise_participants", "un_votes", "un_roll_calls", "published_ideal_points"),
)
CODED_TABLES = ("blocs", "bloc_members", "balancing_cases")

Tell = Callable[[str, int, int], None]
"""Called with the target's name and how many parts of its work are finished, of how many."""

WHOLE: dict[str, DataType] = {
    "target": pl.Int32,
    "key": pl.String,
    "score": pl.Float64,
    "best_year": pl.Int32,
    "draws": pl.Int64,
    "exceeded": pl.Int64,
    "p_value": pl.Float64,
}
"""Columns of a bloc against a target over all years."""

YEARLY: dict[str, DataType] = {
    "target": pl.Int32,
    "key": pl.String,
    "year": pl.Int32,
    "draws": pl.Int64,
    "exceeded": pl.Int64,
    "placebo_hard": pl.Int64,
    "placebo_known": pl.Int64,
    "reason": pl.String,
}
"""Columns of the random groups of one bloc and year."""

OWN: dict[str, DataType] = {
    "target": pl.Int32,
    "key": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "year": pl.Int32,
    "members": pl.List(pl.Int32),
    "also": pl.List(pl.String),
    "observed": pl.String,
    "score": pl.Float64,
    "bound_share": pl.Float64,
    "core_bound": pl.Boolean,
    "directedness": pl.Float64,
    "directedness_without_strongest": pl.Float64,
    "directed": pl.Boolean,
    "signed": pl.Int32,
    "strong_enough": pl.Boolean,
    "allied_with_target_share": pl.Float64,
    "strongest": pl.Int32,
    "pact": pl.String,
    "pact_share": pl.Float64,
    "pact_members": pl.List(pl.Int32),
}
"""Columns of a bloc's own figures in one year."""


@dataclass(frozen=True)
class Scan:
    """What a scan found, and what it looked at.

    Attributes
    ----------
    against : what was asked: a state, ``leader`` or ``majors``.
    blocs : one row per bloc and target: score, best year, p-value and q-values.
    years : one row per bloc, target and year: its figures and the groups beside it.
    searched : what was listed, and what was left out and why.
    rate : false-discovery rate asked for.
    """

    against: str
    plan: Plan
    blocs: pl.DataFrame
    years: pl.DataFrame
    searched: dict[str, int]
    rate: float

    @property
    def smallest_p(self) -> float:
        """Smallest p-value that the draws can give."""
        return 1 / (1 + max(self.plan.most, self.plan.draws))

    @property
    def tests(self) -> int:
        """Number of blocs that the correction runs over."""
        return self.blocs["p_value"].drop_nulls().len()

    @property
    def placebo_hard_share(self) -> float | None:
        """Share of the random groups that are hard; None unless they were drawn for every bloc."""
        if not self.plan.draw_all:
            return None
        known, hard = (int(self.years[f"placebo_{n}"].sum()) for n in ("known", "hard"))
        return hard / known if known else None

    def hits(self) -> pl.DataFrame:
        """Bloc-years that are hard, with the bloc's q-values, the surest first."""
        columns = ("target", "key", "p_value", "q_value", "q_value_any_dependence")
        joined = self.years.filter(pl.col("observed") == "hard").join(
            self.blocs.select(columns), on=["target", "key"], how="left", validate="m:1"
        )
        return joined.sort(
            "q_value", "score", "key", "year", descending=[False, True, False, False],
            nulls_last=True,
        )  # fmt: skip


def scan(
    against: str | int,
    first: int,
    last: int | None = None,
    power: str = "cinc",
    *,
    draws: int = 1000,
    most: int | None = None,
    seed: int = SEED,
    rate: float = RATE,
    draw_all: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path | None = None,
    tell: Tell = lambda target, finished, total: None,
) -> Scan:
    """Search every bloc in every year for a hard-balancing coalition against a target.

    Parameters
    ----------
    against : a state, ``leader`` (the leading state of each year under ``power``) or ``majors``.
    first, last : years, both included; one year without ``last``. Pacts end in 2018.
    draws : matched groups for each bloc and year.
    most : draws for a hard bloc that hardly any group reaches; without it as many as a discovery
        at ``rate`` needs among so many blocs, up to ``MOST``.
    draw_all : draw also for blocs that are never hard; otherwise their p-value counts as 1.
    workers : processes; the answer is the same for any number.
    scheduler : address of a Dask scheduler whose workers do the work instead.
    folder : where finished parts are kept; work that was interrupted goes on from there.

    Raises
    ------
    CounterpoiseError : the question cannot be asked; the message says why.
    """
    last = first if last is None else last
    plan = Plan(
        survey.targets(against, first, last, power), power, draws, most or draws, seed, draw_all
    )
    with using(workers, scheduler):
        results = [
            scanned(replace(plan, targets=(one,)), None if most else rate, folder, tell)
            for one in plan.targets
        ]
    years = pl.concat([r.own for r in results]).join(
        pl.concat([r.yearly for r in results]),
        on=["target", "key", "year"],
        how="left",
        validate="1:1",
    )
    searched: dict[str, int] = {}
    for name, count in (pair for r in results for pair in r.searched.items()):
        searched[name] = searched.get(name, 0) + count
    blocs = _corrected(pl.concat([r.whole for r in results]))
    plan = replace(plan, most=max(r.most for r in results))
    return Scan(str(against), plan, blocs, years, searched, rate)


@dataclass(frozen=True)
class Result:
    """Everything about one target: own figures, blocs, groups by year, what was searched."""

    own: pl.DataFrame
    whole: pl.DataFrame
    yearly: pl.DataFrame
    searched: dict[str, int]
    most: int


def scanned(
    plan: Plan,
    rate: float | None = None,
    folder: Path | None = None,
    tell: Tell = lambda target, finished, total: None,
) -> Result:
    """Scan against the one target of a plan; with a ``rate`` draw as much as a discovery needs."""
    ((target, years),) = plan.targets
    name = states.names().name(target, years[-1])
    seen = survey.survey(plan)
    every = trial.units(seen.found)
    if rate is not None:
        plan = replace(plan, most=_enough(plan, every, rate))
    drawn = [unit for unit in every if trial.is_drawn(unit, plan)]
    store = parts.Store.opened(folder, _what(plan, drawn), (WHOLE, YEARLY))
    whole, yearly = parts.done(
        _work, plan, _divided(drawn), store, lambda done, all_: tell(name, done, all_)
    )
    rest = [trial.as_rows(trial.undrawn(u))[0] for u in every if not trial.is_drawn(u, plan)]
    own = pl.DataFrame([_own(f) for f in seen.found], schema=OWN, orient="row")
    blocs = pl.concat([whole, pl.DataFrame(rest, schema=WHOLE, orient="row")])
    return Result(own, blocs, yearly, seen.counts, plan.most)


def _enough(plan: Plan, listed: Sequence[Unit], rate: float) -> int:
    """Draws by which the smallest p-value is half of what makes all hard blocs discoveries."""
    hard = sum(trial.is_hard(unit) for unit in listed)
    needed = 2 * len(listed) / (max(rate, 1e-6) * max(hard, 1))
    return int(min(max(plan.draws, needed), max(plan.draws, MOST)))


def _divided(listed: Sequence[Unit]) -> list[list[Unit]]:
    """Parts of like cost. They depend on the units alone, not on who does the work."""
    divided: list[list[Unit]] = []
    cost = PART_COST
    for unit in listed:
        if cost >= PART_COST:
            divided.append([])
            cost = 0
        divided[-1].append(unit)
        cost += unit.cost
    return divided


def _work(plan: Plan, part: Sequence[Unit]) -> tuple[parts.Rows, parts.Rows]:
    whole, yearly = [], []
    for unit in part:
        one, years = trial.as_rows(trial.held(unit, plan))
        whole.append(one)
        yearly += years
    return whole, yearly


def _own(found: Found) -> dict[str, Any]:
    one = found.candidate
    figures = {k: _plain(v) for k, v in found.figures.items()}
    return {
        "target": found.target,
        "key": one.key,
        "name": one.name,
        "kind": one.kind,
        "year": one.year,
        "members": list(one.members),
        "also": list(one.also),
    } | figures


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def _corrected(blocs: pl.DataFrame) -> pl.DataFrame:
    """Add q-values over all blocs that could be tried."""
    tried = blocs.filter(pl.col("p_value").is_not_null())
    p_values = tried["p_value"].to_numpy()
    tried = tried.with_columns(
        pl.Series("q_value", discovery.adjusted(p_values)),
        pl.Series("q_value_any_dependence", discovery.adjusted(p_values, "by")),
    )
    blank = blocs.filter(pl.col("p_value").is_null()).with_columns(
        pl.lit(None, pl.Float64).alias(n) for n in ("q_value", "q_value_any_dependence")
    )
    return pl.concat([tried, blank]).sort("target", "key")


def _what(plan: Plan, listed: Sequence[Unit]) -> dict[str, object]:
    """Everything that the answer depends on: it names the folder of finished parts."""
    told = hashlib.sha256()
    for one in (f.candidate for unit in listed for f in unit.found):
        told.update(f"{one.key} {one.day} {one.members} ".encode())
    tables = record.manifest().tables
    coded = {n: _hash(CODED / f"{n}.csv") for n in CODED_TABLES}
    hashes = {n: tables[n].sha256 for n in (*TABLES, *BESIDE) if n in tables}
    return {
        "plan": asdict(plan),
        "blocs": told.hexdigest(),
        "counterpoise": __version__,
        "record": hashes,
        "coded": coded,
    }


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
