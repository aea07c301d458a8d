"""Forces of a power by host: coded bases over counts, gains and losses by the year's end."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from counterpoise import blocs
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError
from counterpoise.measures import power
from counterpoise.measures.territory import (
    PresenceChange,
    changes,
    presence,
    territory,
    us_presence,
)

UNITED_STATES, RUSSIA, KYRGYZSTAN, UZBEKISTAN = 2, 365, 703, 704


def series(where: str, first: int, last: int, column: str = "hosts") -> dict[int, object]:
    return dict(us_presence(where, first, last).select("year", column).iter_rows())


def told(where: str, first: int, last: int, owner: int = UNITED_STATES) -> list[tuple]:
    found = changes(presence(owner, where, first, last), owner)
    return [(c.year, c.ccode, c.change, c.by) for c in found]


def test_the_losses_of_2005_and_2014_are_visible() -> None:
    """The counts show neither Karshi-Khanabad nor, before 2008, Manas."""
    found = [c for c in changes(us_presence("SCO", 1996, 2018)) if c.is_member]
    assert [(c.year, c.ccode, c.change, c.day) for c in found] == [
        (2001, KYRGYZSTAN, "gained", dt.date(2001, 12, 16)),
        (2001, UZBEKISTAN, "gained", dt.date(2001, 10, 5)),
        (2005, UZBEKISTAN, "lost", dt.date(2005, 11, 21)),
        (2014, KYRGYZSTAN, "lost", dt.date(2014, 7, 11)),
    ]
    assert [c.base for c in found] == [
        "base: Manas",
        "base: Karshi-Khanabad",
        "base: Karshi-Khanabad",
        "base: Manas",
    ]


def test_the_coded_list_overrides_the_counts() -> None:
    assert series("Uzbekistan", 2000, 2006) == {
        2000: False,
        **dict.fromkeys(range(2001, 2005), True),
        2005: False,
        2006: False,
    }
    assert not any(series("Uzbekistan", 2000, 2006, "hosts_by_count").values())
    assert series("Uzbekistan", 2004, 2006, "base_peak") == {2004: 1500, 2005: 1500, 2006: None}


def test_counts_stay_as_the_source_has_them() -> None:
    assert series("Kyrgyzstan", 2006, 2009, "troops") == {2006: 6, 2007: 6, 2008: 658, 2009: 3169}


def test_a_base_given_up_on_the_last_day_is_gone_by_the_years_end() -> None:
    assert told("Panama", 1995, 2005) == [(1999, 95, "lost", "base")]


def test_the_year_after_speaks_where_a_base_was_given_up() -> None:
    """In September 1992 Clark and Subic Bay still had their troops; in 1993 few were left."""
    assert told("Philippines", 1985, 1993) == [(1992, 840, "lost", "base")]
    assert series("Philippines", 1992, 1992, "hosts_by_count") == {1992: True}


def test_a_single_year_is_no_change() -> None:
    """Kazakhstan's 311 of September 2010 stand between 69 and 9."""
    assert series("Kazakhstan", 2009, 2011) == {2009: False, 2010: True, 2011: False}
    assert told("Kazakhstan", 2000, 2020) == []


def test_a_fall_below_the_line_is_no_loss_before_it_is_large() -> None:
    """Portugal wavers about 200 from 2015 on."""
    assert told("Portugal", 2010, 2019) == []
    assert False in series("Portugal", 2010, 2019).values()


def test_unknown_years_are_counted_before_a_change() -> None:
    """Spain's troops of 1951 to 1953 are unknown: the gain of 1954 may be older."""
    (found,) = changes(us_presence("Spain", 1950, 1960))
    assert found == PresenceChange(230, 1954, "gained", "count", is_member=True, unknown_before=3)
    assert series("Spain", 1951, 1953) == dict.fromkeys((1951, 1952, 1953))


def test_outside_coverage_is_unknown_unless_coded() -> None:
    assert series("France", 1949, 1950) == {1949: None, 1950: True}
    assert series("Cuba", 1930, 1931) == {1930: True, 1931: True}


def test_membership_by_year() -> None:
    frame = us_presence("SCO", 1999, 2018)
    rows = frame.filter(pl.col("is_member")).group_by("ccode").agg(pl.col("year").min())
    assert dict(rows.iter_rows())[UZBEKISTAN] == 2001
    assert dict(rows.iter_rows())[750] == 2017
    assert frame.height == 8 * 20


def test_bases_are_listed_for_one_year_alone() -> None:
    frame = us_presence("Germany", 2017, 2019)
    assert frame["bases_about_2018"].is_null().to_list() == [True, False, True]
    assert frame["bases_about_2018"][1] > 10
    assert us_presence("Uzbekistan", 2018, 2018)["bases_about_2018"].to_list() == [0]


def test_other_powers_by_the_coded_list_alone() -> None:
    assert told("Warsaw Pact", 1950, 1995, RUSSIA) == [
        (1958, 360, "lost", "base"),
        (1968, 315, "gained", "base"),
        (1990, 265, "lost", "base"),
        (1991, 310, "lost", "base"),
        (1991, 315, "lost", "base"),
        (1993, 290, "lost", "base"),
    ]
    frame = presence(RUSSIA, "Poland", 1990, 1995)
    assert frame["troops"].null_count() == 6
    assert frame["hosts"].to_list() == [True] * 3 + [None] * 3


def test_forces_that_were_there_when_a_state_began_are_no_gain() -> None:
    assert told("Armenia", 1985, 2000, RUSSIA) == []


def test_a_bloc_in_a_year() -> None:
    members, weight = blocs.bloc("SCO", 2006).members, power.shares("cinc", 2006)
    found = territory(members, UNITED_STATES, 2006, weight)
    assert found.hosts == (KYRGYZSTAN,)
    assert found.hosts_share == pytest.approx(weight[KYRGYZSTAN] / sum(weight[m] for m in members))
    assert [(c.ccode, c.year) for c in found.lost] == [(UZBEKISTAN, 2005)]
    assert found.gained == ()
    earlier = territory(members, UNITED_STATES, 2004, power.shares("cinc", 2004))
    assert [c.ccode for c in earlier.gained] == [KYRGYZSTAN, UZBEKISTAN]


def test_without_a_complete_list_the_share_is_unknown() -> None:
    found = territory((200, 220), RUSSIA, 1985, power.shares("cinc", 1985))
    assert (found.hosts, found.unknown, found.hosts_share) == ((), (200, 220), None)
    assert not found.is_complete


@pytest.mark.parametrize(
    ("where", "first", "last", "error", "says"),
    [
        ("Uzbekistn", 2000, 2001, UnknownNameError, "Did you mean: Uzbekistan"),
        ("Warsaw Pakt", 1960, 1961, UnknownNameError, "Did you mean: Warsaw Pact"),
        ("SCO", 1980, 1990, CoverageError, "did not exist"),
        ("SCO", 2006, 2000, QuestionError, "after the last"),
        ("", 2000, 2001, QuestionError, "No bloc is named"),
        ("USA", 2000, 2001, QuestionError, "name another host"),
    ],
)
def test_wrong_questions(where, first, last, error, says) -> None:
    with pytest.raises(error, match=says):
        us_presence(where, first, last)


def test_a_list_of_states() -> None:
    assert us_presence("RUS,CHN", 2000, 2001)["ccode"].unique().sort().to_list() == [365, 710]
    assert us_presence(["RUS", "USA"], 2000, 2000)["ccode"].to_list() == [365]
