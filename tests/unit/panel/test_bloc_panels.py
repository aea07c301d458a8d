from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import counterpoise.panel as cp
from counterpoise import blocs
from counterpoise.blocs import Roster, Spell
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError
from counterpoise.panel import bloc_units

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(1910, 12, 31))


@st.composite
def spells(draw: st.DrawFn) -> list[Spell]:
    """Spells of membership, those of one state apart."""
    found = []
    for code in range(2, 2 + draw(st.integers(1, 4))):
        days = sorted(draw(st.lists(DAYS, min_size=2, max_size=4, unique=True)))
        for start, end in zip(days[::2], days[1::2], strict=False):
            found.append(Spell(code, "member", start, end, "drawn"))
        if len(days) % 2:
            found.append(Spell(code, "member", days[-1], None, "drawn"))
    return found


@given(drawn=spells())
def test_members_are_those_that_a_roster_gives(drawn: list[Spell]) -> None:
    roster = Roster("Drawn", "drawn", "organisation", tuple(drawn))
    frame = pl.DataFrame(
        [(s.ccode, s.start, s.end) for s in drawn],
        schema={"ccode": pl.Int32, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
    found = bloc_units.standing(frame, 1900, 1912)
    for year in range(1900, 1913):
        ours = sorted(found.filter(pl.col("year") == year)["ccode"])
        try:
            expected = list(roster.on(year).members)
        except CoverageError:
            expected = []
        assert ours == expected, year


@pytest.mark.parametrize("name", ["SCO", "NATO", "Warsaw Pact", "atop:4810", "igo:LOAS"])
def test_panels_agree_with_blocs(name: str) -> None:
    frame = cp.bloc_years(1945, 2014, [name]).frame
    for year, members in frame.select("year", "members").iter_rows():
        assert tuple(members) == blocs.bloc(name, year).members


def test_a_bloc_has_rows_while_it_exists_and_is_known() -> None:
    frame = cp.bloc_years(1985, 2025, ["Warsaw Pact", "atop:4810"]).frame
    last = frame.group_by("bloc").agg(pl.col("year").min(), last=pl.col("year").max())
    spans = {bloc: (a, b) for bloc, a, b in last.iter_rows()}
    assert spans["Warsaw Pact"] == (1985, 1991)
    assert spans["atop:4810"][1] == 2018


def test_carried_members_are_flagged() -> None:
    frame = cp.bloc_years(2017, 2020, ["atop:3180"], extend=True).frame
    assert frame.select("year", "members_extended").rows() == [
        (2017, False),
        (2018, False),
        (2019, True),
        (2020, True),
    ]


def test_columns_are_drawn_together_over_members_and_pairs() -> None:
    """SCO 2006: ten of fifteen pairs of founders share a defence pact (ATOP 5.1)."""
    frame = cp.bloc_years(2006, 2006, ["SCO"]).add("nmc", "atop", "capital_distance").frame
    row = frame.row(0, named=True)
    members = cp.bloc_member_years(2006, 2006, ["SCO"]).add("nmc").frame
    assert row["n_members"] == 6
    assert row["cinc_sum"] == pytest.approx(members["cinc"].sum(), abs=1e-15)
    assert row["atop_defense_share"] == pytest.approx(10 / 15, abs=1e-12)
    pairs = cp.dyad_years(2006, 2006, directed=False).add("capital_distance").frame
    inside = pairs.filter(pl.all_horizontal(pl.col("ccode1", "ccode2").is_in(row["members"])))
    assert row["capdist_mean"] == pytest.approx(inside["capdist"].mean(), rel=1e-12)


def test_one_unknown_member_makes_the_whole_unknown() -> None:
    frame = cp.bloc_years(2012, 2018, ["NATO"]).add("mids", "rivalries").frame
    assert frame["cowmidongoing_share"].is_null().to_list() == [y > 2014 for y in range(2012, 2019)]
    assert frame["ongoingrivalry_share"].null_count() == 0
    summed = bloc_units.drawn(
        pl.DataFrame({"cinc": [0.1, None, 0.2, 0.3]}),
        pl.Series([0, 0, 1, 1]).to_numpy(),
        [c for c in cp.ADDS["nmc"].over_members() if c.name == "cinc"],
        3,
    )
    assert summed["cinc_sum"].to_list() == [None, 0.5, None]


def test_pairs_come_in_chunks_with_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["SCO", "NATO", "atop:3285"]
    whole = cp.bloc_years(1985, 2014, names).add("capital_distance").frame
    monkeypatch.setattr(bloc_units, "MOST_PAIRS", 150)
    assert cp.bloc_years(1985, 2014, names).add("capital_distance").frame.equals(whole)


def test_lists_and_roster_files(tmp_path: Path) -> None:
    path = tmp_path / "axis.csv"
    path.write_text("state,start,end\nRUS,1992-01-01,\nCHN,,\nIRN,2003-01-01,2005-12-31\n")
    frame = cp.bloc_years(2002, 2006, [str(path), "RUS,CHN"]).frame
    sizes = dict(frame.filter(pl.col("bloc") == str(path)).select("year", "n_members").iter_rows())
    assert sizes == {2002: 2, 2003: 3, 2004: 3, 2005: 3, 2006: 2}
    assert frame.filter(pl.col("bloc") == "RUS,CHN")["n_members"].to_list() == [2] * 5


def test_every_named_bloc_by_default() -> None:
    frame = cp.bloc_years(1960, 1962).frame
    assert frame["bloc"].n_unique() > 100
    assert {"NATO", "Warsaw Pact"} <= set(frame["bloc"])


@pytest.mark.parametrize(
    ("names", "error", "match"),
    [
        (["Shanghai Pact of Steel"], UnknownNameError, "Unknown bloc"),
        (["SCO", "SCO"], QuestionError, "Named more than once: SCO"),
        (["SCO"], QuestionError, "None of the blocs has known members between 1950 and 1960"),
    ],
)
def test_blocs_that_cannot_be_answered(
    names: list[str], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        cp.bloc_years(1950, 1960, names)
