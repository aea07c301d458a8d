"""The hand-coded tables of blocs, pacts and forces: well formed, and in step with the record."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest

from counterpoise import blocs, record
from counterpoise.blocs import rosters
from counterpoise.errors import CoverageError

BLOCS = record.coded("blocs")
MEMBERS = record.coded("bloc_members")
ALIASES = record.coded("bloc_aliases")
PACTS = record.coded("pacts_since_2018")
FORCES = record.coded("foreign_forces")
CODED_TO = dt.date(2024, 12, 31)
ATOP_LAST = dt.date(2018, 12, 31)
REQUIRED = ("SCO", "NATO", "Warsaw Pact", "CSTO", "EU", "ASEAN", "BRICS")

KNOWN_DIFFERENCES = {
    # COW counts New Zealand after the United States suspended the pact, and from ratification.
    ("ANZUS", 920, "theirs", 1986, 2014),
    # Suspended members: Egypt 1979 to 1989, Syria since 2011. South Yemen is not in the file.
    ("Arab League", 651, "theirs", 1979, 1979),
    ("Arab League", 652, "theirs", 2011, 2014),
    ("Arab League", 678, "ours", 1965, 1966),
    ("Arab League", 680, "ours", 1967, 1989),
    # COW counts Syria in the year it joined the United Arab Republic; we read 31 December.
    ("Arab League", 652, "theirs", 1958, 1958),
    # Iraq left in 1959, Iran and Pakistan months before the end.
    ("CENTO", 645, "theirs", 1959, 1964),
    ("CENTO", 630, "theirs", 1979, 1979),
    ("CENTO", 770, "theirs", 1979, 1979),
    # Azerbaijan signed and did not ratify until 1993; Georgia joined in December 1993.
    ("CIS", 373, "theirs", 1991, 1992),
    ("CIS", 372, "ours", 1993, 1994),
    ("CIS", 372, "ours", 2008, 2008),
    # Uzbekistan was out of the treaty from 1999 to 2006.
    ("CSTO", 704, "theirs", 2002, 2005),
    # Cuba was excluded in January 1962 and did not return when that was lifted in 2009.
    ("OAS", 40, "theirs", 1962, 1962),
    ("OAS", 40, "theirs", 2009, 2014),
    # Honduras was suspended from July 2009 to June 2011.
    ("OAS", 91, "theirs", 2009, 2009),
    ("OAS", 91, "ours", 2011, 2014),
    # France and Pakistan left before the end; the file leaves gaps for the United States.
    ("SEATO", 220, "ours", 1954, 1955),
    ("SEATO", 220, "theirs", 1974, 1977),
    ("SEATO", 770, "theirs", 1972, 1977),
    ("SEATO", 2, "ours", 1960, 1964),
    # Albania left in September 1968.
    ("Warsaw Pact", 339, "theirs", 1968, 1968),
}
"""Bloc, state, who alone counts it, first and last year."""


def test_the_blocs_that_must_be_there() -> None:
    assert set(REQUIRED) <= set(BLOCS["key"])


def test_vocabularies() -> None:
    assert set(BLOCS["kind"]) == {"organisation", "alliance", "informal"}
    assert set(MEMBERS["status"]) == set(blocs.STATUSES)
    assert set(MEMBERS["precision"]) == {"day", "month", "year"}
    assert set(PACTS["confidence"]) <= {"high", "medium", "low"}
    assert set(FORCES["kind"]) <= {"base", "garrison", "mission", "occupation"}
    assert set(BLOCS["coded_to"]) == {CODED_TO}


@pytest.mark.parametrize("table", [BLOCS, MEMBERS, ALIASES, PACTS, FORCES])
def test_every_row_names_a_source(table: pl.DataFrame) -> None:
    assert table["source"].str.strip_chars().str.len_chars().min() > 3
    assert table["checked"].null_count() == 0


def test_rosters_and_aliases_belong_to_blocs() -> None:
    keys = set(BLOCS["key"])
    assert set(MEMBERS["bloc"]) == keys
    assert {key for key in ALIASES["bloc"] if ":" not in key} <= keys
    for key in ALIASES["bloc"]:
        assert rosters.read(key).spells


@pytest.mark.parametrize("table", [BLOCS, MEMBERS, PACTS, FORCES])
def test_nothing_ends_before_it_starts_or_after_the_coding(table: pl.DataFrame) -> None:
    wrong = table.filter((pl.col("end") < pl.col("start")) | (pl.col("end") > CODED_TO))
    assert wrong.is_empty()
    assert table["start"].max() <= CODED_TO


@pytest.mark.parametrize(
    ("table", "who"),
    [(MEMBERS, ["bloc", "ccode"]), (PACTS, ["pact", "ccode"]), (FORCES, ["owner", "host"])],
)
def test_spells_of_one_state_do_not_overlap(table: pl.DataFrame, who: list[str]) -> None:
    before = pl.col("end").fill_null(dt.date.max).shift().over(who)
    assert table.sort(*who, "start").filter(pl.col("start") <= before).is_empty()


def test_a_bloc_lasts_as_long_as_its_members() -> None:
    full = MEMBERS.filter(pl.col("status") == "member").group_by("bloc")
    lives = full.agg(
        pl.col("start").min().alias("first"),
        pl.when(pl.col("end").has_nulls()).then(None).otherwise(pl.col("end").max()).alias("last"),
    )
    joined = BLOCS.join(lives, left_on="key", right_on="bloc", validate="1:1")
    assert joined.filter(pl.col("start") != pl.col("first"))["key"].to_list() == []
    assert joined.filter(~pl.col("end").eq_missing(pl.col("last")))["key"].to_list() == []


def test_coarse_dates_are_written_as_their_first_day() -> None:
    month = MEMBERS.filter(pl.col("precision") == "month")["start"]
    year = MEMBERS.filter(pl.col("precision") == "year")["start"]
    assert set(month.dt.day()) == {1}
    assert {(d.month, d.day) for d in year} == {(1, 1)}


@pytest.mark.parametrize("key", BLOCS["key"].to_list())
def test_every_member_counted_was_in_the_state_system_on_the_day(key: str) -> None:
    spells = record.table("states").select("ccode", "start", "end").rows()
    for year in range(1882, 2025):
        try:
            found = blocs.bloc(key, year)
        except CoverageError:
            continue
        system = {c for c, a, b in spells if a <= found.day and (b is None or found.day <= b)}
        assert set(found.members) <= system, (year, set(found.members) - system)


def differences() -> set[tuple[str, int, str, int, int]]:
    """Runs of years in which only one of the two, our roster and COW's, counts a state."""
    apart: dict[tuple[str, int, str], list[int]] = {}
    for key, igo in BLOCS.filter(pl.col("igo").is_not_null()).select("key", "igo").rows():
        for year in range(1945, record.coverage("igo_memberships")[1] + 1):
            try:
                ours = set(rosters.coded(key).on(year).members)
                theirs = set(rosters.igo(igo).on(year).members)
            except CoverageError:
                continue
            for code in ours ^ theirs:
                side = "ours" if code in ours else "theirs"
                apart.setdefault((key, code, side), []).append(year)
    return {
        (*who, first, last) for who, years in apart.items() for first, last in consecutive(years)
    }


