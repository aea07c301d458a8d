"""Opening tables and asking what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from counterpoise import record
from counterpoise.errors import DataError, UnknownNameError
from counterpoise.record.store import PACKAGED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the record at an empty folder, with nothing remembered before or after."""

    def forget() -> None:
        record.table.cache_clear()
        record.manifest.cache_clear()

    monkeypatch.setenv("COUNTERPOISE_RECORD", str(tmp_path))
    forget()
    yield tmp_path
    forget()


def test_a_table_is_opened_in_full_or_in_part() -> None:
    whole = record.table("nmc")
    part = record.scan("nmc").filter(pl.col("year") == 2006).select("ccode", "cinc").collect()
    assert part.equals(whole.filter(pl.col("year") == 2006).select("ccode", "cinc"))


def test_coverage_is_the_years_the_source_speaks_about() -> None:
    # The last war of the table began in 2003; the source watched until 2007.
    assert record.coverage("wars") == (1816, 2007)
    assert record.table("wars")["year"].max() == 2003


def test_silence_outside_coverage_has_a_reason() -> None:
    assert record.coverage_reason("dispute_dyads", 2014) is None
    assert record.coverage_reason("dispute_dyads", 2015) == (
        "Militarized Interstate Disputes covers 1816 to 2014, not 2015"
    )


def test_a_table_that_was_never_made_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        record.table("dragons")
    with pytest.raises(UnknownNameError, match='no table "dragons"'):
        record.coverage("dragons")


def test_an_absent_table_says_how_to_build_it(elsewhere: Path) -> None:
    with pytest.raises(DataError, match="counterpoise data build --sources DIR"):
        record.table("nmc")


def test_a_damaged_table_says_so(elsewhere: Path) -> None:
    good = (PACKAGED / "nmc.parquet").read_bytes()
    (elsewhere / "manifest.json").write_bytes((PACKAGED / "manifest.json").read_bytes())
    for bad in (b"PAR1 not really", good[:-1], good[:9000] + b"!" + good[9001:], b""):
        (elsewhere / "nmc.parquet").write_bytes(bad)
        for read in (record.table, record.scan):
            with pytest.raises(DataError, match=r'Table "nmc" at .* cannot be read'):
                read("nmc")
    (elsewhere / "nmc.parquet").write_bytes(good)
    assert record.table("nmc").height > 10_000


def test_a_table_without_a_manifest_is_not_trusted(elsewhere: Path) -> None:
    (elsewhere / "nmc.parquet").write_bytes((PACKAGED / "nmc.parquet").read_bytes())
    with pytest.raises(DataError, match=r"manifest at .* cannot be read"):
        record.table("nmc")


@pytest.mark.parametrize("text", ["", "{}", '{"record": 1}'])
def test_a_damaged_manifest_says_so(elsewhere: Path, text: str) -> None:
    (elsewhere / "manifest.json").write_text(text)
    with pytest.raises(DataError, match="cannot be read"):
        record.coverage("nmc")
