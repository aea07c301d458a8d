from __future__ import annotations

import polars as pl
import pytest

from counterpoise import record
from counterpoise.record.status import coverage_by_year, gaps, status


def test_every_table_is_listed_as_the_manifest_has_it() -> None:
    frame = status()
    held = record.manifest()
    assert frame["table"].to_list() == list(held.tables)
    for row in frame.iter_rows(named=True):
        entry = held.tables[row["table"]]
        assert (row["first_year"], row["last_year"]) == (entry.first_year, entry.last_year)
        assert row["rows"] == entry.rows
        assert row["licence"]


def test_gaps_of_a_yearly_table(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gaps("nmc") == []
    held = record.table("nmc").filter(~pl.col("year").is_in([1914, 1915]))
    monkeypatch.setattr("counterpoise.record.status.table", lambda _: held)
    assert gaps("nmc") == [1914, 1915]


def test_a_year_without_an_event_is_no_gap() -> None:
    years = coverage_by_year("wars").filter(pl.col("rows") == 0)["year"]
    assert 1816 in years.to_list()
    assert gaps("wars") == []


def test_spells_count_in_each_of_their_years() -> None:
    frame = coverage_by_year("states")
    by_year = dict(frame.select("year", "rows").iter_rows())
    spells = record.table("states")
    for year in (1816, 1860, 1938, 1955, 2016):
        begun = pl.col("start").dt.year() <= year
        held = begun & (pl.col("end").dt.year().fill_null(9999) >= year)
        assert by_year[year] == spells.filter(held).height
    assert frame["year"].to_list() == list(range(1816, 2017))


def test_events_count_in_their_year_alone() -> None:
    frame = coverage_by_year("disputes")
    assert frame["rows"].sum() == record.table("disputes").height


def test_shares_are_of_the_fullest_year() -> None:
    frame = coverage_by_year("nmc", "majors", "gw_states")
    tops = frame.group_by("table").agg(pl.col("share").max())
    assert tops["share"].to_list() == [1.0, 1.0, 1.0]
    assert frame["share"].min() > 0


def test_tables_without_years_have_no_picture() -> None:
    untimed = [n for n, e in record.manifest().tables.items() if e.last_year is None]
    for name in untimed:
        assert coverage_by_year(name).is_empty()
