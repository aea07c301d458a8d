"""Runs lose nothing, and an end on a source's last day is open."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.sources.spells import open_end, runs

ROWS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1900, 1912)),
    st.sampled_from([0.0, 1.5, None]),
    min_size=1,
)


@given(ROWS)
def test_runs_spread_out_again_to_the_rows_they_came_from(
    rows: dict[tuple[int, int], float | None],
) -> None:
    frame = pl.DataFrame(
        [(c, y, v) for (c, y), v in rows.items()],
        schema={"ccode": pl.Int32, "year": pl.Int32, "value": pl.Float64},
        orient="row",
    )
    drawn = runs(frame, ["ccode"], ["value"])
    back = {(c, y): v for c, a, b, v in drawn.iter_rows() for y in range(a, b + 1)}
    assert back == rows


@given(ROWS)
def test_runs_are_as_long_as_can_be(rows: dict[tuple[int, int], float | None]) -> None:
    frame = pl.DataFrame(
        [(c, y, v) for (c, y), v in rows.items()],
        schema={"ccode": pl.Int32, "year": pl.Int32, "value": pl.Float64},
        orient="row",
    )
    drawn = runs(frame, ["ccode"], ["value"]).rows()
    for (c, _, b, v), (d, a, _, w) in itertools.pairwise(drawn):
        assert (c, b + 1, v) != (d, a, w)


def test_a_gap_ends_a_run() -> None:
    frame = pl.DataFrame({"ccode": [2, 2, 2], "year": [1900, 1901, 1903], "km": [1.0, 1.0, 1.0]})
    assert runs(frame, ["ccode"], ["km"]).rows() == [(2, 1900, 1901, 1.0), (2, 1903, 1903, 1.0)]


def test_only_the_last_day_is_open() -> None:
    ends = pl.DataFrame({"end": [dt.date(2016, 12, 30), dt.date(2016, 12, 31)]})
    found = ends.select(open_end(pl.col("end"), dt.date(2016, 12, 31)))
    assert found["end"].to_list() == [dt.date(2016, 12, 30), None]
