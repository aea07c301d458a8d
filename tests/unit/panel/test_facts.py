"""Look-up of facts against a plain join, on drawn tables and rows."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.panel.facts import look_up, of_frame
from counterpoise.panel.rows import Rows
from counterpoise.panel.unrolling import by_year, unroll

FIRST, LAST = 1905, 1910
YEARS = st.integers(1900, 1915)
CODES = st.integers(1, 6)
VALUES = {"kept": pl.Float64, "counted": pl.Int32}


@st.composite
def tables(draw: st.DrawFn, sides: int, *, symmetric: bool = False) -> pl.DataFrame:
    keys = draw(st.sets(st.tuples(*[CODES] * sides, st.integers(FIRST, LAST)), max_size=40))
    if symmetric:
        keys = {(min(a, b), max(a, b), y) for a, b, y in keys}
    rows = [
        (*key, draw(st.none() | st.floats(-5, 5)), draw(st.none() | st.integers(0, 9)))
        for key in sorted(keys)
    ]
    names = [f"c{k}" for k in range(sides)]
    types = {**dict.fromkeys([*names, "year"], pl.Int32), **VALUES}
    return pl.DataFrame(rows, schema=types, orient="row")


@st.composite
def rows_of(draw: st.DrawFn, sides: int) -> Rows:
    """Rows of a panel; code 0 is a state that the system does not know."""
    units = draw(st.lists(st.tuples(*[st.integers(0, 6)] * sides, YEARS), max_size=30))
    columns = np.array(units, dtype=np.int32).reshape(len(units), sides + 1).T
    return Rows("cow", tuple(columns[:sides]), columns[sides])


def joined(table: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """What a plain join and the rules of absence give."""
    names = [f"c{k}" for k in range(len(rows.codes))]
    left = pl.DataFrame([*rows.codes, rows.year], schema=[*names, "year"])
    found = left.join(table, on=[*names, "year"], how="left", maintain_order="left")
    inside = pl.col("year").is_between(FIRST, LAST) & (pl.min_horizontal(names) > 0)
    held = left.join(table, on=[*names, "year"], how="left", maintain_order="left").select(
        "kept", "counted"
    )
    present = left.with_row_index().join(table, on=[*names, "year"], how="semi")["index"]
    is_there = pl.Series(np.isin(np.arange(left.height), present.to_numpy()))
    return found.select(
        kept=pl.when(inside).then(held["kept"]),
        counted=pl.when(inside)
        .then(pl.when(is_there).then(held["counted"]).otherwise(0))
        .cast(pl.Int32),
    )


@given(table=tables(1), rows=rows_of(1))
def test_states_equal_a_plain_join(table: pl.DataFrame, rows: Rows) -> None:
    facts = of_frame(table, ("c0",), "cow", (FIRST, LAST), {"counted"})
    assert look_up(facts, rows).equals(joined(table, rows))


@given(table=tables(2), rows=rows_of(2))
def test_pairs_equal_a_plain_join(table: pl.DataFrame, rows: Rows) -> None:
    facts = of_frame(table, ("c0", "c1"), "cow", (FIRST, LAST), {"counted"})
    assert look_up(facts, rows).equals(joined(table, rows))


@given(table=tables(2, symmetric=True), rows=rows_of(2))
def test_symmetric_facts_hold_both_ways(table: pl.DataFrame, rows: Rows) -> None:
    facts = of_frame(table, ("c0", "c1"), "cow", (FIRST, LAST), {"counted"}, symmetric=True)
    assert look_up(facts, rows).equals(look_up(facts, rows.swapped()))
    mirror = table.rename({"c0": "c1", "c1": "c0"}).select(table.columns)
    both = pl.concat([table, mirror]).unique(["c0", "c1", "year"])
    assert look_up(facts, rows).equals(joined(both, rows))


@given(table=tables(2), rows=rows_of(2), order=st.permutations(range(1, 7)))
def test_relabelling_states_changes_nothing(
    table: pl.DataFrame, rows: Rows, order: list[int]
) -> None:
    new = np.array([0, *order], dtype=np.int32)
    renamed = table.with_columns(pl.Series(c, new[table[c].to_numpy()]) for c in ("c0", "c1"))
    moved = Rows("cow", tuple(new[code] for code in rows.codes), rows.year)
    before, after = (
        look_up(of_frame(t, ("c0", "c1"), "cow", (FIRST, LAST)), r)
        for t, r in ((table, rows), (renamed, moved))
    )
    assert before.equals(after)


@given(spells=st.lists(st.tuples(CODES, YEARS, st.integers(0, 8)), max_size=12), rows=rows_of(1))
def test_runs_equal_their_years(spells: list[tuple[int, int, int]], rows: Rows) -> None:
    """A run speaks of each of its years; of two that overlap, the later row."""
    frame = pl.DataFrame(
        [(c, a, a + n, k) for k, (c, a, n) in enumerate(spells)],
        schema={"c0": pl.Int32, "start_year": pl.Int32, "end_year": pl.Int32, "k": pl.Int64},
        orient="row",
    )
    yearly = by_year(frame, LAST).sort("k").unique(["c0", "year"], keep="last")
    one, two = (look_up(of_frame(f, ("c0",), "cow", (FIRST, LAST)), rows) for f in (frame, yearly))
    assert one.equals(two)


def test_unroll() -> None:
    run, year = unroll(np.array([1900, 1905, 1910]), np.array([1902, 1904, 1910]))
    assert run.tolist() == [0, 0, 0, 2]
    assert year.tolist() == [1900, 1901, 1902, 1910]


def test_open_spells_last_to_the_end_of_the_coverage() -> None:
    frame = pl.DataFrame({"start_year": [2000, 2003], "end_year": [None, 2003], "k": [1, 2]})
    assert by_year(frame, 2002).select("k", "year").rows() == [(1, 2000), (1, 2001), (1, 2002)]
