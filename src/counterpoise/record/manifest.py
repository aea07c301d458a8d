"""The manifest of the record: sources, releases, licences, coverage, rows and hashes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from counterpoise.errors import CoverageError, DataError, UnknownNameError
from counterpoise.record.store import folder

if TYPE_CHECKING:
    from pathlib import Path


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Strict):
    """One provider file: where it comes from and what its bytes hash to."""

    path: str
    sha256: str
    url: str


class SourceEntry(_Strict):
    """One source: what it is, which release, under what licence, how to cite it."""

    title: str
    release: str
    licence: str
    embed: Literal["yes", "no", "ask"]
    homepage: str
    citation: str
    bibtex: str
    files: tuple[FileEntry, ...]


class TableEntry(_Strict):
    """One table: its sources, its years, its size and the hash of its file."""

    sources: tuple[str, ...]
    first_year: int | None
    last_year: int | None
    rows: int
    bytes: int
    sha256: str


class Manifest(_Strict):
    """Everything that the record says about itself.

    ``unmatched`` lists, by source, the names that no state or organisation answers to;
    ``corrected`` lists, by table, the provider's values that the build put right, and why.
    """

    record: str
    sources: dict[str, SourceEntry]
    tables: dict[str, TableEntry]
    unmatched: dict[str, tuple[str, ...]]
    corrected: dict[str, tuple[str, ...]] = {}


def read(path: Path) -> Manifest:
    """Read a manifest file.

    Raises
    ------
    DataError : the file is absent or not a manifest.
    """
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(
            f"The record's manifest at {path} cannot be read ({error}). "
            "Rebuild it: counterpoise data build --sources DIR"
        ) from None


@functools.cache
def manifest() -> Manifest:
    """Manifest of the record in use."""
    return read(folder() / "manifest.json")


def coverage(name: str) -> tuple[int, int]:
    """First and last year that a table's sources cover, both inclusive.

    Raises
    ------
    UnknownNameError : the record has no such table.
    DataError : the table has no years.
    """
    entry = manifest().tables.get(name)
    if entry is None:
        raise UnknownNameError(f'The record has no table "{name}".')
    if entry.first_year is None or entry.last_year is None:
        raise DataError(f'Table "{name}" has no years to cover.')
    return entry.first_year, entry.last_year


def coverage_reason(name: str, year: int) -> str | None:
    """Why a table is silent about a year, or None where it covers the year."""
    first, last = coverage(name)
    if first <= year <= last:
        return None
    titles = " and ".join(manifest().sources[s].title for s in manifest().tables[name].sources)
    return f"{titles} covers {first} to {last}, not {year}"


def require_year(year: int) -> None:
    """Refuse a year that no table of the record covers.

    Raises
    ------
    CoverageError : names the first and last year of the record.
    """
    spans = [(t.first_year, t.last_year) for t in manifest().tables.values()]
    known = [(first, last) for first, last in spans if first is not None and last is not None]
    if not any(first <= year <= last for first, last in known):
        begin, end = min(first for first, _ in known), max(last for _, last in known)
        raise CoverageError(f"No table covers {year}: the record runs from {begin} to {end}.")
