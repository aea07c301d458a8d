"""Roll calls as a problem for ideal points: from the record, or from a user's own votes.

What a missing vote means is settled here. A state belongs to a session or year in which it cast a
vote, from its first vote to its last: there a roll call without its vote is an absence. Elsewhere
it had none to cast: before it was admitted, after it ended, while it was kept away (South Africa
1974–93) or stayed away (Indonesia 1965). States keep their COW number when they are renamed; those
that end (the two Germanies, the two Yemens) pass nothing on to their successors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.errors import CoverageError, DataError, QuestionError, UnknownNameError, excerpt
from counterpoise.models.ideal_points import ABSENT, OUTSIDE, VoteProblem
from counterpoise.panel import own_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

FIRST_SESSION = 1945
"""Session s opens in the autumn of this year + s, and is told by that year."""

CODES = {1: 2, 2: 1, 3: 0, 8: ABSENT, 9: OUTSIDE}
"""Votes as Voeten codes them: 1 yes, 2 abstain, 3 no, 8 absent, 9 no member."""

COLUMNS = ("ccode", "rcid", "year", "vote")
FARTHEST_BRIDGE = 3
"""Sessions within which a resolution of the same title counts as the same one voted on again."""

MOST_VOTES = 5_000_000
MOST_STATES = 1_000
SHOWN = 5
"""Offenders that an error or a note names."""

MOST_GAPS = 40
"""States with gaps that a note lists one by one."""


@dataclass(frozen=True, eq=False)
class Ballots:
    """Roll calls ready to be scaled, and what their rows and columns are.

    Parameters
    ----------
    problem : the votes by roll call and state.
    rcids, ccodes : numbers of its rows and columns.
    years : the year of each period; of a session, the year in which it opened.
    sessions : the session of each period, or None where the votes came by years.
    notes : what was left out or taken for something, in words.
    """

    problem: VoteProblem
    rcids: Ints
    ccodes: Ints
    years: Ints
    sessions: Ints | None
    notes: tuple[str, ...]


def from_record(
    years: tuple[int, int] | None = None, issue: str | None = None, positive: str = "USA"
) -> Ballots:
    """Votes of the General Assembly by session.

    Parameters
    ----------
    years : first and last year in which a session opened; all by default.
    issue : one of the issues in ``un_issues``; all roll calls by default.
    positive : the state at the positive end.

    Raises
    ------
    CoverageError : the record has no votes of these years.
    UnknownNameError : it has no such issue or state.
    """
    first, last = _asked(years)
    calls = record.table("un_roll_calls").with_columns(year=FIRST_SESSION + pl.col("session"))
    calls = calls.filter(pl.col("year").is_between(first, last))
    notes = [f"Sessions are told by the year in which they opened: {first} to {last}."]
    calls = _of_issue(calls, issue, notes)
    listed_twice = calls["repeats"].drop_nulls().len()
    if listed_twice:
        notes.append(
            f"{listed_twice} roll calls left out: every vote in them is that of an earlier one "
            "of their session."
        )
    calls = calls.filter(pl.col("repeats").is_null()).sort("session", "rcid")
    votes = record.table("un_votes").join(calls.select("rcid"), on="rcid", how="semi")
    notes += _missing(first, last)
    return _posed(calls.with_columns(item=_items(calls)), votes, positive, notes, by_session=True)


def _asked(years: tuple[int, int] | None) -> tuple[int, int]:
    first, last = record.coverage("un_votes")
    begin, end = years or (first, last)
    if begin > end:
        raise QuestionError(f"The years {begin} to {end} run backwards.")
    if begin < first or end > last:
        raise CoverageError(
            f"The record has votes of the sessions that opened in {first} to {last}, not of all "
            f"those from {begin} to {end}."
        )
    return begin, end


def _of_issue(calls: pl.DataFrame, issue: str | None, notes: list[str]) -> pl.DataFrame:
    if issue is None:
        return calls
    coded = record.table("un_issues")
    known = sorted(coded["issue"].unique())
    if issue not in known:
        raise UnknownNameError(f'No issue "{issue}". There are: {", ".join(known)}.')
    chosen = calls.join(coded.filter(pl.col("issue") == issue), on="rcid", how="semi")
    last = max(calls.join(coded, on="rcid", how="semi")["year"].to_list(), default=None)
    if not chosen.height:
        raise CoverageError(f"No roll call of these years is coded as {issue}.")
    notes.append(
        f"{chosen.height} of {calls.height} roll calls are coded as {issue}; none after {last} "
        f"is coded at all; {calls['session'].n_unique() - chosen['session'].n_unique()} sessions "
        "have none."
    )
    return chosen


def _missing(first: int, last: int) -> list[str]:
    """Years in which the UN lists more roll calls than the source, as the record noted them."""
    lines = record.manifest().unmatched.get("un_votes", ())
    short = [line for line in lines if "roll calls of" in line]
    years = sorted(
        {int(w) for line in short for w in line.replace("(", " ").split() if _is_year(w)}
    )
    lacking = [str(year) for year in years if first <= year <= last]
    if not lacking:
        return []
    return [f"The UN lists more roll calls than the source in {', '.join(lacking)}."]


def _is_year(word: str) -> bool:
    return word.isdigit() and len(word) == 4


def _items(calls: pl.DataFrame) -> pl.Series:
    """One number per resolution: roll calls of one title in sessions near each other share it.

    A title is trusted where it stands once in a session among votes on whole resolutions.
    """
    whole = ~pl.col("is_amendment").fill_null(False) & ~pl.col("is_paragraph").fill_null(False)
    titled = calls.filter(whole & pl.col("title").is_not_null())
    titled = titled.filter(pl.len().over("title", "session") == 1).sort("title", "session")
    far = pl.col("session").diff().over("title") > FARTHEST_BRIDGE
    chain = pl.struct("title", far.fill_null(False).cum_sum().over("title").alias("part"))
    bridged = titled.select("rcid", item=pl.col("rcid").first().over(chain))
    found = calls.select("rcid").join(bridged, on="rcid", how="left", maintain_order="left")
    return found.select(pl.coalesce("item", "rcid").cast(pl.Int64).alias("item"))["item"]


def from_own(
    votes: Any, years: tuple[int, int] | None = None, positive: str | int = "USA"
) -> Ballots:
    """A user's own votes by year.

    Parameters
    ----------
    votes : frame or path of a .csv or .parquet file with the columns ``ccode``, ``rcid``,
        ``year`` and ``vote`` (1 yes, 2 abstain, 3 no, 8 absent, 9 no member), one row per state
        and roll call. Roll calls with the same number in an optional column ``item`` vote on the
        same thing.
    years : first and last year used; all by default.

    Raises
    ------
    DataError : a column is missing, a cell is none of the above, or rows contradict each other.
    QuestionError : there is no vote in these years.
    """
    name, frame = own_tables.read(votes)
    frame = _checked(name, frame)
    notes: list[str] = []
    if years is not None:
        frame = frame.filter(pl.col("year").is_between(*years))
    distinct = frame.unique(maintain_order=True)
    if distinct.height < frame.height:
        notes.append(f"{frame.height - distinct.height} rows left out that say the same twice.")
    _refuse_contradictions(name, distinct)
    calls = distinct.group_by("rcid").agg(pl.col("year", "item").first()).sort("year", "rcid")
    if not calls.height:
        raise QuestionError(f"{name} has no votes in the years asked.")
    return _posed(calls, distinct, positive, notes, by_session=False)


def _checked(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [column for column in COLUMNS if column not in frame.columns]
    if lacking:
        raise DataError(
            f"{name} lacks the column {', '.join(lacking)}; it has "
            f"{excerpt(', '.join(frame.columns))}. Votes need {', '.join(COLUMNS)}."
        )
    if not 0 < frame.height <= MOST_VOTES:
        raise DataError(f"{name} has {frame.height} rows; votes need 1 to {MOST_VOTES:,}.")
    named = [*COLUMNS, *(("item",) if "item" in frame.columns else ())]
    found = frame.select(_whole_numbers(name, frame[column]) for column in named)
    odd = found.filter(~pl.col("vote").is_in(list(CODES)))["vote"].unique().sort().to_list()
    if odd:
        raise DataError(
            f"{name}: vote {', '.join(map(str, odd[:SHOWN]))} is none of 1 yes, 2 abstain, 3 no, "
            "8 absent, 9 no member."
        )
    if found["ccode"].n_unique() > MOST_STATES:
        raise DataError(f"{name} has more than {MOST_STATES} states in the column ccode.")
    return found if "item" in named else found.with_columns(item=pl.col("rcid"))


def _whole_numbers(name: str, column: pl.Series) -> pl.Series:
    cast = column.cast(pl.Int64, strict=False)
    if column.dtype.is_float():
        cast = cast.set(cast.cast(pl.Float64) != column, None)
    bad = column.filter(cast.is_null())
    if bad.len():
        first = bad.to_list()[0]
        raise DataError(
            f"{name}: the column {column.name} holds whole numbers; {bad.len()} cells are none, "
            f"such as {'an empty one' if first is None else repr(excerpt(first))}."
        )
    return cast


def _refuse_contradictions(name: str, frame: pl.DataFrame) -> None:
    for column, told in (("year", "years"), ("item", "items")):
        several = frame.group_by("rcid").agg(pl.col(column).n_unique()).filter(pl.col(column) > 1)
        if several.height:
            shown = several["rcid"].sort().head(SHOWN).to_list()
            raise DataError(f"{name}: roll calls in more than one of the {told}: {shown}.")
    twice = frame.filter(frame.select("ccode", "rcid").is_duplicated())
    if twice.height:
        row = twice.row(0, named=True)
        raise DataError(
            f"{name}: state {row['ccode']} votes in more than one way on roll call {row['rcid']}; "
            f"{twice.height} rows contradict another."
        )


def _posed(
    calls: pl.DataFrame,
    votes: pl.DataFrame,
    positive: str | int,
    notes: list[str],
    *,
    by_session: bool,
) -> Ballots:
    """Votes as an array; roll calls without a vote, and states without one, left out and noted."""
    cast = votes.filter(pl.col("vote").is_in([1, 2, 3]))
    empty = calls.join(cast, on="rcid", how="anti")["rcid"].to_list()
    if empty:
        notes.append(f"{len(empty)} roll calls left out for want of votes: {_some(empty)}.")
        calls = calls.filter(~pl.col("rcid").is_in(empty))
    if not calls.height:
        raise QuestionError("There is no vote in the roll calls asked for.")
    ccodes = cast["ccode"].unique().sort().to_numpy().astype(np.int64)
    silent = sorted(set(votes["ccode"].to_list()) - set(ccodes.tolist()))
    if silent:
        notes.append(f"States without any vote left out: {_some(silent)}.")
    years, period = np.unique(calls["year"].to_numpy().astype(np.int64), return_inverse=True)
    rcids = calls["rcid"].to_numpy().astype(np.int64)
    table = _table(rcids, ccodes, votes)
    _mark_outside(table, period, years, ccodes, notes)
    item = calls["item"].to_numpy().astype(np.int64)
    problem = VoteProblem(table, period, item, _place(positive, int(years[-1]), ccodes))
    bridges = item.size - np.unique(item).size
    notes.append(f"{bridges} roll calls vote again on the resolution of an earlier one.")
    sessions = years - FIRST_SESSION if by_session else None
    return Ballots(problem, rcids, ccodes, years, sessions, tuple(notes))


def _table(rcids: Ints, ccodes: Ints, votes: pl.DataFrame) -> NDArray[np.int8]:
    codes = np.full(max(CODES) + 1, OUTSIDE, dtype=np.int8)
    codes[list(CODES)] = list(CODES.values())
    order = np.argsort(rcids)
    kept = votes.filter(
        pl.col("rcid").is_in(rcids.tolist()) & pl.col("ccode").is_in(ccodes.tolist())
    )
    row = order[np.searchsorted(rcids[order], kept["rcid"].to_numpy())]
    column = np.searchsorted(ccodes, kept["ccode"].to_numpy())
    table = np.full((rcids.size, ccodes.size), ABSENT, dtype=np.int8)
    table[row, column] = codes[kept["vote"].to_numpy()]
    return table


def _mark_outside(
    table: NDArray[np.int8], period: Ints, years: Ints, ccodes: Ints, notes: list[str]
) -> None:
    """Absences of states that had no vote to cast, in place; what they were is noted."""
    is_cast = table >= 0
    rows = np.arange(len(table))[:, None]
    opened = is_cast.argmax(axis=0)
    closed = len(table) - 1 - is_cast[::-1].argmax(axis=0)
    sat = np.zeros((years.size, ccodes.size), dtype=bool)
    np.logical_or.at(sat, period, is_cast)
    here = (rows >= opened) & (rows <= closed) & sat[period]
    table[(table == ABSENT) & ~here] = OUTSIDE
    during = (np.arange(years.size)[:, None] >= period[opened]) & (
        np.arange(years.size)[:, None] <= period[closed]
    )
    gaps = during & ~sat
    named = [
        f"{_name(int(ccodes[s]), int(years[gaps[:, s]][0]))} {_spans(years[gaps[:, s]])}"
        for s in np.flatnonzero(gaps.any(axis=0))
    ]
    if len(named) > MOST_GAPS:
        notes.append(f"{len(named)} states have periods without a vote between first and last.")
    elif named:
        notes.append(f"Without a vote between their first and their last: {'; '.join(named)}.")


def _spans(years: Ints) -> str:
    """Years in words: 1974–1993, 1996."""
    parts = np.split(years, np.flatnonzero(np.diff(years) > 1) + 1)
    return ", ".join(f"{p[0]}" if p.size == 1 else f"{p[0]}–{p[-1]}" for p in parts)


def _name(ccode: int, year: int) -> str:
    return state_name(ccode, year) or str(ccode)


def state_name(ccode: int, year: int) -> str | None:
    """Name of a state as of a year, None for a number that the COW system does not have."""
    known = states.names()
    return known.name(ccode, year) if ccode in known.ccodes() else None


def _some(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return ", ".join(map(str, sorted(numbers)[:SHOWN])) + more


def _place(positive: str | int, year: int, ccodes: Ints) -> int:
    """Column of the state that should be positive; a number need not be a state of COW's."""
    text = str(positive).strip()
    ccode = int(text) if text.isdigit() else states.names().find(text, year)
    found = np.flatnonzero(ccodes == ccode)
    if not found.size:
        raise QuestionError(f"{positive} cast no vote here, so it cannot mark the positive end.")
    return int(found[0])
