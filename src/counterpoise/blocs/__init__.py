"""Blocs: who belonged to what, as what (member, observer, partner), from when to when.

A bloc is an organisation, ``atop:`` and the number of an alliance, a list of states, or a roster
file. Organisations are sought in our own rosters, coded by date, then among the yearly
memberships of the Correlates of War, then among informal organisations. The members of a year
are those of 31 December, or of the last day in a year in which the bloc ended. Observers and
partners are listed and never counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from counterpoise.blocs import listed, names, rosters
from counterpoise.blocs.roster import STATUSES, Bloc, Roster, Spell
from counterpoise.errors import CoverageError

__all__ = ["STATUSES", "Bloc", "Known", "Roster", "Spell", "bloc", "known", "roster", "spans"]


def bloc(text: str | Path | Sequence[str | int], year: int, *, extend: bool = False) -> Bloc:
    """A bloc in one year.

    Parameters
    ----------
    text : an organisation's name, alias or key; ``atop:4810``; a list of states, as a sequence or
        separated by commas; or the path of a roster file, which ends in ``.csv`` and has the
        columns ``state`` and, where they apply, ``status, start, end``.
    year : membership is read on 31 December, or on the last day in a year in which it ended.
    extend : carry the last covered members past the end of the source; the result is flagged.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such bloc or state, or several.
    CoverageError : the bloc or a listed state did not exist, or its source ends before the year.
    QuestionError : a state is named twice, or nothing is named.
    DataError : the roster file cannot be read; lists every faulty line.
    """
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise CoverageError(f"No table covers the year {year}.")
    if isinstance(text, Path):
        return listed.from_file(text, year)
    if not isinstance(text, str):
        return listed.from_list(text, year)
    if text.strip().casefold().endswith(".csv"):
        return listed.from_file(Path(text.strip()), year)
    found = names.find(text, extend=extend)
    if found is not None:
        return found.on(year, extend=extend)
    if "," in text:
        return listed.from_list([part for part in text.split(",") if part.strip()], year)
    raise names.not_a_bloc(text, year)


def roster(text: str) -> pl.DataFrame:
    """All spells of an organisation or alliance, by state and start.

    Returns
    -------
    Columns ccode, status, start, end, source; ``end`` is null for a status that still holds.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such organisation, or several.
    """
    types = {"ccode": pl.Int32, "status": pl.String, "start": pl.Date, "end": pl.Date}
    spells = names.require(text).spells
    frame = pl.DataFrame(spells, schema=types | {"source": pl.String}, orient="row")
    return frame.sort("ccode", "start", "status")


def spans(text: str) -> tuple[tuple[int | None, int | None], ...]:
    """Periods in which an organisation or alliance existed: first and last year of each.

    The last year is None for one that still exists. Errors are those of :func:`roster`.
    """
    return names.require(text).years()


class Known(NamedTuple):
    """One line of the list of blocs; ``last`` is None where it still exists."""

    key: str
    name: str
    first: int | None
    last: int | None


def known() -> list[Known]:
    """Every bloc that has a name: our rosters, then the record's organisations."""
    lines = []
    for found in rosters.every():
        years = found.years()
        if years:
            lines.append(Known(found.key or "", found.name, years[0][0], years[-1][1]))
    return lines
