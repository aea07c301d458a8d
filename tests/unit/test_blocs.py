"""Blocs by name, number, list or file, as of the year; and the rosters themselves."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise import blocs, record
from counterpoise.blocs import Roster, Spell
from counterpoise.errors import (
    AmbiguousNameError,
    CounterpoiseError,
    CoverageError,
    DataError,
    QuestionError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from pathlib import Path

SCO_2006 = (365, 702, 703, 704, 705, 710)
NATO_1950 = (2, 20, 200, 210, 211, 212, 220, 235, 325, 385, 390, 395)
WARSAW_1956 = (265, 290, 310, 315, 339, 355, 360, 365)


def test_the_sco_with_its_observers() -> None:
    found = blocs.bloc("SCO", 2006)
    assert found.members == SCO_2006
    assert found.observers == (630, 712, 750, 770)
    assert found.partners == ()
    assert (found.name, found.key) == ("Shanghai Cooperation Organization", "SCO")
    assert not found.is_extended


def test_observers_and_partners_become_members() -> None:
    assert blocs.bloc("SCO", 2014).partners == (370, 640, 780)
    assert 370 in blocs.bloc("SCO", 2015).observers
    assert {750, 770} <= set(blocs.bloc("SCO", 2017).members)
    found = blocs.bloc("SCO", 2024)
    assert set(found.members) == {*SCO_2006, 750, 770, 630, 370}
    assert found.observers == (700, 712)
    assert len(found.partners) == 14


@pytest.mark.parametrize(
    ("text", "year", "members"),
    [
        ("NATO", 1950, NATO_1950),
        ("NATO", 1960, (*NATO_1950, 260, 350, 640)),
        ("NATO", 1985, (*NATO_1950, 230, 260, 350, 640)),
        ("Warsaw Pact", 1956, WARSAW_1956),
        ("Warsaw Pact", 1985, tuple(c for c in WARSAW_1956 if c != 339)),
        ("Triple Alliance", 1900, (255, 300, 325)),
        ("Little Entente", 1930, (315, 345, 360)),
        ("AES", 2024, (432, 436, 439)),
    ],
)
def test_members(text: str, year: int, members: tuple[int, ...]) -> None:
    assert blocs.bloc(text, year).members == tuple(sorted(members))


@pytest.mark.parametrize(
    ("text", "year", "day", "members"),
    [
        ("Warsaw Pact", 1991, dt.date(1991, 7, 1), (290, 310, 315, 355, 360, 365)),
        ("Warsaw Pact", 1990, dt.date(1990, 12, 31), (290, 310, 315, 355, 360, 365)),
        ("atop:3285", 1991, dt.date(1991, 7, 1), (290, 310, 315, 355, 360, 365)),
        ("SEATO", 1977, dt.date(1977, 6, 30), (2, 200, 800, 840, 900, 920)),
        ("Shanghai Five", 2001, dt.date(2001, 6, 14), (365, 702, 703, 705, 710)),
        ("Quad", 2008, dt.date(2008, 2, 5), (2, 740, 750, 900)),
        (
            "NATO",
            1955,
            dt.date(1955, 12, 31),
            (*NATO_1950[:7], 235, 260, 325, 350, 385, 390, 395, 640),
        ),
    ],
)
def test_a_dissolving_year_is_read_on_its_last_day(
    text: str, year: int, day: dt.date, members: tuple[int, ...]
) -> None:
    found = blocs.bloc(text, year)
    assert (found.day, found.members) == (day, members)


def test_germany_is_one_member_in_the_year_it_unites() -> None:
    assert [c for c in blocs.bloc("NATO", 1990).members if c in (255, 260, 265)] == [255]
    assert [c for c in blocs.bloc("EU", 1989).members if c in (255, 260, 265)] == [260]


def test_atop_keeps_its_own_dates() -> None:
    assert blocs.bloc("atop:4810", 1996).members == (365, 702, 703, 705, 710)
    assert blocs.bloc("ATOP: 4810", 2014).members == SCO_2006
    assert blocs.bloc("atop:4810", 2015).members == (*SCO_2006, 750, 770)
    # A member of two phases is one member, on the day between them too.
    assert blocs.bloc("atop:3180", 1951).members == tuple(sorted((*NATO_1950, 350, 640)))


def test_atop_after_its_last_year_needs_extend() -> None:
    with pytest.raises(CoverageError, match=r"known to 2018, not in 2019.*--extend"):
        blocs.bloc("atop:3180", 2019)
    found = blocs.bloc("atop:3180", 2024, extend=True)
    assert {343, 375, 380} <= set(found.members)
    assert len(found.members) == 32
    assert found.is_extended
    assert 200 in blocs.bloc("atop:4175", 2018, extend=True).members
    assert 200 not in blocs.bloc("atop:4175", 2020, extend=True).members
    assert not blocs.bloc("atop:4175", 2018, extend=True).is_extended


def test_our_rosters_end_in_2024() -> None:
    with pytest.raises(CoverageError, match=r"known to 2024, not in 2025.*--extend"):
        blocs.bloc("SCO", 2025)
    found = blocs.bloc("SCO", 2025, extend=True)
    assert found.is_extended
    assert found.members == blocs.bloc("SCO", 2024).members


@pytest.mark.parametrize(
    ("text", "year", "said"),
    [
        ("SCO", 2000, "Shanghai Cooperation Organization did not exist in 2000; it began in 2001."),
        ("Warsaw Pact", 1992, "Warsaw Pact did not exist in 1992; it ended in 1991."),
        ("Quad", 2012, "existed from 2007 to 2008 and from 2017 on."),
        ("atop:4810", 1990, "ATOP 4810 did not exist in 1990; it began in 1996."),
        ("OPEC", 1950, "did not exist in 1950; it began in 1960."),
        ("NATO", 0, "No table covers the year 0."),
        ("NATO", 12345, "No table covers the year 12345."),
    ],
)
@pytest.mark.parametrize("extend", [False, True])
def test_a_bloc_that_did_not_exist(text: str, year: int, said: str, extend: bool) -> None:
    with pytest.raises(CoverageError) as caught:
        blocs.bloc(text, year, extend=extend)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sco", "SCO"),
        ("Shanghai Cooperation Organisation", "SCO"),
        ("the Shanghai Co-operation Organization", "SCO"),
        ("  N.A.T.O.  ", None),
        ("north atlantic treaty organisation", "NATO"),
        ("OTAN", "NATO"),
        ("Warsaw Treaty Organization", "Warsaw Pact"),
        ("WPact", "Warsaw Pact"),
        ("EEC", "EU"),
        ("LOAS", "Arab League"),
        ("Organisation of American States", "OAS"),
        ("Baghdad Pact", "CENTO"),
        ("Alliance des États du Sahel", "AES"),
        ("OPEC", "igo:opec"),
        ("World Trade Organization", "igo:wto"),
        ("igo:LOAS", "igo:loas"),
        ("Visegrád Group", "informal:Visegrad Group"),
    ],
)
def test_names_and_aliases(text: str, key: str | None) -> None:
    if key is None:
        with pytest.raises(UnknownNameError):
            blocs.roster(text)
        return
    first = blocs.spans(text)[0][0]
    assert first is not None
    known = {line.key for line in blocs.known()}
    assert key in known
    assert blocs.roster(text).equals(blocs.roster(key))


def test_an_unknown_bloc_gives_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        blocs.bloc("Shanghai Pact", 2006)
    assert str(caught.value) == (
        'Unknown bloc "Shanghai Pact". Did you mean: SCO (Shanghai Cooperation Organization), '
        "Warsaw Pact, Shanghai Five? List all: counterpoise data status --blocs"
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Natoo", "NATO (North Atlantic Treaty Organization)"),
        ("Bagdad Pact", "CENTO (Central Treaty Organization)"),
        ("African Unon", "igo:au (African Union)"),
        ("Colective Securty", "CSTO (Collective Security Treaty Organization)"),
    ],
)
def test_a_typing_error_finds_what_was_meant_first(text: str, meant: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        blocs.bloc(text, 2006)
    assert f"Did you mean: {meant}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("WTO", ("Warsaw Pact", "igo:wto (World Trade Organization)")),
        ("Entente", ("Little Entente", "Triple Entente")),
    ],
)
def test_an_ambiguous_name_asks(text: str, listed: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        blocs.bloc(text, 1985)
    assert all(name in str(caught.value) for name in listed)


@pytest.mark.parametrize(
    "text", ["atop:", "atop:x", "atop:-1", "atop:48 10", "atop:9999999", "atop:1"]
)
def test_no_such_alliance(text: str) -> None:
    with pytest.raises(UnknownNameError, match="atop:"):
        blocs.bloc(text, 2000)


@pytest.mark.parametrize(
    "given_", ["RUS,CHN,IRN", " Russia , 710,Iran,", [365, "CHN", "Iran"], ("365", "710", "630")]
)
def test_a_list_of_states(given_: str | list[str | int]) -> None:
    found = blocs.bloc(given_, 2006)
    assert found.members == (365, 630, 710)
    assert found.name == "Russia, China, Iran"
    assert (found.key, found.kind, found.day) == (None, "list", dt.date(2006, 12, 31))


def test_a_long_list_has_a_short_name() -> None:
    found = blocs.bloc("USA,UKG,FRN,GFR,ITA,NTH", 1980)
    assert found.name == "United States of America, United Kingdom, France and 3 others"


@pytest.mark.parametrize(
    ("given_", "year", "error", "said"),
    [
        ("RUS,CHN,USSR", 1985, QuestionError, "Named more than once: USSR (RUS, USSR)"),
        ([365, 2, "Russia", "USA"], 2006, QuestionError, "(365, Russia); United States"),
        ("RUS,Narnia", 2006, UnknownNameError, 'Unknown state "Narnia"'),
        ("Germany,RUS", 1970, AmbiguousNameError, "260"),
        ("GDR,POL", 1995, CoverageError, "East Germany"),
        ("NATO,RUS", 2006, UnknownNameError, "NATO"),
        ([], 2006, QuestionError, "empty"),
        (" , ", 2006, QuestionError, "empty"),
        ("", 2006, QuestionError, "No bloc is named"),
        ([True, 2], 2006, QuestionError, "True"),
        ([None, 2], 2006, QuestionError, "None"),
        ([2.0, 365], 2006, QuestionError, "2.0"),
        ("Russia", 2006, QuestionError, "Russia is one state"),
        ("365", 2006, QuestionError, "Russia is one state"),
    ],
)
def test_lists_that_cannot_be_asked(
    given_: str | list[object], year: int, error: type[CounterpoiseError], said: str
) -> None:
    with pytest.raises(error) as caught:
        blocs.bloc(given_, year)  # type: ignore[arg-type]
    assert said in str(caught.value)


@given(st.permutations([2, 200, 220, 365, 710]))
def test_the_order_of_a_list_does_not_matter(codes: list[int]) -> None:
    assert blocs.bloc(codes, 2006).members == (2, 200, 220, 365, 710)


def outcome(text: str, year: int) -> tuple[int, ...] | str:
    try:
        return blocs.bloc(text, year).members
    except CounterpoiseError as error:
        return str(error)


@given(st.text(max_size=30), st.integers(-10, 10_000))
def test_any_text_is_answered_or_refused_with_reason(text: str, year: int) -> None:
    answer = outcome(text, year)
    assert answer
    assert isinstance(answer, tuple) or not {"\n", "\r", "\x1b"} & set(answer)


def test_a_long_or_unprintable_text_is_cut_and_escaped() -> None:
    with pytest.raises(UnknownNameError) as caught:
        blocs.bloc("x" * 100_000, 2006)
    assert len(str(caught.value)) < 200
    with pytest.raises(UnknownNameError, match=r"\\x1b"):
        blocs.bloc("\x1b[31mSCO", 2006)


# Roster files


def written(folder: Path, text: str | bytes, name: str = "team.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_with_states_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "state\nRUS\nChina\n630\n")
    found = blocs.bloc(path, 2006)
    assert found.members == (365, 630, 710)
    assert (found.name, found.kind) == ("team", "file")
    assert blocs.bloc(str(path), 2006) == found


def test_a_file_with_dates_and_status(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "state,status,start,end\n"
        "RUS,,2001-06-15,\nCHN,member,2001-06-15,2010-03-01\nIndia,observer,2005-07-05,2017-06-08\n"
        "India,member,2017-06-09,\nTurkey,partner,2012-06-07,\nEast Germany,member,,1980-01-01\n",
    )
    found = blocs.bloc(path, 2006)
    assert (found.members, found.observers, found.partners) == ((365, 710), (750,), ())
    found = blocs.bloc(path, 2017)
    assert (found.members, found.observers, found.partners) == ((365, 750), (), (640,))
    assert blocs.bloc(path, 1975).members == (265,)
    assert blocs.bloc(path, 1980).day == dt.date(1980, 1, 1)
    with pytest.raises(CoverageError, match="team did not exist in 1990"):
        blocs.bloc(path, 1990)


BROKEN = [
    ("", "not a CSV table"),
    ("state\n", "no state is listed"),
    ("country\nRUS\n", "needed: state"),
    ("state,power\nRUS,1\n", "needed: state"),
    ("state\nNarnia\nRUS\nAtlantis\n", "line 2: Unknown state"),
    ("state\nNarnia\nRUS\nAtlantis\n", "line 4: Unknown state"),
    ("state,status\nRUS,leader\n", 'line 2: status is "leader"'),
    ("state,start\nRUS,2001\n", 'line 2: start is "2001"'),
    ("state,start\nRUS,15.6.2001\n", "write a date as 2017-06-09"),
    ("state,end\nRUS,2001-13-01\n", 'line 2: end is "2001-13-01"'),
    ("state,start,end\nRUS,2005-01-01,2001-01-01\n", "line 2: ends on 2001-01-01, before"),
    ("state,status\n,member\nRUS,member\n", "line 2: no state is named"),
    ("state,status\nRUS,member\nCHN,member\nRussia,observer\n", "lines 2 and 4 both list"),
    ("state,start,end\nRUS,2001-01-01,2005-06-01\nRUS,2004-01-01,\n", "lines 2 and 3 both list"),
    ("state,status\nRUS,member,2001\nCHN\n", "not a CSV table"),
    (b"state\nC\xf4te d'Ivoire\n", "UTF-8"),
    (b"\x00\x01\x02\xff\xfe", "team.csv"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_file_says_where(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataError) as caught:
        blocs.bloc(path, 2006)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_too_large_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        blocs.bloc(tmp_path / "absent.csv", 2006)
    with pytest.raises(DataError, match="larger than"):
        blocs.bloc(written(tmp_path, "state\n" + "RUS\n" * 300_000), 2006)
    with pytest.raises(DataError, match="is no path of a file"):
        blocs.bloc("\0.csv", 2006)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match=r"folder\.csv"):
        blocs.bloc(tmp_path / "folder.csv", 2006)


def test_a_file_member_that_no_longer_exists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match=r"team: East Germany .* was not in the COW"):
        blocs.bloc(written(tmp_path, "state\nEast Germany\nRUS\n"), 2006)


# Rosters


DAYS = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(1999, 12, 31))


@given(st.lists(st.tuples(st.integers(2, 9), DAYS, DAYS), max_size=6), st.integers(1985, 2005))
def test_members_hold_on_the_day_and_nobody_after_it(
    dated: list[tuple[int, dt.date | None, dt.date | None]], year: int
) -> None:
    spells = tuple(
        Spell(code, "member", start, end, "")
        for code, start, end in dated
        if not (start and end and end < start)
    )
    in_year = [
        date
        for date in (dt.date(year, 1, 1) + dt.timedelta(n) for n in range(366))
        if date.year == year and any(spell.holds(date) for spell in spells)
    ]
    roster = Roster("x", None, "file", spells)
    if not in_year:
        with pytest.raises(CoverageError):
            roster.on(year)
        return
    found = roster.on(year)
    assert found.day == in_year[-1]
    assert set(found.members) == {s.ccode for s in spells if s.holds(found.day)}
    assert any((a or 0) <= year <= (b or 9999) for a, b in roster.years())


def test_missing_memberships_are_neither_counted_nor_forgotten() -> None:
    spells = (
        Spell(2, "member", None, None, "a"),
        Spell(3, "unknown", None, None, "a"),
        Spell(4, "observer", None, dt.date(2005, 12, 31), "b"),
        Spell(4, "member", dt.date(2005, 12, 31), None, "a"),
        Spell(5, "partner", None, None, "c"),
    )
    found = Roster("x", None, "file", spells).on(2005)
    assert (found.members, found.observers, found.partners) == ((2, 4), (), (5,))
    assert found.unknown == (3,)
    assert found.sources == ("a", "b", "c")


def test_a_roster_known_for_one_year_is_silent_before_it() -> None:
    with pytest.raises(CoverageError, match="known from 2017 on, not in 2005"):
        blocs.bloc("Visegrad Group", 2005)
    assert blocs.bloc("Visegrad Group", 2017).members == (290, 310, 316, 317)


def test_spans() -> None:
    assert blocs.spans("Warsaw Pact") == ((1955, 1991),)
    assert blocs.spans("Quad") == ((2007, 2008), (2017, None))
    assert blocs.spans("atop:4810") == ((1996, None),)


def test_the_roster_as_a_table() -> None:
    frame = blocs.roster("SCO")
    assert frame.columns == ["ccode", "status", "start", "end", "source"]
    belarus = frame.filter(pl.col("ccode") == 370)
    assert belarus["status"].to_list() == ["partner", "observer", "member"]
    assert belarus["end"].to_list() == [dt.date(2014, 12, 31), dt.date(2024, 7, 3), None]


def test_known_lists_ours_first_and_every_key_answers() -> None:
    listed = blocs.known()
    ours = record.coded("blocs")["key"].to_list()
    assert [line.key for line in listed[: len(ours)]] == ours
    assert len({line.key for line in listed}) == len(listed) > 900
    for line in listed[::25]:
        assert blocs.spans(line.key)[0][0] == line.first
