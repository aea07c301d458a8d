"""Corrections change one cell, and fail once the wrong value is gone."""

from __future__ import annotations

import polars as pl
import pytest

from counterpoise import schema
from counterpoise.errors import DataError
from counterpoise.sources import correction

WRONG = """
[[correction]]
table = "majors"
key = { ccode = 2, start = 1898-08-13 }
column = "end"
from = 1990-01-01
reason = "still a major power"
source = "this test"
status = "reported"

[[correction]]
table = "nmc"
key = { ccode = 380, year = 2001 }
column = "upop_k"
from = 13418.0
to = 1724.0
reason = "more than the whole population"
source = "this test"
status = "unreported"
"""


def nmc(upop: float | None) -> pl.DataFrame:
    empty = {f.name: [None, None] for f in schema.fields("nmc")}
    rows = empty | {"ccode": [380, 380], "year": [2000, 2001], "upop_k": [7956.0, upop]}
    return schema.conform("nmc", pl.DataFrame(rows))


def test_one_cell_changes_and_no_other() -> None:
    before = nmc(13418.0)
    after = correction.apply("nmc", before, correction.parse(WRONG, "test"))
    assert after["upop_k"].to_list() == [7956.0, 1724.0]
    assert after.drop("upop_k").equals(before.drop("upop_k"))


def test_a_mended_value_fails_the_build() -> None:
    with pytest.raises(DataError, match=r"expected 13418\.0, found 1733\.0. If upstream has"):
        correction.apply("nmc", nmc(1733.0), correction.parse(WRONG, "test"))


def test_a_value_that_became_unknown_fails_too() -> None:
    with pytest.raises(DataError, match=r"expected 13418\.0, found unknown"):
        correction.apply("nmc", nmc(None), correction.parse(WRONG, "test"))


def test_a_row_that_is_gone_fails() -> None:
    only_2000 = nmc(13418.0).head(1)
    with pytest.raises(DataError, match="0 such rows, expected 1"):
        correction.apply("nmc", only_2000, correction.parse(WRONG, "test"))


def test_a_date_can_be_keyed_and_made_unknown() -> None:
    import datetime as dt

    days = {"start": [dt.date(1898, 8, 13)], "end": [dt.date(1990, 1, 1)]}
    frame = schema.conform("majors", pl.DataFrame({"ccode": [2], **days}))
    after = correction.apply("majors", frame, correction.parse(WRONG, "test"))
    assert after["end"].to_list() == [None]


@pytest.mark.parametrize(
    "text",
    ["[[correction]]\ntable = 'nmc'\n", WRONG.replace("reported", "perhaps"), "= ="],
    ids=["incomplete", "status", "not TOML"],
)
def test_a_malformed_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(DataError, match=r"Corrections nmc\.toml"):
        correction.parse(text, "nmc")


def test_it_reads_as_a_sentence() -> None:
    first = correction.parse(WRONG, "test")[0]
    assert str(first) == (
        "end of ccode 2, start 1898-08-13: 1990-01-01 → unknown (still a major power)"
    )


def test_a_source_without_a_file_has_none() -> None:
    assert correction.load("cow_states") == ()
