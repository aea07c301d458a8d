from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from counterpoise import record
from counterpoise.errors import QuestionError
from counterpoise.record import sql as queries
from counterpoise.record.sql import sql, tables


def test_tables_are_views() -> None:
    assert sql("select count(*) as n from nmc")["n"].to_list() == [record.table("nmc").height]
    frame = sql("select ccode, max(cinc) as most from nmc where year = 1816 group by all")
    assert frame.sort("most")["ccode"][-1] == 200


def test_coded_tables_are_there_too() -> None:
    frame = sql("select * from series_breaks order by ccode")
    assert frame["ccode"].to_list() == [365, 710]
    assert set(sql("show tables")["name"]) == set(tables())


def test_order_and_types_stay() -> None:
    frame = sql('select ccode, start, "end" from majors order by ccode desc, start')
    assert frame["ccode"].is_sorted(descending=True)
    assert frame.schema["start"] == pl.Date
    assert frame["start"].min() == dt.date(1816, 1, 1)


@pytest.mark.parametrize(
    "query", ["describe nmc", "summarize majors", "with x as (select 1 a) from x"]
)
def test_other_ways_of_reading(query: str) -> None:
    assert sql(query).height


@pytest.mark.parametrize(
    "query",
    [
        "copy nmc to '{out}'",
        "attach '{out}'",
        "export database '{out}'",
        "create table t as select 1",
        "drop view nmc",
        "delete from series_breaks",
        "insert into series_breaks select * from series_breaks",
        "update series_breaks set year = 1",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma database_list",
        "call pragma_version()",
        "explain analyze copy nmc to '{out}'",
        "update extensions",
        "begin",
        "select 1; select 2",
        "",
    ],
)
def test_only_one_reading_statement(query: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(QuestionError, match=r"read-only|one statement|cannot be answered"):
        sql(query.format(out=out))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{own}')",
        "select * from '{own}'",
        "select * from read_text('{own}')",
        "select * from read_blob('{own}')",
        "select * from glob('{own}')",
        "select * from sniff_csv('{own}')",
        "select * from read_parquet('https://example.org/x.parquet')",
        "select * from frame",
        "select * from query('copy nmc to ''{own}2''')",
    ],
)
def test_no_file_and_no_variable_is_read(query: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"secret": [1]})  # noqa: F841 - a variable that DuckDB might find
    own = tmp_path / "own.csv"
    own.write_text("secret\n1\n")
    with pytest.raises(QuestionError, match="cannot be answered"):
        sql(query.format(own=own))


def test_faults_are_ours_to_report() -> None:
    with pytest.raises(QuestionError, match="nmcc"):
        sql("select * from nmcc")
    with pytest.raises(QuestionError, match="cannot be answered"):
        sql("selec 1")


def test_answers_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QuestionError, match=r"more than 5,000,000 rows"):
        sql("select * from range(1000000000000)")
    monkeypatch.setattr(queries, "MOST_ROWS", 10)
    assert sql("select * from range(10)").height == 10
    with pytest.raises(QuestionError, match="more than 10 rows"):
        sql("select * from range(11)")