def consecutive(years: list[int]) -> list[tuple[int, int]]:
    starts = [y for y in years if y - 1 not in years]
    ends = [y for y in years if y + 1 not in years]
    return list(zip(starts, ends, strict=True))


def test_rosters_agree_with_cow_but_for_known_differences() -> None:
    assert differences() == KNOWN_DIFFERENCES


def atop_day(year: int | None, month: int | None, day: int | None) -> dt.date | None:
    return dt.date(year, month or 1, day or 1) if year else None


ATOP_PARTS = ("ccode", "yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")


def atop_days(number: int) -> tuple[set[tuple[int, dt.date]], set[tuple[int, dt.date]]]:
    """States with the days on which ATOP has them enter and leave a pact."""
    rows = record.table("atop_members").filter(pl.col("atopid") == number).select(ATOP_PARTS).rows()
    entered = {(code, day) for code, *d in rows if (day := atop_day(*d[:3]))}
    left = {(code, day) for code, *d in rows if (day := atop_day(*d[3:]))}
    return entered, left


def test_dates_checked_against_atop_are_those_of_atop() -> None:
    cited = MEMBERS.filter(pl.col("checked") & pl.col("source").str.contains("ATOP"))
    assert cited.height > 50
    for row in cited.iter_rows(named=True):
        number = int(re.findall(r"\d{4}$", row["source"])[0])
        entered, left = atop_days(number)
        assert (row["ccode"], row["start"]) in entered, row
        assert row["end"] is None or (row["ccode"], row["end"]) in left, row


