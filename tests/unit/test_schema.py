"""The data dictionary, and what it refuses."""

from __future__ import annotations

import polars as pl
import pytest

from counterpoise import schema
from counterpoise.errors import DataError, UnknownNameError


def majors(**changes: list[object]) -> pl.DataFrame:
    columns: dict[str, list[object]] = {
        "ccode": [200.0, 2.0],
        "start": ["1816-01-01", "1898-08-13"],
        "end": [None, None],
    }
    frame = pl.DataFrame(columns | changes, schema_overrides={"end": pl.Date}, strict=False)
    return frame.with_columns(pl.col("start").str.to_date())


def test_a_fitting_table_is_cast_ordered_and_sorted() -> None:
    shuffled = majors().select("end", "start", "ccode")
    found = schema.conform("majors", shuffled)
    assert found.schema == {"ccode": pl.Int32, "start": pl.Date, "end": pl.Date}
    assert found["ccode"].to_list() == [2, 200]


def test_a_fraction_is_not_cut_to_a_whole_number() -> None:
    with pytest.raises(DataError, match="ccode is Int32 and cannot hold 1 of its values"):
        schema.conform("majors", majors(ccode=[2.5, 200.0]))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ccode": [1.0, 2.0]}, "ccode falls to 1, below 2"),
        ({"ccode": [2.0, 999.0]}, "ccode rises to 999, above 990"),
        ({"ccode": [None, 2.0]}, "ccode has 1 nulls and is never missing"),
        ({"ccode": [2.0, 2.0], "start": ["1898-08-13"] * 2}, "1 rows repeat the key"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, list[object]], fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        schema.conform("majors", majors(**changes))


def test_columns_missing_and_undeclared_are_named() -> None:
    wrong = majors().drop("end").with_columns(extra=pl.lit(1))
    with pytest.raises(DataError, match=r"missing \['end'\], columns not declared \['extra'\]"):
        schema.conform("majors", wrong)


def test_nan_is_no_missing_value() -> None:
    row = {f.name: [None] for f in schema.fields("nmc")} | {"ccode": [2], "year": [1900]}
    frame = pl.DataFrame(row | {"cinc": [float("nan")]})
    with pytest.raises(DataError, match="cinc holds NaN"):
        schema.conform("nmc", frame)


def test_an_unknown_table_is_met_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r'Unknown table "nmcs"\. There are: .*nmc'):
        schema.fields("nmcs")


def test_keys_come_in_order() -> None:
    assert schema.key("wars") == ["warnum", "ccode1", "ccode2", "year", "resume"]
