"""What every source must be: declared, cited, described, packaged as built, and checked."""

from __future__ import annotations

import hashlib
import re
from importlib import resources

import polars as pl
import pytest

from counterpoise import schema
from counterpoise.record.manifest import Manifest, read
from counterpoise.record.store import PACKAGED
from counterpoise.sources import correction, snapshot
from counterpoise.sources.build import span
from counterpoise.sources.raw import sha256
from counterpoise.sources.registry import READERS
from counterpoise.sources.snapshot import Snapshot

DECLARED = {key: snapshot.load(key) for key in snapshot.names()}
PAIRS = [(key, table) for key, declared in DECLARED.items() for table in declared.tables]
SHIPPED = [(key, table) for key, table in PAIRS if DECLARED[key].embed == "yes"]
LIMIT = 25_000_000

sources = pytest.mark.parametrize("key", sorted(DECLARED))
tables = pytest.mark.parametrize(("key", "table"), SHIPPED)


def packaged(table: str) -> pl.DataFrame:
    return pl.read_parquet(PACKAGED / f"{table}.parquet")


def manifest() -> Manifest:
    return read(PACKAGED / "manifest.json")


def test_every_reader_has_a_snapshot_and_every_snapshot_a_reader() -> None:
    assert sorted(READERS) == sorted(DECLARED)


@sources
def test_it_is_cited_and_licensed(key: str) -> None:
    declared = DECLARED[key]
    for text in (declared.title, declared.release, declared.licence, declared.citation):
        assert text.strip()
    assert declared.homepage.startswith("https://")
    entries = re.findall(r"^@\w+\{(\w+),$", declared.bibtex, flags=re.MULTILINE)
    assert entries
    assert declared.bibtex.count("{") == declared.bibtex.count("}")


@sources
def test_its_files_are_declared_with_hash_and_home(key: str) -> None:
    assert DECLARED[key].files
    for file in DECLARED[key].files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert re.match(r"https?://", file.url)
        assert re.fullmatch(r"[a-z]+/[\w.-]+", file.path)


def test_no_two_sources_make_the_same_table() -> None:
    names = [table for _, table in PAIRS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("key", "table"), PAIRS)
def test_its_tables_are_in_the_data_dictionary(key: str, table: str) -> None:
    fields = schema.fields(table)
    assert {field.source for field in fields} == {key}
    assert schema.key(table)
    for field in fields:
        assert field.description
        assert field.missing
        assert field.type in schema.TYPES


@sources
def test_the_manifest_repeats_the_snapshot(key: str) -> None:
    declared, listed = DECLARED[key], manifest().sources
    if declared.embed == "yes":
        assert listed[key] == declared.entry()
    else:
        assert key not in listed


@tables
def test_a_packaged_table_is_the_one_that_was_built(key: str, table: str) -> None:
    entry, path = manifest().tables[table], PACKAGED / f"{table}.parquet"
    assert (sha256(path), path.stat().st_size) == (entry.sha256, entry.bytes)
    assert entry.rows == packaged(table).height
    assert entry.sources == (key,)


@tables
def test_a_packaged_table_fits_the_data_dictionary(key: str, table: str) -> None:
    frame = packaged(table)
    assert schema.conform(table, frame).equals(frame)
    assert not frame.select(schema.key(table)).is_duplicated().any()


@tables
def test_coverage_is_as_declared(key: str, table: str) -> None:
    entry, years = manifest().tables[table], DECLARED[key].tables[table]
    assert (entry.first_year, entry.last_year) == (years or (None, None))
    found = span(packaged(table), years)
    assert found is None or found == DECLARED[key].span(table)
    assert found is not None or table not in DECLARED[key].observed


@sources
def test_rows_outside_the_coverage_are_declared_as_such(key: str) -> None:
    declared: Snapshot = DECLARED[key]
    for table, observed in declared.observed.items():
        assert table in declared.tables
        assert observed != declared.tables[table]


def test_the_package_holds_no_file_that_the_manifest_lacks() -> None:
    held = {path.name for path in PACKAGED.iterdir()}
    assert held == {f"{table}.parquet" for _, table in SHIPPED} | {"manifest.json"}


def test_the_record_stays_small() -> None:
    assert sum(path.stat().st_size for path in PACKAGED.iterdir()) < LIMIT


def test_the_record_is_named_after_its_bytes() -> None:
    hashes = "".join(entry.sha256 for _, entry in sorted(manifest().tables.items()))
    assert manifest().record == hashlib.sha256(hashes.encode()).hexdigest()[:12]


def test_every_file_of_corrections_belongs_to_a_source() -> None:
    folder = resources.files("counterpoise.sources").joinpath("corrections")
    keys = {path.name.removesuffix(".toml") for path in folder.iterdir()}
    assert keys <= set(DECLARED)


@sources
def test_corrections_stand_in_the_packaged_tables_and_in_the_manifest(key: str) -> None:
    for item in correction.load(key):
        assert item.table in DECLARED[key].tables
        row = packaged(item.table).filter(
            *[pl.col(name) == value for name, value in item.key.items()]
        )
        assert row[item.column].to_list() == [item.right]
        assert str(item) in manifest().corrected[item.table]
