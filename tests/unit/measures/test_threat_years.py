"""The threat over the years: how many rows, which, and the same figures as year by year."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from counterpoise import states
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError
from counterpoise.measures.threat_years import COLUMNS, FLAGS, NAMES, of_rows, threat_years
from counterpoise.measures.threats import threats
from counterpoise.panel.rows import Rows


def test_every_directed_pair_of_every_year() -> None:
    """2,025,840 directed dyad-years 1816–2019 by calendar year (peacesciencer, Miller 2022)."""
    found = threat_years(1816, 2019, columns=["balance_of_power"])
    assert found.height == 2_025_840
    key = found.select("ccode1", "ccode2", "year")
    assert key.n_unique() == found.height
    assert (found["ccode1"] != found["ccode2"]).all()
    counted = found.group_by("year").len().sort("year")
    expected = [len(states.system(y)) for y in range(1816, 2020)]
    assert counted["len"].to_list() == [n * (n - 1) for n in expected]


def test_rows_equal_the_matrices_of_their_year() -> None:
    panel = threat_years(1938, 1940)
    assert panel.columns == ["ccode1", "ccode2", "year", *COLUMNS]
    for year in (1938, 1939, 1940):
        rows, found = panel.filter(year=year), threats(year)
        row = rows["ccode1"].map_elements(found.place, return_dtype=pl.Int64).to_numpy()
        column = rows["ccode2"].map_elements(found.place, return_dtype=pl.Int64).to_numpy()
        for component, name in NAMES.items():
            expected = found.component(component)[row, column]
            given = rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
            np.testing.assert_array_equal(given, expected, err_msg=name)
        for name in ("survival", "discounted_ratio", "additive"):
            given = rows[name].fill_null(np.nan).to_numpy()
            np.testing.assert_array_equal(given, found.combination(name)[row, column])


def test_unknown_is_null_and_never_nan() -> None:
    panel = threat_years(1816, 1817)
    assert panel["survival"].null_count() == panel.height
    assert panel["power_share1"].is_null().to_list() == (panel["year"] == 1816).to_list()
    floats = panel.select(pl.selectors.float())
    assert not floats.select(pl.any_horizontal(pl.all().is_nan())).to_series().any()


def test_flags_are_booleans() -> None:
    panel = threat_years(1885, 1887, columns=FLAGS)
    assert panel.schema["is_border_approximate"] == pl.Boolean
    assert panel.filter(pl.col("year") <= 1886)["is_border_approximate"].all()
    stood_in = panel.filter(pl.col("is_border_approximate"), year=1887)
    new = set(states.system(1887)) - set(states.system(1886))
    assert all({one, two} & new for one, two in stood_in.select("ccode1", "ccode2").iter_rows())
    # The list of the United States' hosts is complete from 1950, data of the year before.
    forces = threat_years(1950, 1951, columns=FLAGS).filter(pl.col("is_forward_complete"))
    assert forces.select("ccode1", "year").unique().rows() == [(2, 1951)]


def test_rows_of_a_panel_find_their_threat() -> None:
    """Any order, either state system, and states that did not exist find null."""
    one = np.array([255, 290, 260, 2], dtype=np.int32)
    two = np.array([290, 255, 290, 300], dtype=np.int32)
    year = np.array([1939, 1939, 1960, 1960], dtype=np.int32)
    found = of_rows(Rows("cow", (one, two), year))
    assert found.columns == list(COLUMNS)
    assert found["survival"].round(2)[0] == 0.53
    expected = threats(1939).combination("survival")
    places = threats(1939).place(290), threats(1939).place(255)
    assert found["survival"][1] == expected[places]
    assert found["power_share1"][3] is None
    germany = of_rows(Rows("gw", (one[2:3], two[2:3]), year[2:3]))
    assert germany.row(0) == found.row(2)


def test_wrong_questions() -> None:
    with pytest.raises(UnknownNameError, match="fear"):
        threat_years(2000, 2001, columns=["fear"])
    with pytest.raises(QuestionError, match="after the last"):
        threat_years(2001, 2000)
    with pytest.raises(CoverageError, match="1816"):
        threat_years(1800, 1820)
