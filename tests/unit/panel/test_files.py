from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import counterpoise.panel as cp
from counterpoise import record
from counterpoise.errors import DataError, LicenceError, QuestionError, UnknownNameError
from counterpoise.panel import writing
from counterpoise.panel.export import export


@pytest.fixture(scope="module")
def panel() -> cp.Panel:
    return cp.dyad_years(2014, 2017, directed=False).add("contiguity", "majors", "nmc")


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv"])
def test_files_hold_the_frame(panel: cp.Panel, tmp_path: Path, suffix: str) -> None:
    path = panel.write(tmp_path / f"panel{suffix}")
    readers = {".parquet": pl.read_parquet, ".arrow": pl.read_ipc, ".csv": pl.read_csv}
    options = {"schema": panel.frame.schema} if suffix == ".csv" else {}
    assert_frame_equal(readers[suffix](path, **options), panel.frame)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_parquet_says_where_it_comes_from(panel: cp.Panel, tmp_path: Path) -> None:
    path = panel.write(tmp_path / "panel.parquet")
    about = json.loads(pl.read_parquet_metadata(path)["counterpoise"])
    assert about["sources"] == ["cow_states", "cow_contiguity", "cow_majors", "nmc"]
    assert about["record"] == record.manifest().record
    assert about["columns"]["cinc1"] == "Composite Index of National Capability"


def test_stata_keeps_labels_and_missing_values(panel: cp.Panel, tmp_path: Path) -> None:
    path = panel.write(tmp_path / "panel.dta")
    with pd.io.stata.StataReader(path) as reader:
        labels, values = reader.variable_labels(), reader.value_labels()
        frame = reader.read(convert_categoricals=False)
    assert labels["cinc2"] == "Composite Index of National Capability"
    assert values["conttype"][1] == "land or river"
    assert len(frame) == len(panel)
    assert frame["conttype"].isna().sum() == panel.frame["conttype"].null_count() > 0


def test_excel_has_a_sheet_for_the_columns(tmp_path: Path) -> None:
    path = cp.bloc_years(2006, 2007, ["SCO"]).add("nmc").write(tmp_path / "panel.xlsx")
    rows = pl.read_excel(path, sheet_name="panel")
    assert rows["members"][0] == "365 702 703 704 705 710"
    columns = pl.read_excel(path, sheet_name="columns")
    assert columns.filter(pl.col("column") == "cinc_sum")["source"].to_list() == ["nmc"]


def test_excel_refuses_more_rows_than_a_sheet_holds(
    panel: cp.Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "EXCEL_ROWS", 1000)
    with pytest.raises(QuestionError, match="holds 999 rows"):
        panel.write(tmp_path / "panel.xlsx")
    assert not list(tmp_path.iterdir())


def test_stata_refuses_long_names(tmp_path: Path) -> None:
    panel = cp.state_years(2000, 2000).add("equipment")
    with pytest.raises(QuestionError, match="at most 32 letters"):
        panel.write(tmp_path / "panel.dta")


def test_unknown_suffix_is_refused_before_the_work(tmp_path: Path) -> None:
    panel = cp.state_years(2000, 2000)
    with pytest.raises(DataError, match=r"\.parquet, \.csv, \.dta, \.xlsx, \.arrow"):
        panel.write(tmp_path / "panel.sav")
    with pytest.raises(DataError, match="not that"):
        export("state-years", 2000, 2000, tmp_path / "panel")


def test_pandas(panel: cp.Panel) -> None:
    frame = panel.to_pandas()
    assert list(frame.columns) == panel.columns
    assert frame["conttype"].isna().sum() == panel.frame["conttype"].null_count()


def test_citation_of_a_panel(panel: cp.Panel) -> None:
    text = cp.cite(panel)
    assert text == panel.cite()
    assert text.startswith("@software{counterpoise,")
    known = record.manifest().sources
    for key in ("cow_states", "cow_contiguity", "cow_majors", "nmc"):
        assert known[key].bibtex.strip() in text
    assert known["democracy"].bibtex.strip() not in text


def test_citation_of_data_sets() -> None:
    assert record.manifest().sources["nmc"].bibtex.strip() in cp.cite("nmc")
    keys = re.findall(r"(?m)^@\w+\{([^,]+),", cp.cite())
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) > 20
    with pytest.raises(UnknownNameError, match="Unknown data sets: gdelt2"):
        cp.cite(["nmc", "gdelt2"])


def test_restricted_sources_are_not_written(
    panel: cp.Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = record.manifest()
    nmc = held.sources["nmc"].model_copy(update={"embed": "no", "licence": "not to be passed on"})
    sources = {**held.sources, "nmc": nmc}
    monkeypatch.setattr(record, "manifest", lambda: held.model_copy(update={"sources": sources}))
    with pytest.raises(
        LicenceError, match=r"National Material Capabilities \(not to be passed on\)"
    ):
        panel.write(tmp_path / "panel.csv")
    with pytest.raises(LicenceError):
        export("state-years", 2000, 2001, tmp_path / "panel.csv", add=["nmc"])
    assert not list(tmp_path.iterdir())
    cp.state_years(2000, 2001).add("majors").write(tmp_path / "free.csv")


@pytest.mark.parametrize("kind", ["state-years", "dyad-years", "bloc-years", "bloc-member-years"])
def test_export(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "panel.parquet"
    found = export(kind, 2016, 2018, out, add=["majors"], blocs=["SCO"], extend=True)
    assert_frame_equal(pl.read_parquet(out), found.frame)
    assert found.kind == kind.replace("-", "_")
    assert found.frame["majors_extended"].any()


def test_export_refuses_what_does_not_exist(tmp_path: Path) -> None:
    out = tmp_path / "panel.csv"
    with pytest.raises(QuestionError, match='Unknown kind of panel "leader-years"'):
        export("leader-years", 2000, 2001, out)
    with pytest.raises(QuestionError, match="COW numbers"):
        export("bloc-years", 2000, 2001, out, system="gw")
