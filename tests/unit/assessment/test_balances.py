"""Structural balance of a year: indices, chance, wavering, years."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from counterpoise.assessment.balances import (
    against_chance,
    balance_of,
    balance_years,
    wavering,
)
from counterpoise.errors import CoverageError, ModelError, QuestionError
from counterpoise.measures.signed_network import TieRule
from counterpoise.models.balance import Balance, SignedGraph, balance
from counterpoise.models.signed_graph import frustration_weight


def graph(seed: int, n: int = 8) -> SignedGraph:
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(n, k=1)
    kept = rng.random(first.size) < 0.7
    signs = np.where(rng.random(kept.sum()) < 0.4, -1.0, 1.0)
    return SignedGraph(tuple("abcdefgh"[:n]), first[kept], second[kept], signs)


def test_the_cold_war_had_two_camps() -> None:
    study = balance_of(1985, draws=5, pole="USA")
    found = study.found
    assert found.is_proved
    camp = {n: k for k, members in enumerate(found.camps) for n in members}
    assert camp["USA"] == camp["UKG"] == camp["GFR"] != camp["RUS"]
    assert camp["RUS"] == camp["POL"] == camp["GDR"]
    assert len(found.frustrated) == found.line_index
    line = {c.null: c for c in study.chances if c.statistic == "line_index"}
    assert found.line_index < line["degrees"].low < line["signs"].low
    answer = study.to_dict()
    assert answer["edges"] == found.ties
    assert {w["state"] for w in answer["wavering"]} == set(study.network.graph.nodes) - {"USA"}


@pytest.mark.parametrize("seed", range(4))
def test_wavering_equals_enumeration(seed: int) -> None:
    given = graph(seed)
    found = balance(given)
    pole = "a"
    sides = {name: k for k, camp in enumerate(found.camps) for name in camp}
    for w in wavering(given, found, pole):
        k = given.nodes.index(w.state)
        apart_now = sides[w.state] != sides[pole]
        least = min(
            frustration_weight(given, np.array([0, *rest]))
            for rest in product((0, 1), repeat=7)
            if (rest[k - 1] == 1) != apart_now
        )
        assert w.is_proved
        assert w.cost == least - found.line_index


def test_wavering_needs_a_proof() -> None:
    found = balance(graph(0))
    unproved = Balance(**{**vars(found), "is_proved": False})
    with pytest.raises(ModelError, match="proved"):
        wavering(graph(0), unproved, "a")


def test_chance_is_reproducible_and_knows_when_nothing_can_move() -> None:
    given = graph(1)
    one, two = (against_chance(given, balance(given), "degrees", 10, 7) for _ in range(2))
    assert one == two
    star = SignedGraph(("a", "b", "c"), np.array([0, 0]), np.array([1, 2]), np.array([1.0, -1.0]))
    stuck = against_chance(star, balance(star), "degrees", 5, 0)
    assert {c.statistic for c in stuck} == {"line_index", "walks"}  # without triangles
    assert not any(c.is_free for c in stuck)


def test_years() -> None:
    told = []
    frame = balance_years(2013, 2019, tell=told.append)
    assert told == list(range(2013, 2020))
    assert frame["year"].to_list() == told
    assert frame["is_proved"].to_list()[:-1] == [True] * 6
    assert frame["nodes"].to_list()[-1] is None
    assert "2018" in frame["reason"].to_list()[-1]
    assert "2014" in frame["reason"].to_list()[3]
    assert frame["reason"].to_list()[0] is None
    assert frame["chance_low"].null_count() == len(frame)
    single = balance_of(2013, draws=0).found
    assert frame["line_index"][0] == single.line_index


def test_years_with_chance() -> None:
    row = balance_years(1985, 1985, draws=4, null="signs").row(0, named=True)
    assert row["line_index"] < row["chance_low"] <= row["chance_line_index"] <= row["chance_high"]
    assert row["percentile"] == 0


def test_errors() -> None:
    with pytest.raises(QuestionError):
        balance_years(1990, 1980)
    with pytest.raises(QuestionError, match="degrees, signs"):
        balance_years(1990, 1991, null="luck")
    with pytest.raises(QuestionError):
        balance_of(1985, draws=-1)
    with pytest.raises(CoverageError):
        balance_years(2019, 2022)
    with pytest.raises(CoverageError, match="neither friend nor enemy"):
        balance_of(1985, TieRule(rivalries=False), draws=0, pole="Switzerland")
