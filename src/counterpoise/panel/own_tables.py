"""A user's own table joins a panel by the same door as the record's, after the same checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import files
from counterpoise.errors import DataError, QuestionError, excerpt
from counterpoise.panel import spine
from counterpoise.panel.reading import CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from counterpoise.panel.bloc_units import BlocUnits
    from counterpoise.panel.units import Units

FORM = "its first line names the columns, and every line has as many cells"
SHOWN = 10
"""How many offenders an error names."""


@dataclass(frozen=True, eq=False)
class OwnTable:
    """A checked table: its keys, no key twice, and its values.

    Parameters
    ----------
    keys : by the columns of the panel that a key is read from; two entries where a table of
        states joins both sides of a dyad.
    """

    name: str
    frame: pl.DataFrame
    keys: tuple[tuple[str, ...], ...]
    on: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the panel gets."""
        return tuple(name for side in self.names for name in side)

    def values(self, keys: pl.DataFrame) -> pl.DataFrame:
        """The table's columns for every row of a panel's keys; null where it has no row."""
        given = [c for c in self.frame.columns if c not in self.on]
        found = [
            keys.select(pl.col(k).alias(o) for k, o in zip(key, self.on, strict=True))
            .join(self.frame, on=self.on, how="left", validate="m:1", maintain_order="left")
            .select(pl.col(a).alias(b) for a, b in zip(given, names, strict=True))
            for key, names in zip(self.keys, self.names, strict=True)
        ]
        return pl.concat(found, how="horizontal")


def read(table: Any) -> tuple[str, pl.DataFrame]:
    """A table and its name: a Polars or pandas frame, or the path of a CSV or Parquet file.

    Raises
    ------
    DataError : the file cannot be read.
    QuestionError : it is none of these.
    """
    if isinstance(table, pl.LazyFrame):
        return "the table", table.collect()
    if isinstance(table, pl.DataFrame):
        return "the table", table
    if type(table).__module__.startswith("pandas"):
        return "the table", pl.from_pandas(table, nan_to_null=True)
    if isinstance(table, str | Path):
        return str(table), read_file(Path(table))
    raise QuestionError(
        f"A {type(table).__name__} is no table. Give a Polars or pandas frame, or the path of a "
        ".csv or .parquet file"
    )


