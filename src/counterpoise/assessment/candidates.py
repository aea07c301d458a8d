"""Everything that might be a coalition: organisations, alliances and informal groups by year.

Members are read as everywhere: full members on 31 December, or on the last day in a year in which
the bloc ended. Our own rosters stand for the organisations of the record that they follow.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.blocs import Roster, rosters
from counterpoise.errors import CoverageError
from counterpoise.measures.pacts import Duty, coded_duties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KINDS = ("roster", "alliance", "organisation", "informal", "cluster")
"""Kinds of candidate, in the order in which one of several with the same members gives its name."""

SMALLEST = 2
LARGEST_SHARE = 0.5
"""A bloc of more than this share of other states is no coalition, and leaves none to compare."""


@dataclass(frozen=True)
class Candidate:
    """One bloc in one year. ``also`` holds the keys of others with the same members."""

    key: str
    name: str
    kind: str
    year: int
    day: dt.date
    members: tuple[int, ...]
    also: tuple[str, ...] = ()


def of_years(first: int, last: int) -> Iterator[Candidate]:
    """Every named bloc in each year from ``first`` to ``last``, as the record has it."""
    yield from _own(first, last)
    yield from _alliances(first, last)
    yield from _organisations(first, last)
    yield from _informal(first, last)


def _own(first: int, last: int) -> Iterator[Candidate]:
    for key in record.coded("blocs")["key"]:
        roster = rosters.coded(key)
        for year in range(first, last + 1):
            if any(spell.touches(year) for spell in roster.spells):
                yield from _roster(roster, year)


def _roster(roster: Roster, year: int) -> Iterator[Candidate]:
    try:
        bloc = roster.on(year)
    except CoverageError:
        return
    yield Candidate(str(bloc.key), bloc.name, "roster", year, bloc.day, bloc.members)


def _alliances(first: int, last: int) -> Iterator[Candidate]:
    last = min(last, record.coverage("atop_members")[1])
    for key, spells in _alliance_spells().items():
        name = key.upper().replace(":", " ")
        for year in range(max(first, min(d.start.year for d in spells)), last + 1):
            here = [d for d in spells if d.start.year <= year and (not d.end or d.end.year >= year)]
            if here:
                eve = dt.date(year, 12, 31)
                day = max(min(d.end or eve, eve) for d in here)
                members = sorted({d.ccode for d in here if d.in_force(day)})
                yield Candidate(key, name, "alliance", year, day, tuple(members))


@functools.cache
def _alliance_spells() -> dict[str, list[Duty]]:
    """Spells of every alliance."""
    spells: dict[str, list[Duty]] = {}
    for duty in coded_duties():
        spells.setdefault(duty.pact, []).append(duty)
    return spells


def _organisations(first: int, last: int) -> Iterator[Candidate]:
    own = set(record.coded("blocs")["igo"].drop_nulls())
    names = dict(record.table("igos").select("igo", "name").iter_rows())
    rows = record.table("igo_memberships").filter(~pl.col("igo").is_in(own))
    for key, year, members in _yearly(rows, first, last):
        yield _counted(f"igo:{key}", names[key], "organisation", year, members)


def _informal(first: int, last: int) -> Iterator[Candidate]:
    listed = record.table("informal_igos").select("name", "last_year").rows()
    # A body of both data sets is read as blocs reads it: as the one with titles lists it.
    followed = record.table("informal_memberships").filter(
        ~pl.col("igo").is_in([name for name, _ in listed])
    )
    for key, year, members in _yearly(followed, first, last):
        yield _counted(f"informal:{key}", key, "informal", year, members)
    members_of = record.table("informal_members").group_by("name").agg(pl.col("ccode").sort())
    codes = dict(members_of.iter_rows())
    for name, ended in listed:
        seen = min(ended or rosters.LISTED_IN, rosters.LISTED_IN)
        if first <= seen <= last and name in codes:
            yield _counted(f"informal:{name}", name, "informal", seen, codes[name])


def _counted(key: str, name: str, kind: str, year: int, members: Iterable[int]) -> Candidate:
    return Candidate(key, name, kind, year, dt.date(year, 12, 31), tuple(members))


def _yearly(rows: pl.DataFrame, first: int, last: int) -> Iterator[tuple[str, int, list[int]]]:
    """Full members of each organisation by year, from runs of years."""
    start, end = pl.max_horizontal("start_year", first), pl.min_horizontal("end_year", last)
    yearly = (
        rows.filter((pl.col("status") == 1) & (start <= end))
        .with_columns(year=pl.int_ranges(start, end + 1))
        .explode("year")
        .group_by("igo", "year")
        .agg(pl.col("ccode").unique().sort())
        .sort("igo", "year")
    )
    yield from yearly.iter_rows()


def distinct(listed: Iterable[Candidate]) -> list[Candidate]:
    """Candidates of which no two have the same members on the same day.

    Of several the first kind gives its name, then the first key; ``also`` names the others.
    """
    order = {kind: i for i, kind in enumerate(KINDS)}
    found: dict[tuple[dt.date, tuple[int, ...]], list[Candidate]] = {}
    for candidate in listed:
        found.setdefault((candidate.day, candidate.members), []).append(candidate)
    kept = []
    for same in found.values():
        first, *rest = sorted(same, key=lambda c: (order[c.kind], c.key))
        kept.append(replace(first, also=tuple(dict.fromkeys(c.key for c in rest))))
    return kept
