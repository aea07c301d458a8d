"""A track to a file: table or chart, by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise import figures, files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl


DRAWN = (".png", ".svg", ".html")
SUFFIXES = (".csv", ".json", ".parquet", *DRAWN)


def write_track(frame: pl.DataFrame, path: Path, title: str) -> None:
    """Write a track as .csv, .json, .parquet, or as a chart (.png, .svg, .html).

    Raises
    ------
    DataError : another suffix, or the file cannot be written.
    """
    files.require_writable(path, SUFFIXES)
    suffix = path.suffix.lower()
    if suffix in DRAWN:
        figures.save(figures.track(frame, title), path)
        return
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": frame.write_csv,
        ".json": frame.write_json,
        ".parquet": frame.write_parquet,
    }
    with files.replacing(path) as temporary:
        writers[suffix](temporary)
