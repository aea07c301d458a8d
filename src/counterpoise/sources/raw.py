"""Verified provider files, opened in their own formats."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from counterpoise.record.manifest import FileEntry
    from counterpoise.states import StateNames


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Raw:
    """The files of one source in a folder, each verified before its first use.

    ``states`` finds states by name; ``unmatched`` collects what it could not find, and the build
    reports every entry.
    """

    folder: Path
    files: tuple[FileEntry, ...]
    states: StateNames
    unmatched: list[str] = field(default_factory=list)

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
        """A data frame from an R file (.rda holds named items, .rds one)."""
        import rdata

        path = self.path(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if path.suffix == ".rds":
                return _from_pandas(rdata.read_rds(path))
            items = rdata.read_rda(path)
        return _from_pandas(items[item or next(iter(items))])

    def csv(self, name: str, encoding: str = "utf8", **options: Any) -> pl.DataFrame:
        """A table from a comma-separated file; all rows are read before types are guessed."""
        return pl.read_csv(
            self.path(name).read_bytes().decode(encoding).encode(),
            infer_schema_length=None,
            **options,
        )

    def report(self, names: Iterable[str]) -> None:
        """Note names that no state, organisation or code answers to."""
        self.unmatched.extend(sorted(set(names) - set(self.unmatched)))


def _from_pandas(frame: Any) -> pl.DataFrame:
    return pl.DataFrame(
        {str(name): _series(frame[name]) for name in frame.columns},
    )


def _series(column: Any) -> pl.Series:
    values = column.astype(object).where(column.notna(), None)
    series = pl.Series(str(column.name), values.to_list(), strict=False)
    return series


def days(column: str) -> pl.Expr:
    """An R date (days since 1970-01-01) as a date."""
    return pl.from_epoch(pl.col(column).cast(pl.Int32), time_unit="d")