def read_file(path: Path) -> pl.DataFrame:
    """A user's own CSV or Parquet file.

    Raises
    ------
    DataError : the file cannot be read, or is no table.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return _parquet(path)
        files.require_text(path, "a table of CSV")
        return pl.read_csv(path, infer_schema_length=None)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or excerpt(error)}") from None
    except (pl.exceptions.PolarsError, ValueError):
        form = FORM if path.suffix.lower() != ".parquet" else "it is damaged, or not Parquet"
        raise DataError(f"{path} is not a table: {form}") from None


def _parquet(path: Path) -> pl.DataFrame:
    """A Parquet file by PyArrow, where it is installed: a damaged file does not end the process."""
    try:
        import pyarrow
        import pyarrow.parquet as pq
    except ImportError:
        return pl.read_parquet(path)
    try:
        read = pq.read_table(path)
        read.validate(full=True)
        found = pl.from_arrow(read)
    except (pyarrow.ArrowException, pl.exceptions.PanicException):
        raise DataError(f"{path} is not a table: it is damaged, or not Parquet") from None
    assert isinstance(found, pl.DataFrame)
    return found


def checked(
    table: Any, on: Sequence[str], units: Units | BlocUnits, taken: Iterable[str]
) -> OwnTable:
    """Check a user's table against a panel.

    Parameters
    ----------
    on : key columns of the table, named as in the panel. For dyad-years a table of states joins
        on ``ccode`` and ``year``, and gives each side its columns with 1 and 2 at their ends.
    taken : columns that the panel has already.

    Raises
    ------
    QuestionError : the keys are not columns of both.
    DataError : lists everything that does not fit: keys that are no whole numbers, are missing,
        are no codes of the panel's state system or come twice, and columns that are taken.
    """
    name, frame = read(table)
    on = (on,) if isinstance(on, str) else tuple(on)
    keys = _keys(name, frame, on, units)
    clean, problems = _whole(frame, on)
    if not problems:
        clean = _ordered(clean, on, units)
        problems = [*_unknown(clean, on, units), *_repeated(clean, on, units)]
    given = [c for c in frame.columns if c not in on]
    names = [tuple(given)] if len(keys) == 1 else [tuple(f"{c}{k}" for c in given) for k in (1, 2)]
    problems += _clashes(names, taken, given)
    if problems:
        raise DataError(f"Cannot join {name}: " + "; ".join(problems))
    return OwnTable(name, clean, keys, on, tuple(names))


def _keys(
    name: str, frame: pl.DataFrame, on: tuple[str, ...], units: Units | BlocUnits
) -> tuple[tuple[str, ...], ...]:
    """Columns of the panel that each key is read from."""
    absent = [c for c in on if c not in frame.columns]
    if absent or not on:
        raise QuestionError(
            f"Cannot join {name} on {', '.join(absent) or 'nothing'}: its columns are "
            f"{excerpt(', '.join(frame.columns), 80)}"
        )
    codes = units.code_columns
    if len(codes) == 2 and codes[0][:-1] in on:
        side = codes[0][:-1]
        keys = tuple(tuple(code if c == side else c for c in on) for code in codes)
    else:
        keys = (on,)
    strange = sorted({c for key in keys for c in key} - set(units.key_columns))
    if strange:
        raise QuestionError(
            f"Cannot join {name} on {', '.join(strange)}: the panel's keys are "
            f"{', '.join(units.key_columns)}"
        )
    return keys


def _whole(frame: pl.DataFrame, on: tuple[str, ...]) -> tuple[pl.DataFrame, list[str]]:
    """The frame with keys as whole numbers, and what keeps them from being so."""
    problems: list[str] = []
    clean = []
    for key in on:
        column = frame[key]
        if column.null_count():
            problems.append(f"{key} is missing in {column.null_count()} rows")
        if key == "bloc":
            clean.append(column.cast(pl.String))
            continue
        number = column.cast(pl.Float64, strict=False) if _may_count(column) else None
        whole = None if number is None else number.cast(pl.Int32, strict=False)
        if number is None or whole is None:
            problems.append(f"{key} is {column.dtype}, not a whole number")
            continue
        bad = column.filter(column.is_not_null() & ~(whole == number).fill_null(value=False))
        if len(bad):
            problems.append(f"{key} is no whole number: {listed(bad.unique(maintain_order=True))}")
        clean.append(whole)
    return frame.with_columns(clean), problems


def _may_count(column: pl.Series) -> bool:
    return column.dtype.is_numeric() or column.dtype == pl.String


def _ordered(frame: pl.DataFrame, on: tuple[str, ...], units: Units | BlocUnits) -> pl.DataFrame:
    """In undirected panels, write each pair with the lower code first."""
    pair = units.code_columns
    if units.rows.directed or len(pair) == 1 or not set(pair) <= set(on):
        return frame
    return frame.with_columns(
        pl.min_horizontal(pair).alias(pair[0]), pl.max_horizontal(pair).alias(pair[1])
    )


def _unknown(frame: pl.DataFrame, on: tuple[str, ...], units: Units | BlocUnits) -> Iterator[str]:
    """Codes that no state of the system ever had."""
    system = units.rows.system
    known = pl.Series(spine.spells(system).code).unique()
    title = {"cow": "COW", "gw": "Gleditsch–Ward"}[system]
    for key in on:
        if key.rstrip("12") != CODE[system]:
            continue
        bad = frame[key].filter(~frame[key].is_in(known.implode())).unique().sort()
        if len(bad):
            yield f"{key} has codes that no {title} state bears: {listed(bad)}"


def _repeated(frame: pl.DataFrame, on: tuple[str, ...], units: Units | BlocUnits) -> Iterator[str]:
    """Keys that come more than once."""
    again = frame.group_by(on, maintain_order=True).len().filter(pl.col("len") > 1)
    if again.height:
        shown = [f"{'-'.join(map(str, key))} ({times} rows)" for *key, times in again.iter_rows()]
        why = "" if units.rows.directed else " (an undirected panel reads both orders as one pair)"
        yield f"{again.height} keys {', '.join(on)} come more than once{why}: {listed(shown)}"


def _clashes(
    names: Sequence[tuple[str, ...]], taken: Iterable[str], given: Sequence[str]
) -> Iterator[str]:
    if not given:
        yield "it has no column besides its keys"
    both = sorted({name for side in names for name in side} & set(taken))
    if both:
        yield f"the panel has columns of these names already: {listed(both)}. Rename them"


def listed(values: Iterable[object]) -> str:
    """The first offenders, and how many more there are."""
    shown = [excerpt(v) for v in values]
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return ", ".join(shown[:SHOWN]) + more
