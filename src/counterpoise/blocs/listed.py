"""Blocs that the user gives: a list of states, or a roster file."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import files, states
from counterpoise.blocs.roster import STATUSES, Bloc, Roster, Spell
from counterpoise.errors import (
    MANY,
    CounterpoiseError,
    CoverageError,
    DataError,
    QuestionError,
    excerpt,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST_FILE = 1_000_000
COLUMNS = ("state", "status", "start", "end")
NAMED_IN_FULL = 5
FORM = (
    "a roster has one line for each state and spell, under a first line that names the column "
    "state and, where they apply, status, start and end"
)


def from_list(given: Sequence[str | int], year: int) -> Bloc:
    """A bloc of the states named, all of them members.

    Raises
    ------
    UnknownNameError, AmbiguousNameError, CoverageError : a name is no state in that year.
    QuestionError : nothing is named, or a state twice.
    """
    if not given:
        raise QuestionError("The list of states is empty; write at least two, as in RUS,CHN.")
    found = [states.state(_token(part), year) for part in given]
    _refuse_repeats([state.ccode for state in found], given, year)
    return Bloc(
        name=_joined([state.name for state in found]),
        key=None,
        kind="list",
        year=year,
        day=dt.date(year, 12, 31),
        members=tuple(sorted(state.ccode for state in found)),
        sources=("the list given",),
    )


def _token(part: str | int) -> str | int:
    if isinstance(part, bool) or not isinstance(part, str | int):
        raise QuestionError(f"{part!r} is no state; write a name, a code or a COW number.")
    return part.strip() if isinstance(part, str) else part


def _refuse_repeats(codes: Sequence[int], given: Sequence[str | int], year: int) -> None:
    repeated = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if repeated:
        faults = "; ".join(
            f"{states.names().name(code, year)} ("
            + ", ".join(excerpt(g) for c, g in zip(codes, given, strict=True) if c == code)
            + ")"
            for code in repeated
        )
        raise QuestionError(f"Named more than once: {faults}. Name each state once.")


def _joined(names: Sequence[str]) -> str:
    if len(names) <= NAMED_IN_FULL:
        return ", ".join(names)
    return f"{', '.join(names[:3])} and {len(names) - 3} others"


def from_file(path: Path, year: int) -> Bloc:
    """A bloc from a roster file: a CSV table with one row per state and spell.

    Columns: ``state`` and, where they apply, ``status`` (member, observer or partner; member if
    empty) and ``start, end`` (dates such as 2017-06-09, both inclusive; empty for always). A name
    is read as of the year asked, or of the nearest year of its own spell.

    Raises
    ------
    DataError : the file cannot be read, or lines of it; lists every one.
    CoverageError : nobody was a member in the year.
    """
    lines = []
    faults = []
    for line, row in enumerate(_read(path).iter_rows(named=True), start=2):
        try:
            lines.append((line, _spell(row, year, str(path.name))))
        except (ValueError, CounterpoiseError) as error:
            faults.append(f"line {line}: {error}")
    faults += _overlaps(lines)
    if faults:
        raise DataError(f"{path}: {spelled(faults, MANY)}")
    found = Roster(path.stem, None, "file", tuple(spell for _, spell in lines)).on(year)
    _refuse_absent(found)
    return found


def _read(path: Path) -> pl.DataFrame:
    text = files.text(path, LARGEST_FILE, "a roster")
    try:
        frame = pl.read_csv(text.encode(), infer_schema_length=0)
    except pl.exceptions.PolarsError:
        raise DataError(f"{path}: not a CSV table: {FORM}") from None
    extra = [name for name in frame.columns if name not in COLUMNS]
    if "state" not in frame.columns or extra:
        raise DataError(
            f"{path}: its columns are {excerpt(', '.join(frame.columns))}; needed: state; "
            f"allowed: {', '.join(COLUMNS[1:])}"
        )
    if frame.is_empty():
        raise DataError(f"{path}: no state is listed")
    return frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in frame.columns
    )


def _spell(row: dict[str, str | None], year: int, source: str) -> Spell:
    status = (row["status"] or "member").strip()
    if status not in STATUSES:
        raise ValueError(f'status is "{excerpt(status)}"; write {", ".join(STATUSES)}')
    start, end = (_date(row[name], name) for name in ("start", "end"))
    if start and end and end < start:
        raise ValueError(f"ends on {end}, before its start on {start}")
    if not row["state"] or not row["state"].strip():
        raise ValueError("no state is named")
    read_in = min(max(year, start.year if start else year), end.year if end else 9999)
    return Spell(states.names().find(row["state"].strip(), read_in), status, start, end, source)


def _date(text: str | None, column: str) -> dt.date | None:
    if not text or not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'{column} is "{excerpt(text)}"; write a date as 2017-06-09') from None


def _overlaps(lines: Sequence[tuple[int, Spell]]) -> list[str]:
    """Faults where two lines give one state at the same time."""
    dated = sorted(lines, key=lambda pair: (pair[1].ccode, pair[1].start or dt.date.min))
    return [
        f"lines {min(a, b)} and {max(a, b)} both list state {here.ccode} at the same time"
        for (a, before), (b, here) in itertools.pairwise(dated)
        if before.ccode == here.ccode
        and (before.end is None or here.start is None or here.start < before.end)
    ]


def _refuse_absent(found: Bloc) -> None:
    """Refuse members that were not in the state system in the year."""
    for code in found.members:
        try:
            states.state(code, found.year)
        except CoverageError as error:
            raise CoverageError(f"{found.name}: {error}") from None
