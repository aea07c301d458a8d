"""The bank's codes, its aggregates, and its habit of projecting today's borders backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.world_bank import gapminder, long_form, of_states

if TYPE_CHECKING:
    from conftest import RawOf

NAMES = {"RUS": "Russian Federation", "WLD": "World", "DEU": "Germany"}


def kept(raw_of: RawOf, *rows: tuple[str, int]) -> tuple[list[tuple[int, int]], list[str]]:
    raw = raw_of({})
    frame = pl.DataFrame(rows, schema={"iso3c": pl.String, "year": pl.Int32}, orient="row")
    found = of_states(raw, frame, NAMES).select("ccode", "year").sort("ccode", "year")
    return found.rows(), sorted(raw.unmatched)


def test_aggregates_are_reported_by_name(raw_of: RawOf) -> None:
    assert kept(raw_of, ("WLD", 2000), ("AFE", 2000)) == ([], ["AFE", "World (WLD)"])


def test_iso_codes_are_not_taken_for_cow_abbreviations(raw_of: RawOf) -> None:
    # AUS is Austria and SLV Slovenia among COW's abbreviations.
    assert kept(raw_of, ("AUS", 2000), ("SLV", 2000)) == ([(92, 2000), (900, 2000)], [])


def test_todays_russia_is_not_the_soviet_union(raw_of: RawOf) -> None:
    rows, reported = kept(raw_of, ("RUS", 1970), ("RUS", 1991), ("RUS", 1992))
    assert rows == [(365, 1992)]
    assert reported == [
        "Russian Federation (RUS) 1970–1991: not in the system, or within other borders"
    ]


def test_united_germany_is_neither_half_of_the_divided_one(raw_of: RawOf) -> None:
    rows, _ = kept(raw_of, ("DEU", 1975), ("DEU", 1990), ("DEU", 2006))
    assert rows == [(255, 1990), (255, 2006)]


def test_yemen_begins_in_1990_and_vietnam_in_1976(raw_of: RawOf) -> None:
    rows, _ = kept(raw_of, ("YEM", 1989), ("YEM", 1990), ("VNM", 1975), ("VNM", 1976))
    assert rows == [(679, 1990), (816, 1976)]


def test_a_colony_has_no_row_before_independence(raw_of: RawOf) -> None:
    rows, _ = kept(raw_of, ("DZA", 1961), ("DZA", 1962), ("UKR", 1990), ("UKR", 1991))
    assert rows == [(369, 1991), (615, 1962)]


def test_years_beside_each_other_become_rows() -> None:
    wide = pl.DataFrame(
        {
            "Country Name": ["Albania", "World"],
            "Country Code": ["ALB", "WLD"],
            "1960": [None, 1.0],
            "1961": [2.0, 3.0],
            "2025": [9.0, 9.0],
        }
    )
    assert sorted(long_form(wide, "gdp").rows()) == [
        ("ALB", 1961, 2.0),
        ("WLD", 1960, 1.0),
        ("WLD", 1961, 3.0),
    ]


def test_gapminder_writes_codes_small_and_kosovo_its_own_way(raw_of: RawOf) -> None:
    raw = raw_of({"m.csv": b"geo,time,share\nkos,2010,0.5\nusa,2010,4.5\nusa,2011,\n"})
    assert gapminder(raw, "m.csv", "share").rows() == [("XKX", 2010, 0.5), ("USA", 2010, 4.5)]
