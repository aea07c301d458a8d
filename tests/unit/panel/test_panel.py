from __future__ import annotations

import polars as pl
import pytest

import counterpoise.panel as cp
from counterpoise import record
from counterpoise.errors import DataError, QuestionError, UnknownNameError
from counterpoise.panel.conflict import rivalry_years
from counterpoise.panel.rows import Rows, entry_months

GOLD = ("ccode1", "ccode2", "year")


def one(frame: pl.DataFrame, **key: int) -> dict[str, object]:
    rows = frame.filter(*(pl.col(name) == value for name, value in key.items()))
    return rows.row(0, named=True)


def test_nothing_is_computed_before_the_frame() -> None:
    panel = cp.state_years(1990, 1990).add("nmc")
    assert "frame" not in panel.__dict__
    assert panel.columns == panel.frame.columns
    assert panel.collect() is panel.frame
    assert repr(panel) == f"Panel({len(panel)} state-years 1990–1990: nmc)"


def test_unknown_sets_get_suggestions() -> None:
    with pytest.raises(UnknownNameError, match=r'Unknown set "rivalry"\. Did you mean: rivalries'):
        cp.state_years(1990, 1990).add("rivalry")


def test_a_set_that_does_not_serve_the_kind() -> None:
    with pytest.raises(QuestionError, match=r"arms_races.*does not serve state-years.*dyad-years"):
        cp.state_years(1990, 1990).add("arms_races")


def test_a_set_comes_once() -> None:
    with pytest.raises(QuestionError, match="Added more than once: nmc"):
        cp.state_years(1990, 1990).add("nmc").add("nmc")
    own = pl.DataFrame({"ccode": [2], "year": [1990], "cinc": [1.0]})
    with pytest.raises(DataError, match="names already: cinc"):
        cp.state_years(1990, 1990).join(own, on=["ccode", "year"]).add("nmc")


def test_a_set_whose_table_the_record_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    held = record.manifest()
    left = {name: entry for name, entry in held.tables.items() if name != "nmc"}
    monkeypatch.setattr(record, "manifest", lambda: held.model_copy(update={"tables": left}))
    with pytest.raises(DataError, match="nmc is not in this record"):
        cp.state_years(1990, 1990).add("nmc")


def test_extend_to_a_year_and_no_further() -> None:
    frame = cp.dyad_years(2016, 2020).add("contiguity", extend=2018).frame
    pair = frame.filter(pl.col("ccode1") == 2, pl.col("ccode2") == 20).sort("year")
    assert pair["conttype"].to_list() == [1, 1, 1, None, None]
    assert pair["contiguity_extended"].to_list() == [False, True, True, False, False]


def test_extension_reaches_behind_the_window() -> None:
    """A panel that begins after the last covered year carries the same values."""
    late = cp.dyad_years(2019, 2019).add("atop", extend=True).frame
    last = cp.dyad_years(2018, 2018).add("atop").frame
    names = [c for c in last.columns if c.startswith("atop_")]
    assert late["atop_extended"].all()
    assert late.select(names).equals(last.select(names))


def test_notes_say_what_is_not_covered() -> None:
    notes = cp.dyad_years(2010, 2020).add("nmc", "atop").add("igos", extend=2016).notes()
    assert notes == [
        "States are coded to 2016; those still members are carried on.",
        "atop covers 1815 to 2018; other years are null.",
        "igos covers 1816 to 2014, 2014 carried on to 2016; other years are null.",
    ]


def test_pacts_of_undirected_pairs_are_what_either_owes() -> None:
    """In 1832 France was bound to defend Belgium, and Belgium not France (ATOP 5.1)."""
    directed = cp.dyad_years(1832, 1832).add("atop").frame
    assert one(directed, ccode1=220, ccode2=211)["atop_defense"] == 1
    assert one(directed, ccode1=211, ccode2=220)["atop_defense"] == 0
    undirected = cp.dyad_years(1832, 1832, directed=False).add("atop").frame
    assert one(undirected, ccode1=211, ccode2=220)["atop_defense"] == 1


def test_flows_follow_the_order_of_the_pair() -> None:
    frame = cp.dyad_years(1920, 1920).add("trade").frame
    there, back = one(frame, ccode1=2, ccode2=20), one(frame, ccode1=20, ccode2=2)
    # The United States imported 612 million dollars from Canada, and Canada 735 from it.
    assert (there["flow1"], there["flow2"]) == (612, 735)
    assert (back["flow1"], back["flow2"]) == (735, 612)


def test_flows_keep_their_order_through_the_crosswalk() -> None:
    """Tuvalu comes before Fiji (950) in COW numbers (947), after it in the other's (973)."""
    cow = cp.dyad_years(2014, 2014, directed=False).add("trade").frame
    gw = cp.dyad_years(2014, 2014, directed=False, system="gw").add("trade").frame
    there, here = one(cow, ccode1=947, ccode2=950), one(gw, gwcode1=950, gwcode2=973)
    assert (there["flow1"], there["flow2"]) == (40, 1)
    assert (here["flow1"], here["flow2"]) == (1, 40)


