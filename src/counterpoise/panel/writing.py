"""A panel as a file: Parquet, CSV, Stata with labels, Excel, Arrow."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import files, record
from counterpoise.errors import MissingExtraError, QuestionError
from counterpoise.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from counterpoise.panel.columns import Column

    Writer = Callable[[pl.DataFrame, Path, Mapping[str, Column], Sequence[str]], None]

EXCEL_ROWS = 1_048_576
STATA_LABEL = 80
"""Longest label of a variable in Stata."""

STATA_NAME = 32
"""Longest name of a variable in Stata."""


def write(
    frame: pl.DataFrame,
    path: str | Path,
    columns: Mapping[str, Column],
    sources: Sequence[str] = (),
) -> Path:
    """Write a frame in the format that the suffix names; a reader never meets half a file.

    Parameters
    ----------
    columns : what the dictionary says of the columns, for labels.
    sources : keys of the data sets, which Parquet files carry along.

    Raises
    ------
    DataError : unknown suffix, or the file cannot be written.
    QuestionError : the format cannot hold the frame.
    MissingExtraError : the format needs a library that is not installed.
    """
    target = Path(path)
    files.require_writable(target, tuple(WRITERS))
    with files.replacing(target) as temporary:
        WRITERS[target.suffix.lower()](frame, temporary, columns, sources)
    return target


def to_pandas(frame: pl.DataFrame) -> Any:
    """A pandas frame; integers with missing values become floats, as pandas has them.

    Raises
    ------
    MissingExtraError : pandas or PyArrow is not installed.
    """
    try:
        return frame.to_pandas()
    except ImportError:
        raise MissingExtraError("pandas with pyarrow", "frames", "A pandas frame") from None


def _parquet(
    frame: pl.DataFrame, path: Path, columns: Mapping[str, Column], sources: Sequence[str]
) -> None:
    about = {
        "version": __version__,
        "record": record.manifest().record,
        "sources": list(sources),
        "columns": {name: c.description for name, c in columns.items()},
    }
    frame.write_parquet(path, metadata={"counterpoise": json.dumps(about, ensure_ascii=False)})


def _csv(frame: pl.DataFrame, path: Path, columns: Mapping[str, Column], _: Sequence[str]) -> None:
    flat(frame).write_csv(path)


def _arrow(
    frame: pl.DataFrame, path: Path, columns: Mapping[str, Column], _: Sequence[str]
) -> None:
    frame.write_ipc(path)


def _excel(
    frame: pl.DataFrame, path: Path, columns: Mapping[str, Column], _: Sequence[str]
) -> None:
    if frame.height >= EXCEL_ROWS:
        raise QuestionError(
            f"An Excel sheet holds {EXCEL_ROWS - 1:,} rows, the panel has {frame.height:,}. "
            "Write .parquet, .csv or .dta, or fewer years"
        )
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("xlsxwriter", "frames", "Writing .xlsx") from None
    # In memory first: a zip file that meets a full disk complains once more when it is given up.
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        flat(frame).write_excel(book, "panel")
        dictionary(columns).write_excel(book, "columns")
    path.write_bytes(content.getvalue())


def _stata(
    frame: pl.DataFrame, path: Path, columns: Mapping[str, Column], _: Sequence[str]
) -> None:
    """Labels of variables from the dictionary; labels of values where its text lists codes."""
    long = [name for name in frame.columns if len(name) > STATA_NAME]
    if long:
        raise QuestionError(
            f"Stata's names have at most {STATA_NAME} letters. Longer: {', '.join(long)}"
        )
    plain = flat(frame).with_columns(
        pl.selectors.boolean().cast(pl.Int8), pl.selectors.string().fill_null("")
    )
    labels = {name: c.description[:STATA_LABEL] for name, c in columns.items()}
    coded = {name: c.codes for name, c in columns.items() if c.codes}
    to_pandas(plain).to_stata(
        path, write_index=False, version=118, variable_labels=labels, value_labels=coded
    )


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists, such as the members of a bloc, as text with spaces between."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(n).cast(pl.List(pl.String)).list.join(" ") for n in lists)


def dictionary(columns: Mapping[str, Column]) -> pl.DataFrame:
    """What the dictionary says of each column of a panel."""
    rows = [
        (name, c.unit, c.missing, c.description, c.source.source) for name, c in columns.items()
    ]
    names = ["column", "unit", "missing", "description", "source"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


WRITERS: dict[str, Writer] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".dta": _stata,
    ".xlsx": _excel,
    ".arrow": _arrow,
}
