"""Provider files in each format, verified before they are read."""

from __future__ import annotations

import datetime as dt
import io
import json
import lzma
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from counterpoise.errors import DataError, UnknownNameError
from counterpoise.sources.raw import day, days

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import RawOf


def test_a_file_must_be_declared(raw_of: RawOf) -> None:
    with pytest.raises(DataError, match=r"other\.csv is read but no snapshot declares it"):
        raw_of({"a.csv": b"x\n1\n"}).path("other.csv")


def test_a_declared_file_must_be_there(raw_of: RawOf, tmp_path: Path) -> None:
    raw = raw_of({"a.csv": b"x\n1\n"})
    (tmp_path / "a.csv").unlink()
    with pytest.raises(DataError, match=r"is missing\. Fetch it"):
        raw.csv("a.csv")


def test_one_changed_byte_is_refused(raw_of: RawOf, tmp_path: Path) -> None:
    raw = raw_of({"a.csv": b"x\n1\n"})
    (tmp_path / "a.csv").write_bytes(b"x\n2\n")
    with pytest.raises(DataError, match=r"not the declared release: sha256 [0-9a-f]{64}, exp"):
        raw.csv("a.csv")


def test_csv_in_latin_1_with_a_type_that_shows_late(raw_of: RawOf) -> None:
    rows = ["1"] * 200 + ["2.5"]
    text = "name,value\n" + "\n".join(f"Côte d'Ivoire,{v}" for v in rows)
    frame = raw_of({"a.csv": text.encode("latin-1")}).csv("a.csv", encoding="latin-1")
    assert frame["value"].dtype == pl.Float64
    assert frame.row(-1) == ("Côte d'Ivoire", 2.5)


def test_csv_inside_a_zip(raw_of: RawOf) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("deep/b.csv", "x,y\n1,two\n")
    frame = raw_of({"a.zip": buffer.getvalue()}).zip_csv("a.zip", "deep/b.csv")
    assert frame.rows() == [(1, "two")]


def test_excel_by_name_below_its_heading(raw_of: RawOf) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Notes")
        sheet = book.add_worksheet("Data")
        for row, cells in enumerate([["About"], ["code", "1960"], ["AFG", 1.25], ["ALB", None]]):
            sheet.write_row(row, 0, cells)
    frame = raw_of({"a.xlsx": buffer.getvalue()}).excel("a.xlsx", "Data", header_row=1)
    assert_frame_equal(frame, pl.DataFrame({"code": ["AFG", "ALB"], "1960": [1.25, None]}))


def test_stata_keeps_codes_and_nulls(raw_of: RawOf, tmp_path: Path) -> None:
    path = tmp_path / "made.dta"
    coded = pd.DataFrame({"vote": pd.Categorical(["yes", "no"]), "point": [0.5, float("nan")]})
    coded.to_stata(path, write_index=False)
    frame = raw_of({"a.dta": path.read_bytes()}).stata("a.dta")
    assert frame.rows() == [(1, 0.5), (0, None)]


def test_parquet(raw_of: RawOf) -> None:
    buffer = io.BytesIO()
    pl.DataFrame({"a": [1], "b": ["x"]}).write_parquet(buffer)
    assert raw_of({"a.parquet": buffer.getvalue()}).parquet("a.parquet", ["b"]).rows() == [("x",)]


@pytest.mark.parametrize("name", ["a.topojson", "a.json.xz"])
def test_json_plain_or_compressed(raw_of: RawOf, name: str) -> None:
    text = json.dumps({"arcs": [[0, 1]]}).encode()
    content = lzma.compress(text) if name.endswith(".xz") else text
    assert raw_of({name: content}).json(name) == {"arcs": [[0, 1]]}


def test_r_numbers_factors_and_missing_values(raw_of: RawOf, tmp_path: Path) -> None:
    import rdata

    path = tmp_path / "made.rda"
    frame = pd.DataFrame(
        {"ccode": [2.0, 20.0], "milex": [1.5, float("nan")], "name": pd.Categorical(["USA", "CAN"])}
    )
    rdata.write_rda(path, {"first": frame.head(1), "wanted": frame})
    found = raw_of({"a.rda": path.read_bytes()}).r("a.rda", "wanted")
    assert found.rows() == [(2.0, 1.5, "USA"), (20.0, None, "CAN")]


def test_days_since_1970_become_dates() -> None:
    found = pl.DataFrame({"d": [-56248.0, 17166.0, None]}).select(days("d"))
    assert found["d"].to_list() == [dt.date(1816, 1, 1), dt.date(2016, 12, 31), None]


def test_dates_in_three_parts_are_joined() -> None:
    parts = pl.DataFrame({"y": [1918.0, None], "m": [11.0, 11.0], "d": [11.0, 11.0]})
    assert parts.select(found=day("y", "m", "d"))["found"].to_list() == [
        dt.date(1918, 11, 11),
        None,
    ]


def test_names_that_fail_are_reported_once_with_their_years(raw_of: RawOf) -> None:
    raw = raw_of({})
    names = ["France", "Atlantis", "Atlantis", None, "Germany"]
    assert raw.states.find_all(names, [1950, 1950, 1955, 1950, 1970]) == [
        220,
        None,
        None,
        None,
        260,
    ]
    assert raw.states.find_all(["Atlantis"]) == [None]
    assert raw.unmatched == ["Atlantis (1950–1955)", "Atlantis"]


def test_a_state_before_its_birth_fails_where_existence_matters(raw_of: RawOf) -> None:
    raw = raw_of({})
    years = [1980, 1995]
    assert raw.states.find_all(["Ukraine"] * 2, years) == [369, 369]
    assert raw.states.find_all(["Ukraine"] * 2, years, existing=True) == [None, 369]
    assert raw.unmatched == ["Ukraine (1980–1980)"]


def test_one_name_is_found_or_refused(raw_of: RawOf) -> None:
    raw = raw_of({})
    assert raw.states.find("AUS", 1990, by="iso3") == 900
    with pytest.raises(UnknownNameError):
        raw.states.find("Atlantis", 1990)


@pytest.mark.parametrize(
    ("ccode", "year", "expected"),
    [(255, 1945, True), (255, 1946, False), (255, 1990, True), (260, 1990, True), (2, 2030, True)],
)
def test_existence_counts_any_day_of_the_year(
    raw_of: RawOf, ccode: int, year: int, expected: bool
) -> None:
    assert raw_of({}).states.existed(ccode, year) is expected


def test_reports_keep_no_duplicates(raw_of: RawOf) -> None:
    raw = replace(raw_of({}), unmatched=["b"])
    raw.report(["b", "a", "a"])
    assert raw.unmatched == ["b", "a"]
