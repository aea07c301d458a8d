"""Ideal points in the General Assembly, estimated from the record's roll calls or a user's own.

The model is in :mod:`counterpoise.models.ideal_points`; what the votes are, in
:mod:`counterpoise.measures.votes`. Published estimates stand beside them in ``compare``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.errors import QuestionError
from counterpoise.measures import votes as ballots_of
from counterpoise.models.ideal_points import Absences, fit
from counterpoise.states import names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.votes import Ballots
    from counterpoise.models.ideal_points import IdealPoints

    Array = NDArray[np.float64]

PUBLISHED = "idealpointall"
"""The published series from all votes (Bailey, Strezhnev & Voeten 2017, release of July 2025)."""

EXEMPT = (1964,)
"""Session 19 held one roll call."""

FEWEST = 10
"""States that a session needs in both series for a correlation."""

DIMENSIONS = (1, 2)


@dataclass(frozen=True)
class Comparison:
    """Agreement with the published series.

    ``by_year`` has one row per session: ``year``, ``session``, ``states`` in both, ``r``, the rank
    correlation ``rho``, and both standard deviations. Session 19, with one roll call, is in the
    pooled figures and in ``by_year`` and left out of ``median`` and ``lowest``.
    """

    pooled: float
    pooled_rank: float
    median: float
    lowest: float
    lowest_year: int
    state_years: int
    by_year: pl.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """The figures, and one row per session."""
        told = ("pooled", "pooled_rank", "median", "lowest", "lowest_year", "state_years")
        return {name: getattr(self, name) for name in told} | {"by_year": self.by_year.to_dicts()}


@dataclass(frozen=True, eq=False)
class IdealPointEstimates:
    """Ideal points with standard errors, the items they came from, and how the fit ended.

    Parameters
    ----------
    frame : one row per state, period and dimension in which the state voted: ``ccode``, ``state``,
        ``year``, ``session`` (null for a user's own votes), ``dimension``, ``ideal_point``, ``se``,
        ``votes``. Over these rows each dimension has mean 0 and standard deviation 1.
    roll_calls : ``rcid``, ``year``, ``item``, one ``discrimination_D`` per dimension D, and the
        cut points: at ``lower`` no and the rest are even, at ``upper`` yes and the rest.
    """

    frame: pl.DataFrame
    roll_calls: pl.DataFrame
    dimensions: int
    absences: Absences
    issue: str | None
    positive: str
    is_converged: bool
    iterations: int
    change: float
    tolerance: float
    log_likelihood: float
    bound: float
    persistence: float
    notes: tuple[str, ...]

    def compare(self) -> Comparison:
        """Agreement of the first dimension with the published series.

        Raises
        ------
        QuestionError : no state and year is in both.
        """
        return _compared(self.frame)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the roll calls, plain."""
        told = (
            *("dimensions", "absences", "issue", "positive", "is_converged", "iterations"),
            *("change", "tolerance", "log_likelihood", "bound", "persistence"),
        )
        found = {name: getattr(self, name) for name in told}
        items = self.roll_calls["item"].n_unique()
        counted = {"roll_calls": self.roll_calls.height, "items": items}
        return found | counted | {"notes": list(self.notes), "ideal_points": self.frame.to_dicts()}


def ideal_points(
    years: tuple[int, int] | None = None,
    *,
    issue: str | None = None,
    dimensions: int = 1,
    absences: Absences = "ignore",
    votes: Any = None,
    positive: str | int = "USA",
    tolerance: float = 1e-3,
    most_iterations: int = 200,
    tell: Callable[[str], None] = lambda line: None,
) -> IdealPointEstimates:
    """Ideal points of states from their votes, by a dynamic ordinal item-response model.

    Higher is nearer to the United States; over all states and sessions the mean is 0 and the
    standard deviation 1. Sessions are tied by the states that stay and by resolutions voted on
    again.

    Parameters
    ----------
    years : first and last year; of the record's votes, the years in which the session opened.
    issue : of the record's votes, those on one issue: me, nu, di, hr, co or ec.
    dimensions : 1 or 2.
    absences : ``ignore`` them, count them as abstentions (``abstain``), or ``model`` them.
    votes : a user's own, as a frame or a .csv or .parquet file with the columns ``ccode``,
        ``rcid``, ``year``, ``vote`` (1 yes, 2 abstain, 3 no, 8 absent, 9 no member) and, if
        wanted, ``item``: the same number where the same thing is voted on again.
    positive : the state at the positive end of every dimension.
    tolerance : largest change of an ideal point, in standard deviations, at which the fit ends.
    tell : called with one line per iteration.

    Raises
    ------
    QuestionError : the options contradict each other or no vote is left.
    CoverageError, UnknownNameError : the record lacks these years or this issue.
    DataError : the user's votes are not of the form above.
    MissingExtraError : numba or scipy is not installed.

    Source: Bailey, Strezhnev & Voeten 2017, estimated by variational inference.
    """
    _refuse(dimensions, absences, issue, votes)
    if votes is None:
        asked = ballots_of.from_record(years, issue, str(positive))
    else:
        asked = ballots_of.from_own(votes, years, positive)
    found = fit(
        asked.problem,
        dimensions=dimensions,
        absences=absences,
        tolerance=tolerance,
        most_iterations=most_iterations,
        tell=tell,
    )
    return IdealPointEstimates(
        frame=_frame(asked, found),
        roll_calls=_roll_calls(asked, found),
        dimensions=dimensions,
        absences=absences,
        issue=issue,
        positive=str(positive),
        is_converged=found.is_converged,
        iterations=found.iterations,
        change=found.change,
        tolerance=tolerance,
        log_likelihood=found.log_likelihood,
        bound=found.bound,
        persistence=float(np.median(found.persistence)) if found.persistence.size else np.nan,
        notes=(*asked.notes, *_ended(found)),
    )


def chosen(frame: pl.DataFrame, states: str | Sequence[str]) -> pl.DataFrame:
    """Rows of the states named, in that order; names are read as of each last year.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : a name is no state's.
    """
    listed = [s.strip() for s in states.split(",")] if isinstance(states, str) else list(states)
    year = max(frame["year"].to_list(), default=None)
    codes = [names().find(text, year) for text in listed if text]
    rank = {code: place for place, code in enumerate(codes)}
    rows = frame.filter(pl.col("ccode").is_in(codes))
    order = pl.col("ccode").replace_strict(rank, return_dtype=pl.Int64, default=None)
    return rows.sort(order, "year")


def _refuse(dimensions: int, absences: str, issue: str | None, votes: Any) -> None:
    if dimensions not in DIMENSIONS:
        raise QuestionError(f"{dimensions} dimensions; ask for 1 or 2.")
    if absences not in get_args(Absences):
        raise QuestionError(f'Absences "{absences}"; say {", ".join(get_args(Absences))}.')
    if votes is not None and issue is not None:
        raise QuestionError("Issues are coded for the record's votes only, not for your own.")


def _ended(found: IdealPoints) -> list[str]:
    if found.is_converged:
        return []
    return [
        f"Not converged: the last of {found.iterations} iterations changed an ideal point by "
        f"{found.change:.3g} standard deviations."
    ]


def _frame(asked: Ballots, found: IdealPoints) -> pl.DataFrame:
    state, period = np.nonzero(found.votes)
    years, ccodes = asked.years[period], asked.ccodes[state]
    sessions = None if asked.sessions is None else asked.sessions[period]
    named = {
        (c, y): ballots_of.state_name(c, y)
        for c, y in zip(ccodes.tolist(), years.tolist(), strict=True)
    }
    keys = pl.DataFrame(
        {
            "ccode": ccodes,
            "state": [named[key] for key in zip(ccodes.tolist(), years.tolist(), strict=True)],
            "year": years,
            "session": sessions if sessions is not None else [None] * years.size,
        },
        schema_overrides={"state": pl.String, "session": pl.Int64},
    )
    parts = [
        keys.with_columns(
            dimension=pl.lit(d + 1),
            ideal_point=pl.Series(found.theta[state, period, d]),
            se=pl.Series(found.se[state, period, d]),
            votes=pl.Series(found.votes[state, period]),
        )
        for d in range(found.theta.shape[2])
    ]
    return pl.concat(parts).sort("dimension", "ccode", "year")


def _roll_calls(asked: Ballots, found: IdealPoints) -> pl.DataFrame:
    at = np.searchsorted(found.items, asked.problem.item)
    sizes = {
        f"discrimination_{d + 1}": found.discrimination[at, d]
        for d in range(found.discrimination.shape[1])
    }
    return pl.DataFrame(
        {
            "rcid": asked.rcids,
            "year": asked.years[asked.problem.period],
            "item": asked.problem.item,
            **sizes,
            "lower": found.lower[at],
            "upper": found.upper[at],
        }
    )


def _compared(frame: pl.DataFrame) -> Comparison:
    published = record.table("published_ideal_points").select(
        pl.col("ccode", "year").cast(pl.Int64), theirs=PUBLISHED
    )
    both = frame.filter(pl.col("dimension") == 1).join(
        published.drop_nulls(), on=["ccode", "year"], how="inner", validate="1:1"
    )
    by_year = (
        both.group_by("year")
        .agg(
            session=pl.col("session").first(),
            states=pl.len(),
            r=pl.corr("ideal_point", "theirs"),
            rho=pl.corr("ideal_point", "theirs", method="spearman"),
            sd=pl.col("ideal_point").std(),
            published_sd=pl.col("theirs").std(),
        )
        .sort("year")
    )
    counted = by_year.filter(~pl.col("year").is_in(EXEMPT) & (pl.col("states") >= FEWEST))
    if not counted.height:
        raise QuestionError("No session has ten states in both these and the published estimates.")
    worst = counted.sort("r").row(0, named=True)
    pooled = both.select(
        r=pl.corr("ideal_point", "theirs"),
        rho=pl.corr("ideal_point", "theirs", method="spearman"),
    ).row(0)
    return Comparison(
        float(pooled[0]),
        float(pooled[1]),
        float(np.median(counted["r"].to_numpy())),
        float(worst["r"]),
        int(worst["year"]),
        both.height,
        by_year,
    )
