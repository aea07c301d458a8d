"""A panel: a spine of units and years, and the columns added to it.

Nothing is computed before the frame is asked for. Each set of columns is found for the rows of
the spine alone, never for what was added before, so that the order of additions changes nothing
but the order of columns.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import record
from counterpoise.errors import DataError, QuestionError
from counterpoise.panel import adds, citation, own_tables, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from counterpoise.panel.adds import Add, Kind
    from counterpoise.panel.bloc_units import BlocUnits
    from counterpoise.panel.columns import Column
    from counterpoise.panel.own_tables import OwnTable
    from counterpoise.panel.units import Units


@dataclass(frozen=True)
class Added:
    """A set of columns, and the year up to which its last covered year is carried forward."""

    add: Add
    limit: int | None


@dataclass(frozen=True, eq=False)
class Panel:
    """Units by year, and what was added to them. Each method gives a new panel.

    Attributes
    ----------
    units : the rows.
    tables : tables of the record that the rows themselves rest on.
    steps : what was added, in order.
    """

    units: Units | BlocUnits
    first: int
    last: int
    tables: tuple[str, ...]
    steps: tuple[Added | OwnTable, ...] = ()

    @property
    def kind(self) -> Kind:
        """state_years, dyad_years, bloc_member_years or bloc_years."""
        return self.units.kind

    @property
    def columns(self) -> list[str]:
        """Names of all columns, in order."""
        return [*self.units.keys.columns, *(name for step in self.steps for name in self._of(step))]

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the data sets that the panel rests on, in order of appearance."""
        names = [*self.tables, *(t for add in self._added() for t in add.tables)]
        entries = record.manifest().tables
        return tuple(dict.fromkeys(s for t in names for s in entries[t].sources))

    @functools.cached_property
    def frame(self) -> pl.DataFrame:
        """The panel as a Polars frame, computed once."""
        parts = [self.units.keys, *(self._values(step) for step in self.steps)]
        wrong = [part.columns for part in parts if part.height != self.units.keys.height]
        if wrong:
            raise AssertionError(f"a step changed the number of rows: {wrong}")
        return pl.concat(parts, how="horizontal")

    def collect(self) -> pl.DataFrame:
        """The panel as a Polars frame."""
        return self.frame

    def to_pandas(self) -> Any:
        """The panel as a pandas frame, with integers that may be missing.

        Raises
        ------
        MissingExtraError : pandas or PyArrow is not installed.
        """
        return writing.to_pandas(self.frame)

    def add(self, *names: str, extend: bool | int | None = None) -> Panel:
        """Add sets of columns by name.

        A row takes at most one row of facts, so that the number of rows stays. Outside the years
        of a set its columns are null.

        Parameters
        ----------
        names : such as ``"nmc", "atop"``; all: ``counterpoise.panel.ADDS``.
        extend : carry the last covered year of these sets forward, to the end of the panel
            (True) or to a year. Each set then has a column ``…_extended``, true where it was.

        Raises
        ------
        UnknownNameError : no such set; the message gives the nearest.
        QuestionError : the set does not serve this kind of panel, or was added before.
        DataError : the record lacks a table of the set, or the panel has a column of its names.
        """
        limit = _limit(extend, self.last)
        new = tuple(Added(adds.find(name), limit) for name in adds.spelled_out(names))
        _refuse_absent([step.add for step in new])
        self._refuse_repeats(new)
        return replace(self, steps=(*self.steps, *new))

    def join(self, table: Any, on: Sequence[str]) -> Panel:
        """Join a table of your own, with the checks that the record's tables pass.

        Parameters
        ----------
        table : a Polars or pandas frame, or the path of a ``.csv`` or ``.parquet`` file.
        on : its key columns, named as the panel's. A table of states joins a panel of dyads on
            ``ccode`` and ``year`` and gives columns for both sides, with 1 and 2 at their ends.

        Raises
        ------
        QuestionError : the keys are not columns of both.
        DataError : lists all offenders: repeated keys, unknown codes, wrong types, taken names.
        """
        found = own_tables.checked(table, on, self.units, self.columns)
        return replace(self, steps=(*self.steps, found))

    def write(self, path: str | Path) -> Path:
        """Write to ``.parquet``, ``.csv``, ``.dta`` (with labels), ``.xlsx`` or ``.arrow``.

        Raises
        ------
        QuestionError : another suffix, or more rows than the format holds.
        LicenceError : a source of the panel may not be passed on.
        MissingExtraError : the format needs a library that is not installed.
        """
        citation.refuse_restricted(self.sources)
        return writing.write(self.frame, path, self.described(), self.sources)

    def cite(self) -> str:
        """BibTeX of the software and of each data set in the panel."""
        return citation.bibtex(self.sources)

    def notes(self) -> list[str]:
        """What a reader should know: years that a set does not cover, and what was carried on."""
        lines = []
        if "system_extended" in self.units.keys.columns:
            last = record.coverage(self.tables[0])[1]
            lines.append(f"States are coded to {last}; those still members are carried on.")
        for step in self.steps:
            if isinstance(step, Added):
                lines += _coverage_notes(step, self.first, self.last)
        return lines

    def described(self) -> dict[str, Column]:
        """The dictionary's entry of each added column, by the column's name."""
        return {n: c for add in self._added() for n, c in self.units.columns(add).items()}

    def __len__(self) -> int:
        return self.units.keys.height

    def __repr__(self) -> str:
        what = ", ".join(s.add.name if isinstance(s, Added) else s.name for s in self.steps)
        kind = adds.spelled(self.kind)
        return f"Panel({len(self)} {kind} {self.first}–{self.last}: {what or 'nothing added'})"

    def _added(self) -> list[Add]:
        return [step.add for step in self.steps if isinstance(step, Added)]

    def _of(self, step: Added | OwnTable) -> Iterable[str]:
        if not isinstance(step, Added):
            return step.columns
        flag = () if step.limit is None else (f"{step.add.name}_extended",)
        return (*self.units.columns(step.add), *flag)

    def _values(self, step: Added | OwnTable) -> pl.DataFrame:
        if isinstance(step, Added):
            return self.units.values(step.add, step.limit)
        return step.values(self.units.keys)

    def _refuse_repeats(self, new: Sequence[Added]) -> None:
        names = [*(add.name for add in self._added()), *(step.add.name for step in new)]
        again = [n for n in dict.fromkeys(names) if names.count(n) > 1]
        if again:
            raise QuestionError(f"Added more than once: {', '.join(again)}")
        taken = set(self.columns)
        clash = [name for step in new for name in self._of(step) if name in taken]
        if clash:
            raise DataError(f"The panel has columns of these names already: {', '.join(clash)}")


def _refuse_absent(new: Iterable[Add]) -> None:
    held = record.manifest().tables
    absent = list(dict.fromkeys(t for add in new for t in add.tables if t not in held))
    if absent:
        raise DataError(
            f"{', '.join(absent)} is not in this record. The package leaves out sources that may "
            "not be passed on; with their files you can build a record of your own: "
            "counterpoise data build --help"
        )


def _limit(extend: bool | int | None, last: int) -> int | None:
    if extend is None or extend is False:
        return None
    return last if extend is True else extend


def _coverage_notes(step: Added, first: int, last: int) -> list[str]:
    """One line where a set does not cover all years of a panel."""
    begin, end = step.add.coverage
    if begin <= first and last <= end:
        return []
    reach = end if step.limit is None else max(end, min(step.limit, last))
    carried = f", {end} carried on to {reach}" if reach > end and last > end else ""
    return [f"{step.add.name} covers {begin} to {end}{carried}; other years are null."]
