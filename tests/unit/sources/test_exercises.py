"""Exercises of two files, told once; participants of every kind of spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from counterpoise.sources import exercises
from counterpoise.sources.exercises import Event

if TYPE_CHECKING:
    from conftest import RawOf

NEWER = ("Ex_Name", "s.year", "s.month", "e.year", "StateA", "StateB", "StateC", *exercises.KINDS)
OLDER = (
    "Exercise Name",
    "Start Date",
    "s.year",
    "s.month",
    "enddate",
    "e.year",
    "State A",
    "State B",
)


def newer(*rows: tuple[Any, ...]) -> pl.DataFrame:
    kinds = ("1", *("0",) * (len(exercises.KINDS) - 1))
    return pl.DataFrame([(*row, *kinds) for row in rows], schema=list(NEWER), orient="row")


def older(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(OLDER, pl.String), orient="row")


def test_every_participant_is_a_state_or_counted_as_none(raw_of: RawOf) -> None:
    raw = raw_of({})
    table, states = exercises.multinational(
        raw,
        newer(
            ("Reforger", "1985", "1", "1985", "Federal Republic of Germany", "United States", "-9"),
            ("Peace Mission", "2007", "8", "2007", "Russia", "China", None),
            ("-9", "2006", "5", "2006", "NATO", "Ukraine", None),
            ("Flintlock", "2010", "5", "2010", "South Sudan", "Mali", None),
        ),
    )
    assert table.select("name", "unidentified", "is_warfighting", "is_air").rows() == [
        ("Reforger", 1, True, False),
        ("Peace Mission", 0, True, False),
        (None, 1, True, False),
        ("Flintlock", 1, True, False),
    ]
    assert sorted(states.rows()) == [(1, 2), (1, 260), (2, 365), (2, 710), (3, 369), (4, 432)]
    assert raw.unmatched == ["NATO (2006–2006)", "South Sudan (2010–2010)"]


def test_codes_are_iso_codes_not_cow_abbreviations(raw_of: RawOf) -> None:
    # AUS is Austria and SLV Slovenia among COW's abbreviations.
    raw = raw_of({})
    _, states = exercises.joint(
        raw, older(("Cope Thunder", "5/1/1999", "1999", "5", None, "1999", "AUS", "SLV"))
    )
    assert sorted(states["ccode"].to_list()) == [92, 900]


def test_a_date_is_read_where_its_parts_are_left_out(raw_of: RawOf) -> None:
    raw = raw_of({})
    table, _ = exercises.joint(
        raw,
        older(
            ("Air Warrior", "11/xx/2007", None, None, "11/xx/2007", None, "AUS", "USA"),
            ("Amalgam", "7/3/2009", "3009", "7", None, "2009", "USA", "CAN"),
            ("Lost", None, None, None, None, None, "USA", "CAN"),
        ),
    )
    assert table.select("name", "start_year", "start_month", "end_year").rows() == [
        ("Air Warrior", 2007, 11, 2007),
        ("Amalgam", 2009, 7, 2009),
    ]
    assert raw.unmatched == ["Exercise without a year: Lost (row 3)"]


PAIR = frozenset({2, 732})


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (Event(1, "foaleagle", 3, PAIR), Event(2, "foaleagle", 4, PAIR), True),
        (Event(1, "foaleagle", 3, PAIR), Event(2, "foaleaglefield", None, PAIR | {200}), True),
        (Event(1, "foaleagle", 3, PAIR), Event(2, "foaleagle", 10, PAIR), False),
        (Event(1, "foaleagle", 3, PAIR), Event(2, "teamspirit", 3, PAIR), False),
        (Event(1, "foaleagle", 3, PAIR), Event(2, "foaleagle", 3, frozenset({2, 200})), False),
        (Event(1, "", 3, PAIR), Event(2, "teamspirit", 3, PAIR), True),
        (Event(1, "", 3, PAIR), Event(2, "", 3, PAIR | {740}), False),
        (Event(1, "", None, PAIR), Event(2, "", None, PAIR), False),
        (Event(1, "", 3, frozenset({2})), Event(2, "", 3, frozenset({2})), False),
    ],
)
def test_when_two_rows_are_one_exercise(first: Event, second: Event, same: bool) -> None:
    assert first.is_same(second) is same
    assert second.is_same(first) is same


def test_a_name_is_compared_in_bare_letters() -> None:
    names = ("Balikatan (Shoulder to Shoulder) 2002", "BALIKATAN 02", "RR", None)
    assert [exercises.bare(name) for name in names] == ["balikatan", "balikatan", "", ""]


def test_the_older_file_gives_way_to_the_newer(raw_of: RawOf) -> None:
    raw = raw_of({})
    table, states = exercises.multinational(
        raw,
        newer(
            ("Balikatan 2002", "2002", "4", "2002", "Philippines", "United States", None),
            ("Cobra Gold", "2002", "5", "2002", "Thailand", "United States", "Singapore"),
        ),
    )
    others, other_states = exercises.joint(
        raw,
        older(
            ("Balikatan", "4/xx/2002", "2002", "4", None, "2002", "USA", "PHL"),
            ("Balikatan", "4/xx/2003", "2003", "4", None, "2003", "USA", "PHL"),
        ),
    )
    assert exercises.twins(table, states, others, other_states) == {10001: 1}