def test_borders_are_those_of_the_first_common_month() -> None:
    frame = cp.dyad_years(1816, 2010, directed=False).add("contiguity").frame
    # Germany, united in October 1990, borders Poland from its first month on.
    assert one(frame, ccode1=255, ccode2=290, year=1990)["conttype"] == 1
    # The new Italy of 1861 is 400 miles from Turkey from February on, not in January.
    assert one(frame, ccode1=325, ccode2=640, year=1861)["conttype"] == 0
    assert one(frame, ccode1=325, ccode2=640, year=1862)["conttype"] == 4


def test_entry_months() -> None:
    flat = entry_months("cow")
    month = {y: flat[255 * 256 + y - 1800] for y in (1816, 1990, 1991)}
    assert month == {1816: 1, 1990: 10, 1991: 1}


def test_the_first_capital_of_the_year_counts() -> None:
    frame = cp.dyad_years(1959, 1961, directed=False).add("capital_distance").frame
    by_year = [one(frame, ccode1=140, ccode2=160, year=y)["capdist"] for y in (1959, 1960, 1961)]
    # Brazil moved from Rio de Janeiro to Brasília in April 1960.
    assert by_year[0] == by_year[1]
    assert by_year[1] != by_year[2]


def test_austria_carries_the_rivalry_of_the_monarchy_from_1919() -> None:
    frame = rivalry_years().filter(pl.col("tssr_id") == 76)
    codes = dict(frame.select("year", pl.concat_list("ccode1", "ccode2")).iter_rows())
    assert codes[1918] == [300, 345]
    assert codes[1919] == [305, 345]


def test_one_dispute_a_pair_and_year() -> None:
    """France and Italy had three onsets in 1860: disputes 112, 113 and 306."""
    disputes = record.table("dispute_dyads").filter(
        pl.col("ccode1") == 220, pl.col("ccode2") == 325, pl.col("year") == 1860
    )
    assert sorted(disputes["dispnum"]) == [112, 113, 306]
    row = one(cp.dyad_years(1860, 1860).add("mids").frame, ccode1=220, ccode2=325)
    whole = record.table("disputes").filter(pl.col("dispnum").is_in([112, 113, 306]))
    known = whole.with_columns(pl.col("fatality").fill_null(0.5))
    best = known.sort("fatality", "hostlev", "mindur", descending=True)
    assert row["dispnum"] == best["dispnum"][0]
    assert row["cowmidonset"] == 1


def test_onset_wins_over_a_deadlier_dispute_under_way() -> None:
    frame = record.table("dispute_dyads").filter(pl.col("ccode1") < pl.col("ccode2"))
    mixed = frame.group_by("ccode1", "ccode2", "year").agg(
        pl.col("disponset").min().alias("low"), pl.col("disponset").max().alias("high")
    )
    mixed = mixed.filter(pl.col("low") < pl.col("high"))
    panel = cp.dyad_years(1816, 2014, directed=False).add("mids").frame
    assert mixed.height > 50
    assert mixed.join(panel, on=GOLD, how="inner")["cowmidonset"].min() == 1


def test_igos_count_full_and_associate_members() -> None:
    frame = cp.state_years(2000, 2000).add("igos").frame
    table = record.table("igo_memberships").filter(
        pl.col("ccode") == 2, pl.col("start_year") <= 2000, pl.col("end_year") >= 2000
    )
    row = one(frame, ccode=2)
    for name, code in (("full", 1), ("associate", 2), ("observer", 3)):
        assert row[f"sum_igo_{name}"] == table.filter(pl.col("status") == code).height


def test_a_state_shares_all_its_igos_with_itself() -> None:
    """The count of a pair never exceeds that of either state alone."""
    pairs = cp.dyad_years(1975, 1975, directed=False).add("igos").frame
    states = cp.state_years(1975, 1975).add("igos").frame
    alone = states.select("ccode", n=pl.col("sum_igo_full") + pl.col("sum_igo_associate"))
    joined = pairs.join(alone, left_on="ccode1", right_on="ccode").join(
        alone, left_on="ccode2", right_on="ccode", suffix="2"
    )
    assert (joined["dyadigos"] <= joined.select(pl.min_horizontal("n", "n2")).to_series()).all()
    assert joined["dyadigos"].max() > 30
    assert joined["igos_uncoded"].unique().to_list() == states["igos_uncoded"].unique().to_list()


def test_rows_swapped_and_moved() -> None:
    frame = cp.dyad_years(1990, 1990).frame
    rows = Rows(
        "cow", (frame["ccode1"].to_numpy(), frame["ccode2"].to_numpy()), frame["year"].to_numpy()
    )
    assert rows.in_system().all()
    assert (rows.swapped().codes[0] == rows.codes[1]).all()
    assert not rows.at(rows.year - 100).in_system().all()


def test_one_name_for_both_kinds_of_similarity() -> None:
    one = cp.dyad_years(2000, 2001, directed=False).add("similarity")
    two = cp.dyad_years(2000, 2001, directed=False).add("similarity_pacts", "similarity_votes")
    assert one.frame.equals(two.frame)
