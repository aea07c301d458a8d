"""Verified provider files, opened in their own formats."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import lzma
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from counterpoise.record.manifest import FileEntry
    from counterpoise.states import By, StateNames


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class NamedStates:
    """Finds the states that a source names, as of a year, and notes the names that fail.

    ``members`` gives the first and last year of each spell in the COW system (9999 when open);
    ``unmatched`` is the list of the :class:`Raw` that this belongs to.
    """

    names: StateNames
    members: Mapping[int, list[tuple[int, int]]]
    unmatched: list[str]

    def find(self, name: str, year: int | None = None, by: By = "any") -> int:
        """COW number of one state.

        Raises
        ------
        UnknownNameError : no state, or more than one, answers to the name.
        """
        return self.names.find(name, year, by)

    def find_all(
        self,
        names: Iterable[str | None],
        years: Iterable[int | None] | None = None,
        by: By = "any",
        existing: bool = False,
    ) -> list[int | None]:
        """COW numbers of many names; None where there is none, and each such name is reported.

        A name that fails in some years only is reported with the first and last of them.

        Parameters
        ----------
        names : one name per row; None gives None and is not reported.
        years : as many years; None reads every name without a date.
        by : read the names as this kind of code alone, such as ``iso3``.
        existing : also fail a state in a year in which it was no member of the system: many
            sources project today's states backwards.
        """
        rows = list(names)
        dates: list[int | None] = [None] * len(rows) if years is None else list(years)
        found = self.names.find_all(rows, dates, by)
        if existing:
            found = [
                c if c is None or y is None or self.existed(c, y) else None
                for c, y in zip(found, dates, strict=True)
            ]
        self._note([(n, y) for n, y, c in zip(rows, dates, found, strict=True) if c is None])
        return found

    def existed(self, ccode: int, year: int) -> bool:
        """Was a state in the COW system on any day of a year?"""
        return any(first <= year <= last for first, last in self.members.get(ccode, ()))

    def _note(self, failed: Iterable[tuple[str | None, int | None]]) -> None:
        years: dict[str, set[int]] = {}
        for name, year in failed:
            if name is not None:
                years.setdefault(name, set()).update([] if year is None else [year])
        for name, bad in sorted(years.items()):
            text = f"{name} ({min(bad)}–{max(bad)})" if bad else name
            if text not in self.unmatched:
                self.unmatched.append(text)


def memberships(state_names: pl.DataFrame) -> dict[int, list[tuple[int, int]]]:
    """First and last years in the COW system, from the abbreviations in ``state_names``."""
    spells: dict[int, list[tuple[int, int]]] = {}
    rows = state_names.filter(pl.col("kind") == "abb").select("ccode", "start_year", "end_year")
    for ccode, start, end in rows.iter_rows():
        spells.setdefault(ccode, []).append((start or 0, end or 9999))
    return spells


@dataclass(frozen=True)
class Raw:
    """The files of one source in a folder, each verified before its first use.

    ``states`` finds states by name; ``unmatched`` collects what it could not find, and the build
    reports every entry.
    """

    folder: Path
    files: tuple[FileEntry, ...]
    names: StateNames
    members: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)

    @functools.cached_property
    def states(self) -> NamedStates:
        """Finder of states by the source's names; what it misses goes to ``unmatched``."""
        return NamedStates(self.names, self.members, self.unmatched)

    def path(self, name: str) -> Path:
        """Path of a declared file after checking its hash.

        Raises
        ------
        DataError : the file is not declared, absent, or not the declared bytes.
        """
        declared = {f.path: f.sha256 for f in self.files}
        path = self.folder / name
        if name not in declared:
            raise DataError(f"{name} is read but no snapshot declares it")
        if not path.is_file():
            raise DataError(f"{path} is missing. Fetch it: counterpoise data fetch")
        found = sha256(path)
        if found != declared[name]:
            raise DataError(
                f"{path} is not the declared release: sha256 {found}, expected {declared[name]}"
            )
        return path

    def r(self, name: str, item: str | None = None) -> pl.DataFrame:
        """Read a data frame from an R file (.rda holds named items, .rds one)."""
        found = self._r(name)
        return _from_pandas(found if name.endswith(".rds") else found[item or next(iter(found))])

    def r_list(self, name: str, item: str) -> dict[str, pl.DataFrame]:
        """Read an item of an R file that is a list of data frames."""
        return {part: _from_pandas(frame) for part, frame in self._r(name)[item].items()}

    def _r(self, name: str) -> Any:
        import rdata

        path = self.path(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return rdata.read_rds(path) if path.suffix == ".rds" else rdata.read_rda(path)

    def csv(self, name: str, encoding: str = "utf8", **options: Any) -> pl.DataFrame:
        """Read a table from a comma-separated file; all rows are read before types are guessed."""
        return _csv(self.path(name).read_bytes(), encoding, options)

    def zip_csv(
        self, name: str, member: str, encoding: str = "utf8", **options: Any
    ) -> pl.DataFrame:
        """Read a table from one comma-separated member of a zip file."""
        with zipfile.ZipFile(self.path(name)) as archive:
            return _csv(archive.read(member), encoding, options)

    def excel(self, name: str, sheet: str | int = 0, **options: Any) -> pl.DataFrame:
        """One sheet of an Excel file (.xls or .xlsx), by name or place; every cell as it is shown.

        ``options`` go to ``fastexcel``'s ``load_sheet``, such as ``header_row``.
        """
        return _sheet(self.path(name), sheet, options)

    def zip_excel(
        self, name: str, member: str, sheet: str | int = 0, **options: Any
    ) -> pl.DataFrame:
        """One sheet of an Excel file that is a member of a zip file."""
        with zipfile.ZipFile(self.path(name)) as archive:
            return _sheet(archive.read(member), sheet, options)

    def stata(self, name: str, columns: list[str] | None = None) -> pl.DataFrame:
        """Read a table from a Stata file; labelled codes stay codes."""
        import pandas

        frame = pandas.read_stata(self.path(name), columns=columns, convert_categoricals=False)
        return _from_pandas(frame)

    def parquet(self, name: str, columns: list[str] | None = None) -> pl.DataFrame:
        """Read a table from a Parquet file."""
        return pl.read_parquet(self.path(name), columns=columns)

    def json(self, name: str) -> Any:
        """Read a JSON or TopoJSON document, also where xz has compressed it."""
        content = self.path(name).read_bytes()
        return json.loads(lzma.decompress(content) if name.endswith(".xz") else content)

    def report(self, names: Iterable[str]) -> None:
        """Note names that no state, organisation or code answers to."""
        self.unmatched.extend(sorted(set(names) - set(self.unmatched)))


def _csv(content: bytes, encoding: str, options: dict[str, Any]) -> pl.DataFrame:
    text = content.decode(encoding).encode()
    return pl.read_csv(io.BytesIO(text), infer_schema_length=None, **options)


def _sheet(book: Path | bytes, sheet: str | int, options: dict[str, Any]) -> pl.DataFrame:
    import fastexcel

    found = fastexcel.read_excel(book).load_sheet(sheet, **options)
    frame: pl.DataFrame = found.to_polars()
    return frame


def _from_pandas(frame: Any) -> pl.DataFrame:
    """R and Stata keep numbers as floats, with NaN for missing; factors become their labels."""
    found: pl.DataFrame = pl.from_pandas(frame.reset_index(drop=True), nan_to_null=True)
    return found.with_columns(pl.selectors.categorical().cast(pl.String))


def days(column: str) -> pl.Expr:
    """Turn an R date (days since 1970-01-01) into a date."""
    return pl.from_epoch(pl.col(column).cast(pl.Int32), time_unit="d")


def day(year: str, month: str, day_: str) -> pl.Expr:
    """Join three columns of numbers to a date; null where any is missing."""
    return pl.date(pl.col(year), pl.col(month), pl.col(day_))