# Pacts since 2018


def test_pacts_are_atops_or_ours() -> None:
    numbers = set(record.table("atop_members")["atopid"])
    for pact in PACTS["pact"]:
        kind, _, rest = pact.partition(":")
        assert (kind == "atop" and int(rest) in numbers) or re.fullmatch(r"coded:[a-z0-9-]+", pact)


def test_a_new_pact_has_two_parties_and_obliges_one() -> None:
    new = PACTS.filter(pl.col("pact").str.starts_with("coded:"))
    flags = ("is_defense", "is_offense", "is_consultation", "is_aid_or_base")
    owed = new.group_by("pact").agg(
        pl.col("ccode").n_unique().alias("parties"), pl.any_horizontal(*flags).any().alias("owed")
    )
    assert owed["parties"].min() >= 2
    assert owed["owed"].all()
    assert new["start"].min() > ATOP_LAST


def test_entry_into_force_never_precedes_signature() -> None:
    assert PACTS.filter(pl.col("start") < pl.col("signed")).is_empty()


def test_a_row_that_starts_in_atops_time_closes_an_open_spell_of_atop() -> None:
    closing = PACTS.filter(pl.col("start") <= ATOP_LAST)
    assert closing.height >= 8
    for row in closing.iter_rows(named=True):
        spells = record.table("atop_members").filter(
            (pl.col("atopid") == int(row["pact"].removeprefix("atop:")))
            & (pl.col("ccode") == row["ccode"])
            & pl.col("yrexit").is_null()
        )
        parts = spells.select("yrent", "moent", "dayent").row(0)
        assert dt.date(*parts) == row["start"], row
        assert row["end"] > ATOP_LAST


def duty(pact: str, ccode: int) -> dict[str, object]:
    return PACTS.filter((pl.col("pact") == pact) & (pl.col("ccode") == ccode)).row(0, named=True)


@pytest.mark.parametrize(
    ("pact", "ccode", "start"),
    [
        ("atop:3180", 343, dt.date(2020, 3, 27)),
        ("atop:3180", 375, dt.date(2023, 4, 4)),
        ("atop:3180", 380, dt.date(2024, 3, 7)),
        ("coded:russia-dprk-2024", 731, dt.date(2024, 12, 4)),
        ("coded:sahel-2023", 439, dt.date(2023, 9, 16)),
    ],
)
def test_who_must_defend_since_when(pact: str, ccode: int, start: dt.date) -> None:
    row = duty(pact, ccode)
    assert (row["is_defense"], row["start"]) == (True, start)


@pytest.mark.parametrize("ccode", [2, 200, 900])
def test_aukus_obliges_nobody_to_defend(ccode: int) -> None:
    row = duty("coded:aukus-2021", ccode)
    assert not row["is_defense"]
    assert not row["is_consultation"]
    assert row["is_aid_or_base"]


# Foreign forces


def standing(owner: int, day: dt.date) -> set[int]:
    ended = pl.col("end").is_not_null() & (pl.col("end") < day)
    there = FORCES.filter((pl.col("owner") == owner) & (pl.col("start") <= day) & ~ended)
    return set(there["host"])


def test_forces_stand_in_another_state() -> None:
    assert FORCES.filter(pl.col("owner") == pl.col("host")).is_empty()


@pytest.mark.parametrize(
    ("owner", "day", "inside", "outside"),
    [
        (2, dt.date(2004, 12, 31), {703, 704}, {702}),
        (2, dt.date(2005, 11, 21), {703, 704}, set()),
        (2, dt.date(2005, 12, 31), {703}, {704}),
        (2, dt.date(2014, 12, 31), set(), {703, 704}),
        (365, dt.date(1956, 12, 31), {265, 290, 310, 360}, {315, 355}),
        (365, dt.date(1970, 12, 31), {265, 290, 310, 315, 712}, {360, 355}),
        (365, dt.date(1985, 12, 31), {265, 290, 310, 315, 700, 816}, {360}),
        (365, dt.date(2006, 12, 31), {371, 702, 703, 705, 370}, {704, 710}),
    ],
)
def test_where_forces_stood(owner: int, day: dt.date, inside: set[int], outside: set[int]) -> None:
    hosts = standing(owner, day)
    assert inside <= hosts
    assert not outside & hosts
