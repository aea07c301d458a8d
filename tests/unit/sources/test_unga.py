"""Roll calls and votes: sessions against years, names against states, votes listed twice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.sources import unga

if TYPE_CHECKING:
    from conftest import RawOf

EPOCH = dt.date(1970, 1, 1)


def call(rcid: int, session: int, date: dt.date, unres: str = "", **more: Any) -> dict[str, Any]:
    known = {"importantvote": 0, "amend": None, "para": None, "descr": None, **more}
    return {
        "rcid": rcid,
        "session": float(session),
        "date": float((date - EPOCH).days),
        "unres": unres,
        **known,
    }


def calls(*rows: dict[str, Any]) -> pl.DataFrame:
    types = {"importantvote": pl.Int32, "amend": pl.Int32, "para": pl.Int32, "descr": pl.String}
    return unga.roll_calls(pl.DataFrame(rows, schema_overrides=types))


def test_a_session_runs_into_the_next_year_and_never_begins_before_its_own() -> None:
    found = calls(
        call(1, 64, dt.date(2010, 6, 30)),
        call(2, 22, dt.date(1966, 12, 7)),
        call(3, 1, dt.date(1946, 1, 1)),
    )
    assert found.select("session", "year", "month").rows() == [
        (64, 2010, 6),
        (22, 1967, 12),
        (1, 1946, 1),
    ]


def test_days_are_left_out_while_the_file_has_none() -> None:
    found = calls(call(1, 57, dt.date(2002, 12, 3)), call(2, 58, dt.date(2003, 12, 8)))
    assert found["date"].to_list() == [None, dt.date(2003, 12, 8)]


def test_titles_of_the_same_letters_are_one() -> None:
    day = dt.date(2005, 12, 8)
    found = calls(
        call(7, 60, day, descr="Oil slick on Lebanese shores : resolution / adopted"),
        call(3, 59, day, descr="OIL  SLICK on Lebanese shores (2004)"),
        call(9, 60, day, descr="Oil slick on other shores"),
        call(10, 60, day, descr="Oil"),
        call(11, 60, day),
    )
    assert found["title"].to_list() == [3, 3, 9, None, None]


def test_what_is_not_marked_is_unknown() -> None:
    found = calls(
        call(1, 60, dt.date(2005, 12, 8), "R/60/1", importantvote=1, amend=1, para=0),
        call(2, 74, dt.date(2019, 12, 3), importantvote=None),
    )
    wanted = ("unres", "is_important", "is_amendment", "is_paragraph")
    assert found.select(wanted).rows() == [
        ("R/60/1", True, True, False),
        (None, None, None, None),
    ]


def votes(*rows: tuple[int, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["rcid", "country", "year", "vote"], orient="row")


def test_a_name_is_the_state_of_its_year(raw_of: RawOf) -> None:
    raw = raw_of({})
    cast = votes(
        (1, "Federal Republic of Germany", 1980, "no"),
        (2, "Germany", 1991, "yes"),
        (1, "Russia", 1946, "no"),
        (1, "Ukraine", 1946, "no"),
        (1, "Taiwan", 1960, "yes"),
        (2, "China", 1991, "abstain"),
        (1, "Yemen Arab Republic", 1980, "yes"),
        (2, "Yemen Arab Republic", 1990, "yes"),
        (1, "Zanzibar", 1963, "yes"),
        (1, "Yugoslavia", 1980, "yes"),
        (1, "Atlantis", 1980, "yes"),
    )
    assert unga.by_state(raw, cast).rows() == [
        (1, 260, 3),
        (2, 255, 1),
        (1, 365, 3),
        (1, 369, 3),
        (1, 713, 1),
        (2, 710, 2),
        (1, 678, 1),
        (2, 679, 1),
        (1, 511, 1),
        (1, 345, 1),
    ]
    assert raw.unmatched == ["Atlantis (1980–1980)"]


def test_the_un_itself_adds_years_but_no_roll_call_twice(raw_of: RawOf) -> None:
    raw = raw_of({})
    known = calls(call(9079, 74, dt.date(2020, 1, 14), "A/RES/74/267"))
    recent = pl.DataFrame(
        [
            (2020, 100, "A/RES/74/267", "FRANCE", "Y"),
            (2020, 3, "A/RES/75/240", "FRANCE", "X"),
            (2020, 3, "A/RES/75/240", "VIET NAM", "A"),
            (2021, 1, "A/RES/76/245", "TURKEY", "N"),
        ],
        schema=["year", "rc", "resolution", "country", "vote"],
        orient="row",
    )
    added, cast = unga.extension(raw, recent, known)
    assert added.sort("rcid").select("rcid", "session", "year", "unres").rows() == [
        (20003, 75, 2020, "A/RES/75/240"),
        (21001, 76, 2021, "A/RES/76/245"),
    ]
    assert cast.rows() == [(20003, 220, 8), (20003, 816, 2), (21001, 640, 3)]


def test_roll_calls_that_the_first_source_lacks_are_reported() -> None:
    united = pl.DataFrame({"year": [2018] * 4 + [2019], "rc": [1, 1, 2, 3, 1]})
    known = calls(call(1, 73, dt.date(2018, 11, 1)), call(2, 74, dt.date(2019, 11, 7)))
    assert unga.missing(united, known) == ["2 or more roll calls of 2018 (in the UN's list alone)"]


def test_a_roll_call_with_every_vote_the_same_points_to_the_first() -> None:
    listed = pl.DataFrame({"rcid": [1, 2, 3, 4], "session": [10, 10, 10, 11]})
    cast = pl.DataFrame(
        {
            "rcid": [1, 1, 2, 2, 3, 4, 4],
            "ccode": [2, 20, 20, 2, 2, 2, 20],
            "vote": [1, 3, 3, 1, 1, 1, 3],
        }
    )
    assert unga.mark_repeats(listed, cast)["repeats"].to_list() == [None, 1, None, None]
