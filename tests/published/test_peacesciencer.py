"""Panels beside those of the R package peacesciencer (Miller 2022, Conflict Management and Peace
Science 39(6): 755–779)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import counterpoise.panel as cp

HERE = Path(__file__).parent
KEY = ["ccode1", "ccode2", "year"]
NINE = (
    "nmc",
    "atop",
    "contiguity",
    "majors",
    "capital_distance",
    "igos",
    "democracy",
    "min_distance",
    "rivalries",
)
BORDERS = {(365, 700, 1929): 1, (355, 365, 1973): 5, (325, 345, 1993): 4}
"""What the contiguity data 3.2 itself codes where peacesciencer says 0."""


def counts() -> list[tuple[str, str | None, str, int, int, int]]:
    return pl.read_csv(HERE / "panel_counts.csv").rows()


@pytest.fixture(scope="module")
def panel() -> pl.DataFrame:
    return cp.dyad_years(1816, 2010, directed=False).add(*NINE).frame


@pytest.mark.parametrize(("kind", "directed", "rule", "first", "last", "rows"), counts())
def test_golden_counts(
    kind: str, directed: str | None, rule: str, first: int, last: int, rows: int
) -> None:
    if kind == "state-years":
        assert len(cp.state_years(first, last, rule=rule)) == rows
    else:
        assert len(cp.dyad_years(first, last, directed == "yes", rule=rule)) == rows


def test_day_overlap_drops_pairs_that_never_met() -> None:
    by_year, by_day = (
        cp.dyad_years(1816, 2020, directed=False, rule=rule).frame for rule in ("year", "day")
    )
    dropped = by_year.join(by_day, on=KEY, how="anti")
    assert dropped.height == 30
    # West Germany left on 2 October 1990, the day before the united Germany entered.
    assert dropped.filter(pl.col("ccode1") == 255, pl.col("ccode2") == 260)["year"].to_list() == [
        1990
    ]


def compared(theirs: pl.DataFrame, ours: pl.DataFrame) -> dict[str, list[tuple[int, int, int]]]:
    """Keys of the rows in which a column differs, nulls included, by column."""
    joined = theirs.join(ours, on=KEY, how="left", suffix="_ours", validate="1:1")
    found = {}
    for name in theirs.columns:
        if name in KEY:
            continue
        one, two = joined[name].cast(pl.Float64), joined[f"{name}_ours"].cast(pl.Float64)
        apart = (one - two).abs() > 1e-9 * (1 + one.abs())
        rows = joined.filter(apart.fill_null(value=False) | (one.is_null() != two.is_null()))
        if rows.height:
            found[name] = rows.select(KEY).rows()
    return found


def test_values_equal_where_it_is_right(panel: pl.DataFrame) -> None:
    table = pl.read_csv(HERE / "peacesciencer_dyad_years.csv").cast(dict.fromkeys(KEY, pl.Int32))
    wrong = table.filter(pl.col("wrong") == "conttype").select(KEY).rows()
    assert sorted(wrong) == sorted(BORDERS)
    found = compared(table.drop("wrong"), panel)
    assert list(found) == ["conttype"]
    assert sorted(found["conttype"]) == sorted(BORDERS)
    ours = table.filter(pl.col("wrong") == "conttype").select(KEY).join(panel, on=KEY, how="left")
    assert {tuple(row[:3]): row[3] for row in ours.select(*KEY, "conttype").rows()} == BORDERS


@pytest.mark.sources
def test_whole_sample(panel: pl.DataFrame, sources: Path) -> None:
    """All 5,000 sampled rows; they differ in the borders of five alone."""
    path = sources.parent / "truth" / "peer" / "dyad_year_sample.csv"
    if not path.is_file():
        pytest.skip(f"no sample at {path}")
    sample = pl.read_csv(path, infer_schema_length=None).cast(dict.fromkeys(KEY, pl.Int32))
    found = compared(sample, panel)
    assert sample.height == 5000
    assert found == {
        "conttype": [
            (616, 640, 1851),
            (365, 700, 1929),
            (355, 365, 1973),
            (325, 345, 1993),
            (325, 345, 1997),
        ]
    }
