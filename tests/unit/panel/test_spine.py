from __future__ import annotations

import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.errors import CoverageError, QuestionError
from counterpoise.panel import dyad_years, spine, state_years
from counterpoise.panel.spine import Spells

FIRST = dt.date(1900, 1, 1)
Drawn = list[tuple[int, int, int]]


@st.composite
def drawn_spells(draw: st.DrawFn) -> Drawn:
    """Spells (code, first day, last day) in days after FIRST, those of one state apart."""
    found: Drawn = []
    for code in range(1, draw(st.integers(2, 5)) + 1):
        day = 0
        for _ in range(draw(st.integers(1, 3))):
            start = day + draw(st.integers(0, 800))
            end = start + draw(st.integers(0, 1500))
            found.append((code, start, end))
            day = end + 1
    return found


def of(drawn: Drawn) -> Spells:
    code, start, end = (np.array(column) for column in zip(*sorted(drawn), strict=True))
    origin = np.datetime64(FIRST, "D")
    return Spells(code.astype(np.int32), origin + start, origin + end)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def by_force(drawn: Drawn, rule: str) -> list[tuple[int, int, int]]:
    """Pairs and years, found by looking at every pair of spells and every year."""
    found = set()
    for (one, a, b), (two, c, d) in product(drawn, drawn):
        if one >= two:
            continue
        if rule == "year":
            first, last = max(day(a).year, day(c).year), min(day(b).year, day(d).year)
        elif max(a, c) <= min(b, d):
            first, last = day(max(a, c)).year, day(min(b, d)).year
        else:
            continue
        found |= {(one, two, year) for year in range(first, last + 1)}
    return sorted(found)


@pytest.mark.parametrize("rule", ["day", "year"])
@given(drawn=drawn_spells())
def test_pairs_equal_brute_force(rule: spine.Rule, drawn: Drawn) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spine, "spells", lambda *_: of(drawn))
        one, two, year = spine.dyad_years("cow", 1900, 1950, rule, directed=False, microstates=True)
    assert list(zip(one.tolist(), two.tolist(), year.tolist(), strict=True)) == by_force(
        drawn, rule
    )


@given(drawn=drawn_spells())
def test_directed_pairs_are_the_undirected_both_ways(drawn: Drawn) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spine, "spells", lambda *_: of(drawn))
        one, two, year = spine.dyad_years("cow", 1901, 1903, "day", directed=True, microstates=True)
        low, high, when = spine.dyad_years(
            "cow", 1901, 1903, "day", directed=False, microstates=True
        )
    directed = list(zip(one.tolist(), two.tolist(), year.tolist(), strict=True))
    undirected = list(zip(low.tolist(), high.tolist(), when.tolist(), strict=True))
    assert directed == sorted([*undirected, *((b, a, y) for a, b, y in undirected)])


def test_state_years_are_sorted_and_unique() -> None:
    frame = state_years(1816, 2016).frame
    assert frame.select("ccode", "year").rows() == sorted(set(frame.select("ccode", "year").rows()))
    assert "system_extended" not in frame.columns


def test_rows_past_the_coded_spells_are_flagged() -> None:
    frame = state_years(2015, 2018).frame
    flags = dict(frame.select("year", "system_extended").unique().iter_rows())
    assert flags == {2015: False, 2016: False, 2017: True, 2018: True}


def test_names_follow_the_spell() -> None:
    frame = state_years(1860, 2010).frame
    assert frame.columns[:3] == ["ccode", "statenme", "year"]
    names = dict(frame.filter(frame["year"] == 1914).select("ccode", "statenme").iter_rows())
    assert names[300] == "Austria-Hungary"


def test_gleditsch_ward_system_has_its_own_states() -> None:
    frame = state_years(1816, 2019, system="gw").frame
    assert frame.height == 19_667
    assert state_years(1816, 2019, "gw", microstates=False).frame.height == 18_115
    assert frame.filter(frame["gwcode"] == 260)["year"].max() == 2019


@pytest.mark.parametrize(
    ("first", "last", "error", "text"),
    [
        (1815, 1900, CoverageError, "1816"),
        (1900, 2100, CoverageError, "not 1900 to 2100"),
        (1990, 1980, QuestionError, "1990"),
    ],
)
def test_years_that_cannot_be_answered(
    first: int, last: int, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        dyad_years(first, last)


def test_unknown_system_and_rule_are_refused() -> None:
    with pytest.raises(QuestionError, match="cow, gw"):
        state_years(1990, 1991, system="iso")  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="day, year"):
        dyad_years(1990, 1991, rule="month")  # type: ignore[arg-type]
