"""Likeness of all pairs at once equals that of two vectors, read from the record by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from counterpoise import record
from counterpoise.errors import QuestionError
from counterpoise.measures.similarity import similarity
from counterpoise.measures.similarity_years import (
    BY_PACTS,
    BY_VOTES,
    DUTIES,
    pact_similarity,
    pair_similarity,
    vote_similarity,
)
from counterpoise.panel import state_years

SAME = {
    "taub": "tau_b",
    "srsvas": "s_squared",
    "srsvaa": "s",
    "kappava": "kappa",
    "piva": "pi_squared",
    "piva_nominal": "pi",
    "kappaba": "kappa_binary",
    "alignva": "a",
    "taubvv": "tau_b",
    "srsvvs": "s_squared",
    "srsvva": "s",
    "kappavv": "kappa",
    "pivv": "pi_squared",
    "pivv_nominal": "pi",
    "alignvv": "a",
}
WEIGHED = {"srswvas": "s_squared", "srswvaa": "s"}


def portfolio(of: int, year: int, states: list[int]) -> list[int]:
    """Highest level of what a state owes each state, as a reader of the rows would find it."""
    rows = record.table("atop_dyads").filter(
        (pl.col("ccode1") == of) & (pl.col("start_year") <= year) & (pl.col("end_year") >= year)
    )
    owed = {r["ccode2"]: max(v * r[d] for d, v in DUTIES) for r in rows.iter_rows(named=True)}
    return [3 if state == of else owed.get(state, 0) for state in states]


def cast(of: int, year: int) -> dict[int, int]:
    rows = record.table("un_votes").filter((pl.col("ccode") == of) & (pl.col("vote") <= 3))
    calls = record.table("un_roll_calls").filter(pl.col("year") == year)
    return dict(rows.join(calls, on="rcid").select("rcid", "vote").iter_rows())


def drawn(frame: pl.DataFrame, seed: int, size: int = 25) -> list[dict[str, float]]:
    rows = np.random.default_rng(seed).choice(frame.height, size, replace=False)
    return frame[rows].to_dicts()


def agrees(row: dict[str, float], names: dict[str, str], expected: dict[str, float]) -> None:
    for column, name in names.items():
        if column in row:
            value = np.nan if row[column] is None else row[column]
            assert value == pytest.approx(expected[name], abs=1e-9, nan_ok=True), column


@pytest.mark.parametrize("year", [1914, 1938, 2006])
def test_pacts_of_pairs_drawn_at_random(year: int) -> None:
    states = state_years(year, year).frame["ccode"].to_list()
    cinc = dict(
        record.table("nmc").filter(pl.col("year") == year).select("ccode", "cinc").iter_rows()
    )
    weights = [cinc[state] for state in states]
    for row in drawn(pact_similarity(year, year), year):
        one, two = (portfolio(row[k], year, states) for k in ("ccode1", "ccode2"))
        agrees(row, SAME, similarity(one, two, levels=range(4)))
        agrees(row, WEIGHED, similarity(one, two, levels=range(4), weights=weights))
        some = [[int(v > 0) for v in vector] for vector in (one, two)]
        binary = similarity(*some, levels=[0, 1])
        agrees(row, {"srsba": "s", "kappaba": "kappa", "piba": "pi"}, binary)
        agrees(row, {"srswba": "s"}, similarity(*some, levels=[0, 1], weights=weights))


@pytest.mark.parametrize("year", [1950, 1985, 2021])
def test_votes_of_pairs_drawn_at_random(year: int) -> None:
    for row in drawn(vote_similarity(year, year), year):
        one, two = (cast(row[k], year) for k in ("ccode1", "ccode2"))
        joint = sorted(one.keys() & two.keys())
        assert row["joint_votes"] == len(joint)
        vectors = ([v[call] for call in joint] for v in (one, two))
        agrees(row, SAME, similarity(*vectors, levels=[1, 2, 3]))


def test_every_pair_of_every_year_once() -> None:
    """The rows of pacts are the undirected dyad-years by calendar year (peacesciencer: 842,685)."""
    frame = pact_similarity(1816, 2010)
    assert frame.height == 842_685
    assert frame.select(pl.struct("ccode1", "ccode2", "year").n_unique()).item() == frame.height
    assert (frame["ccode1"] < frame["ccode2"]).all()
    assert frame.null_count().sum_horizontal().item() == 0
    assert frame.select(pl.max_horizontal(pl.col([*BY_PACTS]).max())).item() <= 1 + 1e-12


def test_years_without_a_source_have_no_rows() -> None:
    assert pact_similarity(2019, 2021).is_empty()
    assert vote_similarity(1900, 1945).is_empty()
    assert vote_similarity(2022, 2025).is_empty()
    assert vote_similarity(2021, 2030)["year"].unique().to_list() == [2021]


def test_a_kappa_without_variation_is_null() -> None:
    """It is undefined for two that voted one way throughout, who agree in full by S."""
    frame = vote_similarity(1946, 1960)
    unknown = frame.filter(pl.col("kappavv").is_null())
    assert unknown.height > 0
    assert unknown["srsvva"].unique().to_list() == [1]
    assert frame["kappavv"].is_nan().sum() == 0
    assert set(BY_VOTES) < set(frame.columns)


def test_a_year_without_roll_calls_has_no_rows() -> None:
    """No vote was recorded in 1964, in the quarrel over arrears."""
    assert vote_similarity(1964, 1964).is_empty()
    assert vote_similarity(1963, 1965)["year"].unique().sort().to_list() == [1963, 1965]


def test_absence_is_no_vote() -> None:
    """Code 8, a member that did not vote, is listed for 2020 and 2021 and never compared."""
    calls = record.table("un_roll_calls").filter(pl.col("year") == 2021).height
    assert 0 < vote_similarity(2021, 2021)["joint_votes"].max() <= calls
    absent = record.table("un_votes").filter(pl.col("vote") == 8)
    call, state = absent.row(0)[:2]
    assert call not in cast(state, 2020) | cast(state, 2021)


def test_one_pair_over_the_years_is_the_same_as_among_all() -> None:
    pair = (pl.col("ccode1") == 365) & (pl.col("ccode2") == 710)
    frame = pair_similarity(710, 365, 2016, 2020)
    assert frame["year"].to_list() == [2016, 2017, 2018, 2019, 2020]
    for measured in (pact_similarity, vote_similarity):
        among = measured(2016, 2020).filter(pair).drop("ccode1", "ccode2")
        own = frame.select(among.columns).filter(pl.col("year").is_in(among["year"].implode()))
        assert_frame_equal(own, among)
    assert frame["kappava"].is_null().to_list() == [False, False, False, True, True]
    assert frame["kappavv"].null_count() == 0


def test_a_pair_before_one_existed_is_null() -> None:
    frame = pair_similarity(365, 705, 1985, 1992)
    assert frame["srsvaa"].is_null().to_list() == [True] * 6 + [False] * 2
    with pytest.raises(QuestionError, match="not with itself"):
        pair_similarity(2, 2, 2000, 2001)
