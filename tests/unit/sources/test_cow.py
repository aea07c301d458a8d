"""Readers of the Correlates of War files; rows made up in the shape of the project's."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from counterpoise.errors import DataError
from counterpoise.sources.cow import contiguity_spells, undirected_flows
from counterpoise.sources.cow_conflict import nulled

EPOCH = dt.date(1970, 1, 1)


def since(*date: int) -> float:
    return float((dt.date(*date) - EPOCH).days)


def test_distant_spells_beneath_contiguous_ones_are_left_out() -> None:
    frame = pl.DataFrame(
        {
            "ccode1": [365.0, 365.0, 2.0, 210.0],
            "ccode2": [700.0, 700.0, 40.0, 220.0],
            "conttype": [0.0, 1.0, 4.0, 1.0],
            "stdate": [since(1919, 8, 1), since(1920, 1, 1), since(1902, 5, 1), since(1816, 1, 1)],
            "enddate": [
                since(2016, 12, 1),
                since(1991, 12, 1),
                since(1906, 9, 1),
                since(2016, 12, 1),
            ],
        }
    )
    assert contiguity_spells(frame).rows() == [
        (365.0, 700.0, 1.0, dt.date(1920, 1, 1), dt.date(1991, 12, 1)),
        (2.0, 40.0, 4.0, dt.date(1902, 5, 1), dt.date(1906, 9, 1)),
        (210.0, 220.0, 1.0, dt.date(1816, 1, 1), None),
    ]


def flows() -> pl.DataFrame:
    rows = [
        (2, 20, 1920, 612.0, 735.0, 612.0, 735.0),
        (20, 2, 1920, 735.0, 612.0, 735.0, 612.0),
        (2, 40, 1911, 61.0, None, 135.0, None),
        (40, 2, 1911, None, 61.0, None, 135.0),
    ]
    columns = ["ccode1", "ccode2", "year", "flow1", "flow2", "smoothflow1", "smoothflow2"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_two_directions_become_one_row_and_keep_what_is_missing() -> None:
    assert undirected_flows(flows()).rows() == [flows().row(0), flows().row(2)]


@pytest.mark.parametrize("change", ["value", "row"])
def test_directions_that_disagree_are_refused(change: str) -> None:
    wrong = flows().with_columns(
        flow1=pl.when(pl.col("ccode1") == 40).then(0.0).otherwise(pl.col("flow1"))
    )
    with pytest.raises(DataError, match="differs between the two directions"):
        undirected_flows(wrong if change == "value" else flows().head(3))


def test_minus_nine_is_missing_and_other_values_stay() -> None:
    frame = pl.DataFrame({"a": [-9.0, 0.0, None, 9.0], "b": [-9, -8, 1, 2]})
    assert nulled(frame).rows() == [(None, None), (0.0, -8), (None, 1), (9.0, 2)]
