"""Build the record: read each source, check each table, write Parquet and the manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import files, schema
from counterpoise.errors import (
    CounterpoiseError,
    DataError,
    LicenceError,
    MissingExtraError,
    UnknownNameError,
)
from counterpoise.record.manifest import Manifest, SourceEntry, TableEntry
from counterpoise.record.store import PACKAGED, coded
from counterpoise.sources import correction, snapshot
from counterpoise.sources.raw import Raw, memberships, sha256
from counterpoise.sources.registry import READERS
from counterpoise.states import StateNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counterpoise.sources.snapshot import Snapshot, Years

STAGING = ".building"
"""Folder, in that of the record, of tables until all of a build are made."""


def build(
    sources: Path,
    destination: Path,
    only: Iterable[str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
    include_restricted: bool = False,
) -> Manifest:
    """Read the provider files in ``sources`` and write the record to ``destination``.

    Only sources whose licence lets the figures ship (``embed = "yes"``) are read, unless
    ``include_restricted``: then the record holds every source whose files are there, for the
    user's own use from a folder of their own. The same bytes in give the same bytes out.

    Parameters
    ----------
    only : keys of the sources to build; all by default. Other tables of the record stay.
    tell : called with one line per source.

    Raises
    ------
    DataError : a file is absent or not the declared release, or a table fails its checks.
    LicenceError : a source that may not ship is named, or would land in the package.
    UnknownNameError : no source of that key.
    """
    if not sources.is_dir():
        raise DataError(f"{sources} is not a folder of provider files.")
    if include_restricted and destination.resolve() == PACKAGED.resolve():
        raise LicenceError("Restricted sources may not enter the package. Name another folder.")
    keys = _keys(sources, only, include_restricted)
    named = coded("state_names")
    names, members = StateNames.from_coded(named), memberships(named)
    _begin(destination)
    built = _Built.start(destination, keep=only is not None)
    for key in keys:
        declared = snapshot.load(key)
        raw = Raw(sources, declared.files, names, members)
        frames = _frames(key, raw)
        built.add(destination, key, declared, frames, raw.unmatched)
        tell(f"{key}: {', '.join(f'{t} {built.tables[t].rows} rows' for t in frames)}")
    return built.finish(destination)


def _begin(destination: Path) -> None:
    """Make the folder, and an empty one in it for tables until all are made.

    A build that is killed, or meets a damaged file, leaves the record that was there.
    """
    with files.file_errors(destination):
        shutil.rmtree(destination / STAGING, ignore_errors=True)
        (destination / STAGING).mkdir(parents=True)


def _frames(key: str, raw: Raw) -> dict[str, pl.DataFrame]:
    """Tables of one source, or an error that names it.

    What a library meets in a damaged file of its format has no end of names; all of them mean
    that the bytes are not of the declared form.
    """
    try:
        return READERS[key](raw)
    except CounterpoiseError:
        raise
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            error.name or "a reader", "build", "Rebuilding the record"
        ) from None
    except Exception as error:
        what = f"{type(error).__name__}: {error}"[:300]
        raise DataError(f"A file of source {key} is not of the declared form ({what})") from error


def compare(
    sources: Path, folder: Path, tell: Callable[[str], None] = lambda line: None
) -> list[str]:
    """Names of the files that differ between the record in ``folder`` and a fresh build.

    A file that only one of the two has counts as different; an empty list means equal bytes.

    Raises
    ------
    DataError : as :func:`build`.
    """
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        build(sources, fresh, tell=tell)
        names = {p.name for place in (fresh, folder) for p in place.iterdir() if p.is_file()}
        return sorted(n for n in names if _bytes(fresh / n) != _bytes(folder / n))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _keys(sources: Path, only: Iterable[str] | None, restricted: bool) -> list[str]:
    """Choose the sources to read, in the order of the registry."""
    asked = list(READERS) if only is None else list(only)
    unknown = [key for key in asked if key not in READERS]
    if unknown:
        raise UnknownNameError(f"Unknown sources {unknown}. There are: {', '.join(READERS)}")
    declared = {key: snapshot.load(key) for key in READERS if key in asked}
    closed = [key for key, source in declared.items() if source.embed != "yes"]
    if closed and only is not None and not restricted:
        raise LicenceError(
            f"The licence of {', '.join(closed)} keeps its figures out of the package. "
            "Build it into a folder of your own, with restricted sources included."
        )
    kept = [key for key in closed if restricted and (only or _present(sources, declared[key]))]
    return [key for key in declared if key not in closed or key in kept]


def _present(sources: Path, declared: Snapshot) -> bool:
    return all((sources / file.path).is_file() for file in declared.files)


@dataclass
class _Built:
    """What has been built so far; starts from the manifest there when only some are rebuilt."""

    sources: dict[str, SourceEntry] = field(default_factory=dict)
    tables: dict[str, TableEntry] = field(default_factory=dict)
    unmatched: dict[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, destination: Path, keep: bool) -> _Built:
        path = destination / "manifest.json"
        if not path.is_file():
            return cls()
        before = Manifest.model_validate_json(path.read_bytes())
        if not keep:
            return cls(stale=set(before.tables))
        return cls(
            dict(before.sources),
            dict(before.tables),
            dict(before.unmatched),
            dict(before.corrected),
        )

    def add(
        self,
        destination: Path,
        key: str,
        declared: Snapshot,
        frames: dict[str, pl.DataFrame],
        unmatched: list[str],
    ) -> None:
        _expect_tables(key, declared, frames)
        mended = correction.load(key)
        for table, frame in frames.items():
            tidy = correction.apply(table, schema.conform(table, frame), mended)
            self.tables[table] = _write(destination, key, table, tidy, declared)
            self.corrected[table] = tuple(str(m) for m in mended if m.table == table)
        self.sources[key] = declared.entry()
        self.unmatched[key] = tuple(sorted(unmatched))

    def finish(self, destination: Path) -> Manifest:
        tables = dict(sorted(self.tables.items()))
        digest = hashlib.sha256("".join(t.sha256 for t in tables.values()).encode()).hexdigest()
        manifest = Manifest(
            record=digest[:12],
            sources=dict(sorted(self.sources.items())),
            tables=tables,
            unmatched={k: v for k, v in sorted(self.unmatched.items()) if v},
            corrected={k: v for k, v in sorted(self.corrected.items()) if v},
        )
        text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
        for made in sorted((destination / STAGING).iterdir()):
            made.replace(destination / made.name)
        (destination / STAGING).rmdir()
        files.write_bytes(destination / "manifest.json", text.encode() + b"\n")
        for table in self.stale - set(tables):
            (destination / f"{table}.parquet").unlink(missing_ok=True)
        return manifest


def _expect_tables(key: str, declared: Snapshot, frames: dict[str, pl.DataFrame]) -> None:
    if set(frames) != set(declared.tables):
        raise DataError(
            f"Source {key} gave {sorted(frames)}, its snapshot declares {sorted(declared.tables)}"
        )


def _write(
    destination: Path, key: str, table: str, frame: pl.DataFrame, declared: Snapshot
) -> TableEntry:
    years = declared.tables[table]
    _check_years(table, frame, declared)
    path = destination / STAGING / f"{table}.parquet"
    with files.replacing(path) as temporary:
        _write_parquet(frame, temporary)
    return TableEntry(
        sources=(key,),
        first_year=years[0] if years else None,
        last_year=years[1] if years else None,
        rows=frame.height,
        bytes=path.stat().st_size,
        sha256=sha256(path),
    )


def _check_years(table: str, frame: pl.DataFrame, declared: Snapshot) -> None:
    """Rows without a year of their own (votes, by roll call) cannot be held against coverage."""
    found, expected = span(frame, declared.tables[table]), declared.span(table)
    if found != expected and (found is not None or declared.observed.get(table)):
        raise DataError(f"Rows of table {table} span {found}, its snapshot declares {expected}")


def span(frame: pl.DataFrame, coverage: Years | tuple[()]) -> Years | None:
    """First and last year among the rows of a table; None for a table without years.

    Read from ``year``, or from ``start_year`` and ``end_year`` (in ATOP's words ``yrent`` and
    ``yrexit``, ``begyr`` and ``endyr``), or from the dates ``start`` and ``end``. A spell without
    an end lasts to the end of the coverage.
    """
    first, last = _bounds(frame)
    if first is None:
        return None
    open_end = coverage[1] if coverage else None
    low, high = first.min(), (first if last is None else last.fill_null(open_end)).max()
    return (int(str(low)), int(str(high)))


def _bounds(frame: pl.DataFrame) -> tuple[pl.Series | None, pl.Series | None]:
    names = set(frame.columns)
    if "year" in names:
        return frame["year"], None
    for start, end in (("start_year", "end_year"), ("yrent", "yrexit"), ("begyr", "endyr")):
        if start in names:
            return frame[start], frame[end] if end in names else None
    if {"start", "end"} <= names:
        return frame["start"].dt.year(), frame["end"].dt.year()
    return None, None


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write with fixed settings; the writer's version is pinned, so bytes repeat.

    Numbers go in plain and split by byte, text as a dictionary: for these tables that is smaller
    than a dictionary of numbers, and opens as fast.
    """
    import pyarrow.parquet as pq

    pq.write_table(
        frame.to_arrow(),
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=1 << 20,
        use_dictionary=frame.select(pl.selectors.string()).columns,
        use_byte_stream_split=frame.select(pl.selectors.float()).columns,
        store_schema=False,
    )
