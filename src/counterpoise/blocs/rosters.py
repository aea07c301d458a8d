"""Rosters from the record: our coded ones, organisations, informal organisations, alliances."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.blocs.roster import Roster, Spell
from counterpoise.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

IGO_STATUS = {1: "member", 2: "partner", 3: "observer", -9: "unknown"}
"""Codes of COW Intergovernmental Organizations; an associate member counts as a partner."""

IGO_SOURCE = "COW Intergovernmental Organizations 3.0"
INFORMAL_YEARLY = "Roger & Rowan, informal organizations"
INFORMAL_LISTED = "Vabulas & Snidal, informal organizations"
LISTED_IN = 2017
ATOP_SOURCE = "ATOP 5.1"
LIST_ALL = "List all: counterpoise data status --blocs"


def read(key: str) -> Roster:
    """The roster of one key: ``SCO``, ``igo:LOAS``, ``informal:G20``."""
    prefix, colon, rest = key.partition(":")
    if not colon:
        return coded(key)
    return igo(rest) if prefix == "igo" else informal(rest)


def every() -> Iterator[Roster]:
    """All rosters that have a name, our own first."""
    yield from (coded(key) for key in record.coded("blocs")["key"])
    yield from (igo(key) for key in igo_names())
    yield from (informal(key) for key in informal_names())


@functools.cache
def coded(key: str) -> Roster:
    """One of our own rosters, coded by date."""
    described = record.coded("blocs").row(by_predicate=pl.col("key") == key, named=True)
    rows = record.coded("bloc_members").filter(pl.col("bloc") == key)
    spells = rows.select("ccode", "status", "start", "end", "source").iter_rows()
    last = described["coded_to"].year
    return Roster(described["name"], key, described["kind"], tuple(map(Spell._make, spells)), last)


@functools.cache
def igo_names() -> dict[str, tuple[str, ...]]:
    """Names of the organisations of COW by key."""
    return {key: (name,) for key, name in record.table("igos").select("igo", "name").iter_rows()}


@functools.cache
def igo(key: str) -> Roster:
    """One organisation of COW, year by year.

    Raises
    ------
    UnknownNameError : COW has no organisation of that key.
    """
    if key not in igo_names():
        raise UnknownNameError(f'COW has no organisation "{key}". {LIST_ALL}')
    name = re.sub(r"\s*\([^)]*\)$", "", igo_names()[key][0])
    return _yearly("igo_memberships", key, name, f"igo:{key}", "organisation", IGO_SOURCE)


def _yearly(table: str, key: str, name: str, shown: str, kind: str, source: str) -> Roster:
    """A roster from runs of years; a status of the last covered year is still open."""
    last = record.coverage(table)[1]
    columns = ("ccode", "status", "start_year", "end_year")
    rows = record.table(table).filter(pl.col("igo") == key).select(columns).iter_rows()
    spells = tuple(
        Spell(
            ccode,
            IGO_STATUS[status],
            dt.date(start, 1, 1),
            dt.date(end, 12, 31) if end < last else None,
            f"{source}, {key}",
        )
        for ccode, status, start, end in rows
        if status in IGO_STATUS
    )
    return Roster(name, shown, kind, spells, last)


@functools.cache
def informal_names() -> dict[str, tuple[str, ...]]:
    """Names of informal organisations by key: initials for those followed by year, else titles."""
    yearly = record.table("informal_memberships")["igo"].unique().sort().to_list()
    names: dict[str, tuple[str, ...]] = {key: (key,) for key in yearly}
    titled = record.table("informal_igos").select("name", "abbreviation").sort("name").iter_rows()
    for name, abbreviation in titled:
        initials = (abbreviation,) if abbreviation and abbreviation not in names else ()
        names.setdefault(name, (name, *initials))
    return names


@functools.cache
def informal(key: str) -> Roster:
    """One informal organisation: by year where it was followed, else its members in one year.

    Raises
    ------
    UnknownNameError : there is no informal organisation of that key.
    """
    if key not in informal_names():
        raise UnknownNameError(f'There is no informal organisation "{key}". {LIST_ALL}')
    described = record.table("informal_igos").filter(pl.col("name") == key)
    if described.is_empty():
        return _yearly(
            "informal_memberships", key, key, f"informal:{key}", "informal", INFORMAL_YEARLY
        )
    return _snapshot(key, *described.select("first_year", "last_year").row(0))


def _snapshot(name: str, first: int | None, last: int | None) -> Roster:
    """Members as listed in 2017, or in the end; they may have joined at any time before."""
    codes = record.table("informal_members").filter(pl.col("name") == name)["ccode"]
    start = dt.date(first, 1, 1) if first else None
    end = dt.date(last, 12, 31) if last else None
    source = f"{INFORMAL_LISTED}, {name}"
    spells = tuple(Spell(code, "member", start, end, source) for code in codes)
    seen = min(last or LISTED_IN, LISTED_IN)
    return Roster(name, f"informal:{name}", "informal", spells, seen, seen)


@functools.cache
def atop(number: int, *, extend: bool) -> Roster:
    """One alliance of ATOP by its own dates; an unknown month or day is read as the widest.

    With ``extend``, accessions and exits of our list since 2018 are added.

    Raises
    ------
    UnknownNameError : ATOP has no alliance of that number.
    """
    rows = record.table("atop_members").filter(pl.col("atopid") == number)
    if rows.is_empty():
        raise UnknownNameError(
            f"ATOP has no alliance {number}. Its numbers run from 1005 to 7050; NATO is atop:3180."
        )
    last = record.coverage("atop_members")[1]
    source = f"{ATOP_SOURCE}, alliance {number}"
    dated = rows.select("ccode", _start().alias("start"), _end().alias("end")).iter_rows()
    spells = tuple(Spell(ccode, "member", start, end, source) for ccode, start, end in dated)
    if extend:
        spells = _followed(spells, f"atop:{number}", last)
    return Roster(f"ATOP {number}", f"atop:{number}", "alliance", spells, last)


def _known(column: str) -> pl.Expr:
    """A part of a date; ATOP writes 0 for a part that it does not know."""
    return pl.when(pl.col(column) > 0).then(pl.col(column))


def _start() -> pl.Expr:
    return pl.date(_known("yrent"), _known("moent").fill_null(1), _known("dayent").fill_null(1))


def _end() -> pl.Expr:
    month = pl.date(_known("yrexit"), _known("moexit").fill_null(12), 1)
    day = month + pl.duration(days=_known("dayexit") - 1)
    return pl.coalesce(day, month.dt.month_end())


def _followed(spells: tuple[Spell, ...], pact: str, last: int) -> tuple[Spell, ...]:
    """Spells with what happened since: an end given for an old spell closes the open one."""
    since = record.coded("pacts_since_2018").filter(pl.col("pact") == pact)
    rows = since.select("ccode", "start", "end", "source").rows()
    ends = {ccode: end for ccode, start, end, _ in rows if end and start.year <= last}
    kept = [s._replace(end=ends[s.ccode]) if not s.end and s.ccode in ends else s for s in spells]
    new = [Spell(c, "member", start, end, who) for c, start, end, who in rows if start.year > last]
    return (*kept, *new)
