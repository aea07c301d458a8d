"""Oil and gas: today's territories read as the states of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources import energy

if TYPE_CHECKING:
    from conftest import RawOf


def found(raw_of: RawOf, *rows: tuple[str, int, float | None]) -> tuple[list[object], list[str]]:
    raw = raw_of({})
    values = pl.DataFrame(rows, schema=["name", "year", "value"], orient="row")
    table = energy.by_state(raw, values, "iso3", "oil")
    return list(table.sort("ccode", "year").rows()), sorted(raw.unmatched)


def test_soviet_republics_add_up_to_the_union_and_part_in_1991(raw_of: RawOf) -> None:
    rows, reported = found(
        raw_of,
        ("ussr", 1984, 612.0),
        ("rus", 1984, 0.0),
        ("ussr", 1985, 0.0),
        ("rus", 1985, 542.0),
        ("kaz", 1985, 23.0),
        ("rus", 1991, 462.0),
        ("kaz", 1991, 27.0),
        ("ussr", 1991, 0.0),
    )
    assert rows == [(365, 1984, 612.0), (365, 1985, 565.0), (365, 1991, 462.0), (705, 1991, 27.0)]
    assert reported == ["ussr (1991–1991)"]


def test_a_figure_of_two_states_is_nobodys(raw_of: RawOf) -> None:
    rows, reported = found(raw_of, ("deu", 1980, 150.0), ("deu", 1990, 127.0), ("vnm", 1975, 0.0))
    assert rows == [(255, 1990, 127.0)]
    assert reported == ["deu (1980–1980)", "vnm (1975–1975)"]


def test_czechia_and_slovakia_were_one_to_1992(raw_of: RawOf) -> None:
    rows, _ = found(raw_of, ("cze", 1992, 7.0), ("svk", 1992, 3.5), ("cze", 1993, 6.9))
    assert rows == [(315, 1992, 10.5), (316, 1993, 6.9)]


def test_a_state_to_come_has_no_row_and_a_missing_figure_none_either(raw_of: RawOf) -> None:
    rows, reported = found(raw_of, ("are", 1970, 38.0), ("are", 1971, 51.0), ("sau", 1971, None))
    assert rows == [(696, 1971, 51.0)]
    assert reported == ["are (1970–1970)"]


def test_codes_are_iso_codes(raw_of: RawOf) -> None:
    assert found(raw_of, ("aus", 2000, 1.0)) == ([(900, 2000, 1.0)], [])


def test_a_billion_cubic_metres_is_36_petajoules() -> None:
    # Saudi Arabia 2019: 111.15 billion cubic metres, 95,571,797 tons of oil equivalent.
    assert round(95571797.07653 / energy.TOE_IN_BCM, 4) == 111.15
