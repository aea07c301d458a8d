from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import counterpoise.panel as cp
from counterpoise.errors import DataError, QuestionError
from counterpoise.panel import own_tables


def dyads(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_a_table_of_pairs_joins_row_by_row() -> None:
    own = dyads(ccode1=[2, 20], ccode2=[20, 2], year=[1990, 1990], score=[1.5, 2.5])
    start = cp.dyad_years(1990, 1991)
    frame = start.join(own, on=["ccode1", "ccode2", "year"]).frame
    assert frame.height == len(start)
    known = frame.drop_nulls("score").select("ccode1", "ccode2", "year", "score").rows()
    assert known == [(2, 20, 1990, 1.5), (20, 2, 1990, 2.5)]


def test_undirected_panels_read_either_order() -> None:
    own = dyads(ccode1=[20], ccode2=[2], year=[1990], score=[2.5])
    panel = cp.dyad_years(1990, 1990, directed=False).join(own, on=["ccode1", "ccode2", "year"])
    known = panel.frame.drop_nulls("score").select("ccode1", "ccode2", "score").rows()
    assert known == [(2, 20, 2.5)]


def test_both_orders_are_one_pair_twice_in_an_undirected_panel() -> None:
    own = dyads(ccode1=[2, 20], ccode2=[20, 2], year=[1990, 1990], score=[1.5, 2.5])
    panel = cp.dyad_years(1990, 1990, directed=False)
    with pytest.raises(DataError, match=r"2-20-1990 \(2 rows\)"):
        panel.join(own, on=["ccode1", "ccode2", "year"])


def test_a_table_of_states_joins_both_sides() -> None:
    own = dyads(ccode=[2, 20], year=[1990, 1990], score=[1, 2])
    frame = cp.dyad_years(1990, 1990).join(own, on=["ccode", "year"]).frame
    row = frame.filter(pl.col("ccode1") == 20, pl.col("ccode2") == 2)
    assert row.select("score1", "score2").row(0) == (2, 1)
    other = frame.filter(pl.col("ccode1") == 2, pl.col("ccode2") == 31)
    assert other.select("score1", "score2").row(0) == (1, None)


def test_a_table_of_one_side_or_of_years_alone() -> None:
    side = dyads(ccode2=[20], year=[1990], score=[7])
    era = dyads(year=[1990, 1991], era=["cold", "after"])
    panel = cp.dyad_years(1990, 1991).join(side, on=["ccode2", "year"]).join(era, on="year")
    found = panel.frame.drop_nulls("score")
    assert found["ccode2"].unique().to_list() == [20]
    assert panel.frame.filter(pl.col("year") == 1991)["era"].unique().to_list() == ["after"]


def test_every_offender_is_listed_at_once() -> None:
    own = dyads(
        ccode=[2, 2, 999, 1000, 20], year=[1990, 1990, 1990, 1990, 1991], cinc=[0.1, 0.2, 0, 0, 0]
    )
    panel = cp.state_years(1990, 1991).add("nmc")
    with pytest.raises(DataError) as caught:
        panel.join(own, on=["ccode", "year"])
    text = str(caught.value)
    assert "ccode has codes that no COW state bears: 999, 1000" in text
    assert "1 keys ccode, year come more than once: 2-1990 (2 rows)" in text
    assert "names already: cinc" in text


def test_many_offenders_are_cut_short() -> None:
    own = dyads(ccode=[*range(991, 1011)], year=[1990] * 20, x=[0] * 20)
    with pytest.raises(DataError, match=r"991, .*, 1000 and 10 more"):
        cp.state_years(1990, 1990).join(own, on=["ccode", "year"])


@pytest.mark.parametrize(
    ("codes", "match"),
    [
        (["2", "USA", "20"], "ccode is no whole number: USA"),
        ([2.0, 2.5, 20.0], r"ccode is no whole number: 2\.5"),
        ([2, None, 20], "ccode is missing in 1 rows"),
        ([True, False, True], "ccode is Boolean, not a whole number"),
    ],
)
def test_wrong_types(codes: list[object], match: str) -> None:
    own = pl.DataFrame({"ccode": codes, "year": [1990, 1991, 1992], "x": [1, 2, 3]}, strict=False)
    with pytest.raises(DataError, match=match):
        cp.state_years(1990, 1992).join(own, on=["ccode", "year"])


def test_whole_numbers_as_text_or_float_are_read() -> None:
    own = dyads(ccode=["2", "20"], year=[1990.0, 1990.0], x=[1, 2])
    frame = cp.state_years(1990, 1990).join(own, on=["ccode", "year"]).frame
    assert frame.drop_nulls("x").select("ccode", "x").rows() == [(2, 1), (20, 2)]


@pytest.mark.parametrize(
    ("on", "match"),
    [
        (["iso", "year"], "its columns are ccode, year, x"),
        (["ccode", "x"], "the panel's keys are ccode, year"),
        ([], "on nothing"),
    ],
)
def test_keys_must_be_of_both(on: list[str], match: str) -> None:
    own = dyads(ccode=[2], year=[1990], x=[1])
    with pytest.raises(QuestionError, match=match):
        cp.state_years(1990, 1990).join(own, on=on)


def test_a_table_without_values_is_refused() -> None:
    with pytest.raises(DataError, match="no column besides its keys"):
        cp.state_years(1990, 1990).join(dyads(ccode=[2], year=[1990]), on=["ccode", "year"])


def test_files_and_pandas_frames(tmp_path: Path) -> None:
    own = dyads(ccode=[2], year=[1990], x=[1.5])
    own.write_csv(tmp_path / "own.csv")
    own.write_parquet(tmp_path / "own.parquet")
    start = cp.state_years(1990, 1990)
    tables = [tmp_path / "own.csv", str(tmp_path / "own.parquet"), own.lazy(), own.to_pandas()]
    for table in tables:
        frame = start.join(table, on=["ccode", "year"]).frame
        assert frame.drop_nulls("x").select("ccode", "x").rows() == [(2, 1.5)]
    assert isinstance(tables[-1], pd.DataFrame)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    start = cp.state_years(1990, 1990)
    with pytest.raises(DataError, match=r"nowhere\.csv cannot be read"):
        start.join(tmp_path / "nowhere.csv", on="ccode")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no table")
    with pytest.raises(DataError, match="is not a table"):
        start.join(broken, on="ccode")
    with pytest.raises(QuestionError, match="A list is no table"):
        start.join([1, 2], on="ccode")


def test_panels_of_blocs_join_on_the_bloc() -> None:
    own = dyads(bloc=["SCO"], year=[2006], score=[3])
    frame = cp.bloc_years(2005, 2006, ["SCO", "NATO"]).join(own, on=["bloc", "year"]).frame
    assert frame.drop_nulls("score").select("bloc", "year", "score").rows() == [("SCO", 2006, 3)]


def test_gleditsch_ward_panels_take_their_own_codes() -> None:
    own = dyads(gwcode=[260], year=[2000], x=[1])
    panel = cp.state_years(2000, 2000, system="gw")
    assert panel.join(own, on=["gwcode", "year"]).frame.drop_nulls("x").height == 1
    with pytest.raises(QuestionError, match="the panel's keys are gwcode, year"):
        panel.join(own.rename({"gwcode": "ccode"}), on=["ccode", "year"])


def test_no_damage_to_a_parquet_file_ends_in_more_than_an_error(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    frame = pl.DataFrame({"ccode": [2, 365] * 50, "year": [2000, 2001] * 50, "x": ["a", None] * 50})
    frame.write_parquet(path)
    good = path.read_bytes()
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(300):
        data = bytearray(good)
        for place in rng.integers(len(data), size=3):
            data[place] = rng.integers(256)
        path.write_bytes(data)
        try:
            own_tables.read_file(path)
        except DataError:
            refused += 1
    assert refused > 100
