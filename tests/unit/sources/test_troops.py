"""US troops: what the file adds up twice is taken apart again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from counterpoise.errors import DataError
from counterpoise.sources import troops

if TYPE_CHECKING:
    from conftest import RawOf

KANE, SEPTEMBER = troops.KANE, "September 1990"


def row(
    ccode: int, year: int, quarter: int, source: str | None, number: float, services: float = 0.0
) -> dict[str, Any]:
    parts = dict.fromkeys(troops.SERVICES, 0.0) | {"army_ad": services}
    return {
        "ccode": ccode,
        "year": year,
        "quarter": quarter,
        "source": source,
        "troops_ad": number,
        **parts,
    }


def found(*rows: dict[str, Any]) -> dict[tuple[int, int], tuple[float | None, str | None]]:
    table = troops.by_year(pl.DataFrame(rows)).select("ccode", "year", "troops", "basis")
    return {(ccode, year): (number, basis) for ccode, year, number, basis in table.iter_rows()}


def test_a_host_spelled_in_two_ways_is_counted_once() -> None:
    # Italy in 1985: 14,695 by Kane, 29,390 in the file's report.
    assert found(row(325, 1985, 2, KANE, 14695), row(325, 1985, 3, "September 1985", 29390)) == {
        (325, 1985): (14695.0, "report")
    }


def test_crews_afloat_before_1977_are_left_to_the_ports() -> None:
    # Greece in 1960: 1,976 ashore, 15,066 with the Sixth Fleet's crews.
    rows = row(350, 1960, 2, KANE, 1976), row(350, 1960, 3, "September 1960", 15066)
    assert found(*rows)[350, 1960] == (1976.0, "kane")


def test_each_source_stands_in_where_the_other_is_silent() -> None:
    assert found(
        row(645, 2003, 2, KANE, 136000),
        row(645, 2003, 3, "September 2003", 0),
        row(817, 1968, 2, KANE, 0),
        row(817, 1968, 3, "September 1968", 1074754),
    ) == {(645, 2003): (136000.0, "kane"), (817, 1968): (537377.0, "report")}


def test_a_host_that_sources_list_with_none_has_zero_and_one_they_do_not_list_is_unknown() -> None:
    assert found(
        row(731, 1990, 2, KANE, 0), row(731, 1990, 3, None, 0), row(816, 1990, 3, None, 0)
    ) == {(731, 1990): (0.0, "report"), (816, 1990): (None, None)}


def test_june_of_the_early_fifties_is_two_figures_in_one() -> None:
    assert found(
        row(740, 1950, 2, "June 1950", 251860, services=115306),
        row(260, 1955, 2, "June 1955", 500000, services=250000),
        row(732, 1954, 2, "June 1954", 676770, services=451178),
        row(2, 1954, 2, "June 1954", 2159404, services=1894259),
    ) == {
        (740, 1950): (136554.0, "kane"),
        (260, 1955): (250000.0, "mean"),
        (732, 1954): (225590.0, "mean"),
        (2, 1954): (2159404.0, "report"),
    }


def test_a_sum_that_holds_more_afloat_than_ashore_is_unknown() -> None:
    rows = [row(140, 1953, 2, "June 1953", 12716, services=12716)]
    assert found(*rows) == {(140, 1953): (None, None)}


def test_two_years_without_a_report_lie_on_a_line() -> None:
    table = found(
        row(732, 1950, 2, "June 1950", 1530, services=1020),
        row(732, 1951, 2, troops.IMPUTED, 327883),
        row(732, 1952, 2, troops.IMPUTED, 654236),
        row(732, 1953, 2, "June 1953", 980589, services=697156),
    )
    assert table[732, 1953] == (326863.0, "mean")
    assert table[732, 1951] == (109294.0, "interpolated")
    assert table[732, 1952] == (218079.0, "interpolated")


def test_the_june_sums_of_2014_to_2021_are_passed_over() -> None:
    assert found(
        row(260, 2015, 2, "June 2015", 71824), row(260, 2015, 3, "September 2015", 35216)
    ) == {(255, 2015): (35216.0, "report")}


def test_forces_at_war_are_estimated_or_unknown_once_reports_leave_them_out() -> None:
    assert found(
        row(700, 2018, 3, None, 14000),
        row(652, 2018, 3, "September 2018", 2),
        row(652, 2022, 3, "September 2022", 2),
    ) == {
        (700, 2018): (14000.0, "estimate"),
        (652, 2018): (None, None),
        (652, 2022): (None, None),
    }


def test_numbers_become_cow_numbers_at_the_union() -> None:
    table = found(
        row(260, 1989, 3, SEPTEMBER, 248621),
        row(260, 1990, 3, SEPTEMBER, 227586),
        row(265, 1990, 2, KANE, 0),
        row(678, 1990, 2, KANE, 37),
        row(345, 2007, 2, KANE, 1397),
        row(340, 2007, 3, None, 0),
        row(970, 2007, 3, SEPTEMBER, 4),
    )
    assert {key: number for key, (number, _) in table.items()} == {
        (260, 1989): 248621.0,
        (255, 1990): 227586.0,
        (679, 1990): 37.0,
        (345, 2007): 1397.0,
        (946, 2007): 4.0,
    }


def test_of_equal_figures_for_serbia_the_report_s_stays() -> None:
    table = found(row(345, 2012, 2, KANE, 9), row(340, 2012, 3, "September 2012", 9))
    assert table == {(345, 2012): (9.0, "report")}


def twice(number: float) -> list[dict[str, Any]]:
    return [row(325, year, 3, f"September {year}", number) for year in range(1980, 2000)]


def test_the_correction_fails_once_the_file_counts_once() -> None:
    troops.expect_doubled(pl.DataFrame(twice(24014)))
    with pytest.raises(DataError, match=r"hosts \[325\] are no longer counted twice"):
        troops.expect_doubled(pl.DataFrame(twice(12007)))


def test_the_correction_fails_once_another_host_is_counted_twice() -> None:
    rows = [row(200, year, 3, f"September {year}", 9042) for year in range(1980, 2000)]
    with pytest.raises(DataError, match=r"or hosts \[200\] are"):
        troops.expect_doubled(pl.DataFrame(rows))


def test_bases_keep_the_place_and_one_without_a_position_has_none(raw_of: RawOf) -> None:
    lines = (
        "countryname,ccode,iso3c,basename,lat,lon,base,lilypad,fundedsite\n"
        "Aruba,210,NLD,Queen  Beatrix,12.5,-70,0,1,0\n"
        "Curaçao,210,NLD,Hato,NA,NA,0,1,0\n"
        "Antarctica,920,NZL,McMurdo Station,-77.85,166.7,0,1,0\n"
    )
    raw = raw_of({"troops/us_bases_vine.csv": lines.encode("latin-1")})
    table = troops.bases(raw)["us_bases"]
    wanted = ("base_id", "ccode", "place", "name", "latitude_deg", "is_base", "is_lilypad")
    assert table.select(wanted).rows() == [
        (1, 210, "Aruba", "Queen Beatrix", 12.5, False, True),
        (2, 210, "Curaçao", "Hato", None, False, True),
    ]
    assert raw.unmatched == ["Antarctica: McMurdo Station"]
