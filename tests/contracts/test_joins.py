"""Every set of columns keeps the contract of joins.

Rows unchanged; null outside coverage, zero only where the source says zero; carried-forward
values flagged; direction right; nothing depends on what was added before or on the window.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import counterpoise.panel as cp
from counterpoise import record
from counterpoise.panel.adds import ADDS, Add, Kind
from counterpoise.panel.panel import Panel

HELD = [add for add in ADDS.values() if all(t in record.manifest().tables for t in add.tables)]
BY_STATE = [add for add in HELD if add.state is not None]
BY_SIDE = [add for add in HELD if add.by_side]
BY_PAIR = [add for add in HELD if not add.by_side]
ONE_WAY = {"atop", "mids", "wars", "trade", "events_icews"}
"""Sets of pairs whose columns differ with the order of the pair."""

BUSY = {"wars": (1849, 1940)}
"""Years to look at in which something rare is coded: a war resumed, a war of many."""

KINDS: tuple[Kind, ...] = ("state_years", "dyad_years", "bloc_member_years", "bloc_years")


def named(add: Add) -> str:
    return add.name


def years(add: Add) -> tuple[int, int]:
    """First and last year of a set within those of the state system."""
    first, last = add.coverage
    return max(first, 1816), last


def at(kind: str, year: int) -> Panel:
    if kind == "state_years":
        return cp.state_years(year, year)
    return cp.dyad_years(year, year, directed=kind == "directed")


def kinds(add: Add) -> list[str]:
    return ["directed", "undirected", *(["state_years"] if add.state else [])]


@pytest.mark.parametrize("add", HELD, ids=named)
def test_rows_stay_and_columns_are_as_declared(add: Add) -> None:
    _, last = years(add)
    for kind in kinds(add):
        start = at(kind, last)
        panel = start.add(add.name)
        frame = panel.frame
        keys = start.frame.columns
        assert_frame_equal(frame.select(keys), start.frame)
        assert frame.columns == panel.columns
        assert frame.columns[len(keys) :] == list(start.units.columns(add))


@pytest.mark.parametrize("add", HELD, ids=named)
def test_null_outside_coverage(add: Add) -> None:
    first, last = years(add)
    outside = [y for y in (first - 1, last + 1) if 1816 <= y <= 2025]
    for kind in kinds(add):
        for year in outside:
            start = at(kind, year)
            added = start.add(add.name).frame.drop(start.frame.columns)
            held = [c.name for c in added if c.null_count() < added.height]
            assert not held, f"{kind} {year}: {held}"


@pytest.mark.parametrize("add", HELD, ids=named)
def test_zero_inside_coverage_where_declared(add: Add) -> None:
    for kind in kinds(add):
        for year in years(add):
            panel = at(kind, year).add(add.name)
            declared = panel.units.columns(add)
            zero = [name for name, column in declared.items() if column.absent == "zero"]
            nulls = panel.frame.select(zero).null_count()
            assert nulls.is_empty() or sum(nulls.row(0)) == 0, f"{kind} {year}"


@pytest.mark.parametrize("add", HELD, ids=named)
def test_something_is_known_inside_coverage(add: Add) -> None:
    """Each column has a value other than zero in some year of its coverage."""
    first, last = years(add)
    steps = sorted({*range(first, last + 1, max((last - first) // 12, 1)), last})
    steps += BUSY.get(add.name, ())
    for kind in ["state_years"] * bool(add.state) + ["directed"]:
        missing = set(at(kind, last).units.columns(add))
        for year in steps:
            frame = at(kind, year).add(add.name).frame.select(sorted(missing))
            missing -= {column.name for column in frame if says_something(column)}
        assert not missing, f"{kind}: {sorted(missing)}"


def says_something(column: pl.Series) -> bool:
    told = column.drop_nulls()
    return bool((told != 0).any()) if told.dtype.is_numeric() else len(told) > 0


@pytest.mark.parametrize("add", BY_SIDE, ids=named)
def test_sides_of_a_dyad_are_its_states(add: Add) -> None:
    _, last = years(add)
    states = at("state_years", last).add(add.name).frame.drop("statenme", "year")
    states = states.select(pl.exclude("system_extended"))
    frame = at("directed", last).add(add.name).frame
    for side in ("1", "2"):
        expected = frame.select(f"ccode{side}").join(
            states.rename({c: f"{c}{side}" for c in states.columns}),
            on=f"ccode{side}",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        assert_frame_equal(frame.select(expected.columns), expected)


@pytest.mark.parametrize("add", BY_PAIR, ids=named)
def test_direction(add: Add) -> None:
    """Symmetric sets read the same in both orders; undirected pairs are the directed ones."""
    year = max(BUSY.get(add.name, years(add)))
    key = ["ccode1", "ccode2", "year"]
    frame = at("directed", year).add(add.name).frame.select(pl.exclude("system_extended"))
    mirror = frame.rename({"ccode1": "ccode2", "ccode2": "ccode1"}).select(frame.columns).sort(key)
    assert mirror.equals(frame) == (add.name not in ONE_WAY)
    if add.name not in ONE_WAY:
        undirected = at("undirected", year).add(add.name).frame
        one = frame.filter(pl.col("ccode1") < pl.col("ccode2"))
        assert_frame_equal(undirected.select(one.columns), one)


@pytest.mark.parametrize("add", HELD, ids=named)
def test_carried_values_are_flagged(add: Add) -> None:
    _, last = years(add)
    if last >= 2025:
        pytest.skip("covers the last year of the record")
    for kind in kinds(add):
        flag = f"{add.name}_extended"
        later = at(kind, last + 1).add(add.name, extend=True).frame
        key = [c for c in later.columns if c.startswith("ccode")]
        plain = at(kind, last).add(add.name, extend=True).frame
        assert not plain[flag].any()
        both = later.select(key).join(plain.drop(flag), on=key, how="semi")
        assert later.filter(flag).select(key).sort(key).equals(both.sort(key))
        names = list(at(kind, last).units.columns(add))
        was = plain.select(*key, *names)
        carried = later.filter(flag).select(*key, *names)
        assert_frame_equal(carried, was.join(carried, on=key, how="semi"))
        left = later.filter(~pl.col(flag)).select(names)
        assert left.null_count().is_empty() or all(c.null_count() == left.height for c in left)


@pytest.mark.parametrize("add", HELD, ids=named)
def test_window_does_not_matter(add: Add) -> None:
    _, last = years(add)
    for kind in kinds(add):
        alone = at(kind, last).add(add.name).frame
        if kind == "state_years":
            wide = cp.state_years(last - 2, last)
        else:
            wide = cp.dyad_years(last - 2, last, directed=kind == "directed")
        found = wide.add(add.name).frame.filter(pl.col("year") == last)
        assert_frame_equal(found.select(alone.columns), alone)


@settings(max_examples=20, deadline=None)
@given(
    year=st.integers(1816, 2025),
    names=st.lists(st.sampled_from([a.name for a in HELD]), min_size=2, max_size=5, unique=True),
    directed=st.booleans(),
)
def test_neither_order_nor_company_matters(year: int, names: list[str], directed: bool) -> None:
    """A dyad's values are those of each set added alone, whatever was added before."""
    start = cp.dyad_years(year, year, directed=directed)
    together = start.add(*names).frame
    assert together.height == len(start)
    for name in names:
        alone = start.add(name).frame
        assert_frame_equal(together.select(alone.columns), alone)


