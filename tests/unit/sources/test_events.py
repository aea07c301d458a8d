"""Events by dyad: codes of the year, and the order of an undirected pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources import events

if TYPE_CHECKING:
    from conftest import RawOf


def test_icews_keeps_its_direction(raw_of: RawOf) -> None:
    frame = pl.DataFrame(
        {
            "i_iso3c": ["USA", "RUS"],
            "j_iso3c": ["RUS", "USA"],
            "year": [2006.0, 2006.0],
            "verbCoop": [10.0, 20.0],
            "matlCoop": [1.0, 2.0],
            "verbConf": [3.0, 4.0],
            "matlConf": [0.0, 5.0],
        }
    )
    assert events.directed(raw_of({}), frame).rows() == [
        (2006, 2, 365, 10, 1, 3, 0),
        (2006, 365, 2, 20, 2, 4, 5),
    ]


def test_gdelt_puts_the_lower_number_first_and_reports_what_is_no_state(raw_of: RawOf) -> None:
    raw = raw_of({})
    frame = pl.DataFrame(
        {
            "year": [2018, 2018, 2018],
            "iso_a": ["AUS", "AFG", "ABW"],
            "iso_b": ["USA", "AGO", "USA"],
            "pos_sum": [5.0, 1.5, 1.0],
            "neg_sum": [-2.0, 0.0, 0.0],
            "days_active": [300, 2, 1],
        }
    )
    assert events.undirected(raw, frame).rows() == [
        (2, 900, 2018, 5.0, -2.0, 300),
        (540, 700, 2018, 1.5, 0.0, 2),
    ]
    assert raw.unmatched == ["ABW (2018–2018)"]
