"""Build the record: read each source, check each table, write Parquet and the manifest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from counterpoise import files, schema
from counterpoise.errors import DataError
from counterpoise.record.manifest import Manifest, SourceEntry, TableEntry
from counterpoise.record.store import coded
from counterpoise.sources import snapshot
from counterpoise.sources.raw import Raw, sha256
from counterpoise.sources.registry import READERS
from counterpoise.states import StateNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import polars as pl

    from counterpoise.sources.snapshot import Snapshot


def build(
    sources: Path,
    destination: Path,
    only: Iterable[str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Manifest:
    """Read the provider files in ``sources`` and write the record to ``destination``.

    Only sources whose licence lets the figures ship (``embed = "yes"``) are read. The same bytes
    in give the same bytes out.

    Parameters
    ----------
    only : keys of the sources to build; all by default. Other tables of the record stay.
    tell : called with one line per source.

    Raises
    ------
    DataError : a file is absent or not the declared release, or a table fails its checks.
    """
    if not sources.is_dir():
        raise DataError(f"{sources} is not a folder of provider files.")
    destination.mkdir(parents=True, exist_ok=True)
    names = StateNames.from_coded(coded("state_names"))
    built = _Built.start(destination, only)
    for key in only or READERS:
        declared = snapshot.load(key)
        raw = Raw(sources, declared.files, names)
        frames = READERS[key](raw)
        _expect_tables(key, declared, frames)
        for table, frame in frames.items():
            built.tables[table] = _write(destination, key, table, frame, declared)
        built.sources[key] = declared.entry()
        built.unmatched[key] = tuple(sorted(raw.unmatched))
        tell(f"{key}: {', '.join(f'{t} {built.tables[t].rows} rows' for t in frames)}")
    return built.finish(destination)


class _Built:
    """What has been built so far; starts from the manifest there when only some are rebuilt."""

    def __init__(self) -> None:
        self.sources: dict[str, SourceEntry] = {}
        self.tables: dict[str, TableEntry] = {}
        self.unmatched: dict[str, tuple[str, ...]] = {}

    @classmethod
    def start(cls, destination: Path, only: Iterable[str] | None) -> _Built:
        built, path = cls(), destination / "manifest.json"
        if only is not None and path.is_file():
            before = Manifest.model_validate_json(path.read_bytes())
            built.sources, built.tables = dict(before.sources), dict(before.tables)
            built.unmatched = dict(before.unmatched)
        return built

    def finish(self, destination: Path) -> Manifest:
        tables = dict(sorted(self.tables.items()))
        digest = hashlib.sha256("".join(t.sha256 for t in tables.values()).encode()).hexdigest()
        manifest = Manifest(
            record=digest[:12],
            sources=dict(sorted(self.sources.items())),
            tables=tables,
            unmatched={k: v for k, v in sorted(self.unmatched.items()) if v},
        )
        text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
        files.write_bytes(destination / "manifest.json", text.encode() + b"\n")
        return manifest


def _expect_tables(key: str, declared: Snapshot, frames: dict[str, pl.DataFrame]) -> None:
    if set(frames) != set(declared.tables):
        raise DataError(
            f"Source {key} gave {sorted(frames)}, its snapshot declares {sorted(declared.tables)}"
        )


def _write(
    destination: Path, key: str, table: str, frame: pl.DataFrame, declared: Snapshot
) -> TableEntry:
    frame = schema.conform(table, frame)
    years = declared.tables[table]
    _check_years(table, frame, years)
    path = destination / f"{table}.parquet"
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


def _check_years(table: str, frame: pl.DataFrame, years: tuple[int, int] | tuple[()]) -> None:
    if "year" not in frame.columns or not years:
        return
    found = (frame["year"].min(), frame["year"].max())
    if found != years:
        raise DataError(f"Table {table} covers {found}, its snapshot declares {years}")


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write with fixed settings; the writer's version is pinned, so bytes repeat."""
    import pyarrow.parquet as pq

    pq.write_table(
        frame.to_arrow(),
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=1 << 20,
        store_schema=False,
    )
