"""The spine of a panel: which states and which pairs of states existed, year by year.

A state belongs to a year when it was in the system on any day of it. Two states belong together
by ``rule="day"`` when they were in the system on the same day of the year, and by ``rule="year"``
when each was in it on some day of the year; the first rule drops pairs of which one state had
left before the other came (West Germany and the united Germany never met in 1990).

The coded spells end with 2016 (COW) or 2020 (Gleditsch–Ward). A spell still open then is taken
to run on, and the rows after that year are flagged.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from counterpoise import record
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.panel.unrolling import unroll
from counterpoise.states import System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Days = NDArray[np.datetime64]

Rule = Literal["day", "year"]

SPELLS: dict[str, tuple[str, str]] = {"cow": ("states", "ccode"), "gw": ("gw_states", "gwcode")}
"""Table of each system's membership spells, and the name of its state numbers."""

FOR_EVER = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, eq=False)
class Spells:
    """Membership spells sorted by state and first day, both days inclusive."""

    code: Ints
    start: Days
    end: Days

    @property
    def start_year(self) -> Ints:
        """Year of each first day."""
        return years_of(self.start)

    @property
    def end_year(self) -> Ints:
        """Year of each last day."""
        return years_of(self.end)


def years_of(days: Days) -> Ints:
    """Calendar year of each day."""
    return (days.astype("datetime64[Y]").astype(np.int64) + 1970).astype(np.int32)


@functools.cache
def spells(system: System, microstates: bool = True) -> Spells:
    """Membership spells of a system; open ones run for ever.

    Parameters
    ----------
    microstates : keep the microstates that Gleditsch and Ward list apart.
    """
    table, number = SPELLS[system]
    frame = record.table(table).sort(number, "start")
    if not microstates and "is_microstate" in frame.columns:
        frame = frame.filter(~frame["is_microstate"])
    start = frame["start"].to_numpy().astype("datetime64[D]")
    end = frame["end"].fill_null(frame["end"].max()).to_numpy().astype("datetime64[D]")
    last_day = np.datetime64(f"{record.coverage(table)[1]}-12-31", "D")
    is_open = (end >= last_day) | frame["end"].is_null().to_numpy()
    return Spells(
        frame[number].to_numpy().astype(np.int32), start, np.where(is_open, FOR_EVER, end)
    )


def check(first: int, last: int, system: str, rule: str) -> None:
    """Refuse years that nothing covers, and systems and rules that do not exist.

    Raises
    ------
    QuestionError, CoverageError.
    """
    if system not in get_args(System):
        raise QuestionError(f'Unknown state system "{system}". There are: cow, gw')
    if rule not in get_args(Rule):
        raise QuestionError(f'Unknown rule "{rule}". There are: day, year')
    if first > last:
        raise QuestionError(f"The panel would begin in {first} and end before, in {last}.")
    earliest, latest = reach(system)
    if first < earliest or last > latest:
        raise CoverageError(
            f"The record covers states from {earliest} to {latest}, not {first} to {last}. "
            "What each table covers: counterpoise data status"
        )


def reach(system: str) -> tuple[int, int]:
    """First year of a system's spells, and the last year that any table speaks about."""
    ends = [t.last_year for t in record.manifest().tables.values() if t.last_year is not None]
    return record.coverage(SPELLS[system][0])[0], max(ends)


def state_years(system: System, first: int, last: int, microstates: bool) -> tuple[Ints, Ints]:
    """Codes and years of all states, sorted by code and year."""
    found = spells(system, microstates)
    code, year = _unrolled(
        [found.code],
        np.maximum(found.start_year, first),
        np.minimum(found.end_year, last),
    )
    return code, year


def dyad_years(
    system: System, first: int, last: int, rule: Rule, *, directed: bool, microstates: bool
) -> tuple[Ints, Ints, Ints]:
    """First code, second code and year of all pairs, sorted in that order.

    Undirected pairs carry the smaller code first; directed pairs come in both orders.
    """
    found = spells(system, microstates)
    i, j = np.triu_indices(len(found.code), 1)
    apart = found.code[i] != found.code[j]
    i, j = i[apart], j[apart]
    start, end = _together(found, i, j, rule)
    start, end = np.maximum(start, first), np.minimum(end, last)
    one, two = found.code[i], found.code[j]
    if directed:
        one, two = np.concatenate([one, two]), np.concatenate([two, one])
        start, end = np.concatenate([start, start]), np.concatenate([end, end])
    one, two, year = _unrolled([one, two], start, end)
    return one, two, year


def _together(
    found: Spells, i: NDArray[np.intp], j: NDArray[np.intp], rule: Rule
) -> tuple[Ints, Ints]:
    """First and last year that two spells share; where they share none, the last comes first."""
    if rule == "year":
        return (
            np.maximum(found.start_year[i], found.start_year[j]),
            np.minimum(found.end_year[i], found.end_year[j]),
        )
    start = np.maximum(found.start[i], found.start[j])
    end = np.minimum(found.end[i], found.end[j])
    met = start <= end
    return np.where(met, years_of(start), np.int32(1)), np.where(met, years_of(end), np.int32(0))


def _unrolled(codes: list[Ints], start: Ints, end: Ints) -> tuple[Ints, ...]:
    """One row per year of each spell, sorted by codes and year, no row twice."""
    kept = start <= end
    order = np.lexsort((start[kept], *(c[kept] for c in reversed(codes))))
    codes = [c[kept][order] for c in codes]
    start, end = start[kept][order], end[kept][order]
    start = _after_previous(codes, start, end)
    spell, year = unroll(start, end)
    return (*(c[spell] for c in codes), year)


def _after_previous(codes: list[Ints], start: Ints, end: Ints) -> Ints:
    """Start of each spell, moved past the year in which the one before it of the same unit ends."""
    same = np.logical_and.reduce([c[1:] == c[:-1] for c in codes])
    start = start.copy()
    start[1:] = np.where(same, np.maximum(start[1:], end[:-1] + 1), start[1:])
    return start