@settings(max_examples=30, deadline=None)
@given(
    keys=st.sets(
        st.tuples(
            st.sampled_from([2, 20, 200, 220, 365, 710]),
            st.sampled_from([2, 20, 200, 220, 365, 710]),
            st.integers(1990, 1993),
        ),
        min_size=1,
    ),
    directed=st.booleans(),
)
def test_own_tables_keep_the_rows(keys: set[tuple[int, int, int]], directed: bool) -> None:
    """Each key of the panel gets its value, and every other row null."""
    if not directed:
        keys = {(min(a, b), max(a, b), y) for a, b, y in keys}
    own = pl.DataFrame(sorted(keys), schema=["ccode1", "ccode2", "year"], orient="row")
    start = cp.dyad_years(1990, 1992, directed=directed)
    valued = own.with_columns(value=pl.int_range(pl.len()))
    frame = start.join(valued, on=["ccode1", "ccode2", "year"]).frame
    assert_frame_equal(frame.drop("value"), start.frame)
    found = frame.drop_nulls("value").select("ccode1", "ccode2", "year").rows()
    inside = {(a, b, y) for a, b, y in keys if a != b and y <= 1992}
    assert found == sorted(inside)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_sets_share_a_column(kind: Kind) -> None:
    names = [n for add in ADDS.values() if kind in add.serves() for n in add.columns(kind)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("add", ADDS.values(), ids=named)
def test_every_column_is_described(add: Add) -> None:
    for kind in add.serves():
        for column in add.columns(kind).values():
            assert column.description
            assert column.missing
            assert column.source.table in add.tables or column.source.table in {
                f"gw_{t}" for t in add.tables
            }


@pytest.mark.parametrize("add", BY_STATE, ids=named)
def test_codes_of_both_systems_agree(add: Add) -> None:
    """Where one table serves both systems, a state reads the same by either number."""
    _, last = years(add)
    if f"gw_{add.table}" in record.manifest().tables or add.name == "armed_conflicts":
        pytest.skip("has a table of its own for Gleditsch–Ward numbers")
    cow = at("state_years", last).add(add.name).frame
    gw = cp.state_years(last, last, system="gw").add(add.name).frame
    walk = record.table("gw_to_cow").filter(pl.col("year") == last).drop_nulls("ccode")
    joined = gw.join(walk.select("gwcode", "ccode"), on="gwcode").join(cow, on="ccode", suffix="_c")
    assert joined.height > 150
    for name in add.columns("state_years"):
        assert joined[name].eq_missing(joined[f"{name}_c"]).all(), name
    unknown = gw.join(walk, on="gwcode", how="anti").select(list(add.columns("state_years")))
    assert np.all([c.null_count() == unknown.height for c in unknown])
