"""Conflicts and the states in them, from rows that repeat every combination."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from counterpoise.errors import DataError
from counterpoise.sources.ucdp import conflict_years, parties


def rows() -> pl.DataFrame:
    """Conflict 1: 651 and 645 against 666, helped by 2; conflict 2: 700 alone."""
    combined = [(1, 1948, a, None, 666, 2) for a in (651, 645)] + [(2, 1950, 700, None, None, None)]
    frame = pl.DataFrame(
        combined,
        schema=["conflict_id", "year", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"],
        schema_overrides={"gwno_a_2nd": pl.Int64},
        orient="row",
    )
    return frame.with_columns(
        incompatibility=pl.lit("territory"),
        intensity_level=2,
        type_of_conflict=pl.when(pl.col("conflict_id") == 1)
        .then(pl.lit("interstate"))
        .otherwise(pl.lit("II")),
        start_date=-7931.0,
        start_prec=1,
        start_date2=-7931.0,
        start_prec2=1,
        ep_end=pl.when(pl.col("conflict_id") == 1).then(0).otherwise(1),
        ep_end_date=pl.when(pl.col("conflict_id") == 2).then(-7000.0),
    )


def test_one_row_per_conflict_and_year() -> None:
    found = conflict_years(rows()).sort("conflict_id")
    assert found["conflict_id"].to_list() == [1, 2]
    assert found["type_of_conflict"].to_list() == ["interstate", "internationalized intrastate"]
    assert found["start_date"].to_list() == [dt.date(1948, 4, 15)] * 2
    assert found["ep_end"].to_list() == [False, True]
    assert found["ep_end_date"].to_list() == [None, dt.date(1950, 11, 2)]


def test_each_state_once_on_its_side() -> None:
    assert sorted(parties(rows()).rows()) == [
        (1, 1948, 2, "b", False),
        (1, 1948, 645, "a", True),
        (1, 1948, 651, "a", True),
        (1, 1948, 666, "b", True),
        (2, 1950, 700, "a", True),
    ]


def test_rows_of_one_conflict_may_not_differ() -> None:
    torn = rows().with_columns(
        intensity_level=pl.when(pl.col("gwno_a") == 645).then(1).otherwise(2)
    )
    with pytest.raises(DataError, match="conflict and year differ"):
        conflict_years(torn)
