"""Territorial denial: a power's forces in a state or in the members of a bloc, gained and lost.

For the United States yearly counts of its troops by host (1950–2025) are put together with our
coded list of bases, which overrides them: the counts miss Karshi-Khanabad in Uzbekistan and Manas
in Kyrgyzstan. For other powers the coded list alone speaks, which names hosts but not non-hosts.

A host is read at the end of the year: a coded base still stands on 31 December and has not its last
day then, or the count reaches the number that makes a host (see the rules of the verdict). Counts
are of September, so that in a year in which a base was given up the next year's count speaks. A
change by counts alone must be large and last: a host stays one until the count falls below half of
that number, and a single year that differs from both its neighbours, an exercise or a relief
mission, is no gain and no loss.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import polars as pl

from counterpoise import blocs, record, states
from counterpoise.blocs import names as bloc_names
from counterpoise.errors import (
    AmbiguousNameError,
    CoverageError,
    QuestionError,
    UnknownNameError,
)
from counterpoise.measures.presence import UNITED_STATES
from counterpoise.measures.rules import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from counterpoise.blocs import Roster

BASES_ABOUT = 2018
"""Year that the list of United States bases describes; it has no dates."""

WINDOW = 5
"""Years up to the one asked in which a bloc's gains and losses are looked for."""

SCHEMA: dict[str, type[pl.DataType]] = {
    "ccode": pl.Int32,
    "year": pl.Int32,
    "is_member": pl.Boolean,
    "troops": pl.Float64,
    "basis": pl.String,
    "base": pl.String,
    "base_from": pl.Date,
    "base_to": pl.Date,
    "base_peak": pl.Int32,
    "bases_about_2018": pl.Int32,
    "hosts": pl.Boolean,
    "hosts_by_count": pl.Boolean,
}


@dataclass(frozen=True)
class Spell:
    """Coded forces in a host, from their first to their last day; None while they stay."""

    host: int
    start: dt.date
    end: dt.date | None
    kind: str
    troops: int | None
    note: str | None

    @property
    def name(self) -> str:
        """Kind and place, in short."""
        about = (self.note or "").partition(". ")[0]
        return f"{self.kind}: {about}" if about else self.kind

    def stands_after(self, year: int) -> bool:
        """Are they still there when the year ends?"""
        eve = dt.date(year, 12, 31)
        return self.start <= eve and (self.end is None or self.end > eve)

    def touches(self, year: int) -> bool:
        """Are they there on any day of the year?"""
        return self.start.year <= year and (self.end is None or self.end.year >= year)


@dataclass(frozen=True)
class PresenceChange:
    """A host gained or lost by the year's end.

    ``day`` is known where a coded base begins or ends in the year; ``by`` says whether the change
    rests on one or on the counts of troops. ``unknown_before`` counts the years just before for
    which nothing is known, in any of which it may have happened.
    """

    ccode: int
    year: int
    change: Literal["gained", "lost"]
    by: Literal["base", "count"]
    day: dt.date | None = None
    base: str | None = None
    is_member: bool = True
    unknown_before: int = 0


@dataclass(frozen=True)
class Territory:
    """A target's forces in a bloc at the end of a year, and what changed in the years up to it.

    ``hosts_share`` is the hosts' share of the bloc's power; None where some member is unknown.
    """

    owner: int
    year: int
    hosts: tuple[int, ...]
    unknown: tuple[int, ...]
    hosts_share: float | None
    first_year: int
    gained: tuple[PresenceChange, ...]
    lost: tuple[PresenceChange, ...]
    is_complete: bool


def us_presence(
    where: str | Sequence[str | int], first: int, last: int, threshold: int | None = None
) -> pl.DataFrame:
    """Forces of the United States in a state, or in every state that was in a bloc in these years.

    Parameters
    ----------
    where : an organisation, ``atop:3180``, a list of states, a roster file, or one state.
    threshold : troops that make a host; by default those of the verdict's rules.

    Returns
    -------
    One row per host and year: ``troops`` and their ``basis`` as the source has them; ``base``,
    ``base_from``, ``base_to`` and ``base_peak`` (the strength at its peak, where coded) of coded
    forces there in the year; ``bases_about_2018``, given for that year alone; ``hosts``, are there
    forces when the year ends; ``hosts_by_count``, the same by the counts alone. ``is_member``
    says whether the state was in the bloc then. Null is unknown.

    Raises
    ------
    UnknownNameError, CoverageError, QuestionError, DataError : as for blocs.
    """
    return presence(UNITED_STATES, where, first, last, threshold)


def presence(
    owner: int,
    where: str | Sequence[str | int],
    first: int,
    last: int,
    threshold: int | None = None,
) -> pl.DataFrame:
    """Forces of any power in a state or a bloc, as :func:`us_presence` gives them."""
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    belonging = _belonging(where, first, last)
    belonging.pop(owner, None)
    if not belonging:
        raise QuestionError("A power's forces at home are no presence abroad: name another host.")
    return of_hosts(owner, belonging, first, last, threshold or STANDARD.hosting_troops)


def of_hosts(
    owner: int, belonging: Mapping[int, Iterable[int]], first: int, last: int, threshold: int
) -> pl.DataFrame:
    """Forces of a power in some hosts by year.

    Parameters
    ----------
    belonging : by host, the years in which it counts as a member.
    """
    spells = coded_spells(owner)
    counts = _counts(owner)
    rows = []
    for host in sorted(belonging):
        inside = set(belonging[host])
        own = [s for s in spells if s.host == host]
        for year in range(first, last + 1):
            troops, basis = counts.get((host, year), (None, None))
            speaking = counts.get((host, year + _given_up(own, year)), (None, None))[0]
            by_count = None if speaking is None else speaking >= threshold
            rows.append(
                {
                    "ccode": host,
                    "year": year,
                    "is_member": year in inside,
                    "troops": troops,
                    "basis": basis,
                    "bases_about_2018": None,
                    "hosts": True if _stands(own, year) else by_count,
                    "hosts_by_count": None if troops is None else troops >= threshold,
                }
                | _chief(own, year)
            )
    frame = pl.DataFrame(rows, schema=SCHEMA)
    return frame.with_columns(bases_about_2018=_bases(owner))


def _stands(spells: Sequence[Spell], year: int) -> bool:
    """Do coded forces stay beyond the year?"""
    return any(s.stands_after(year) for s in spells)


def _given_up(spells: Sequence[Spell], year: int) -> bool:
    """Did the last coded forces leave in the year?"""
    return not _stands(spells, year) and any(s.touches(year) for s in spells)


def _chief(spells: Sequence[Spell], year: int) -> dict[str, object]:
    """The coded forces of a year; of several those that stay longest."""
    there = [s for s in spells if s.touches(year)]
    chief = max(there, key=lambda s: (s.end or dt.date.max, s.start), default=None)
    return {
        "base": chief and chief.name,
        "base_from": chief and chief.start,
        "base_to": chief and chief.end,
        "base_peak": chief and chief.troops,
    }


def _bases(owner: int) -> pl.Expr:
    """Number of bases in the host, in the one year that their list describes."""
    if owner != UNITED_STATES:
        return pl.lit(None, pl.Int32)
    listed = record.table("us_bases").filter("is_base").group_by("ccode").len()
    number = pl.col("ccode").replace_strict(
        listed["ccode"], listed["len"], default=0, return_dtype=pl.Int32
    )
    return pl.when(pl.col("year") == BASES_ABOUT).then(number)


def coded_spells(owner: int) -> tuple[Spell, ...]:
    """Our coded spells of a power's forces abroad, by host and first day."""
    frame = record.coded("foreign_forces").filter(pl.col("owner") == owner).sort("host", "start")
    return tuple(
        Spell(*row) for row in frame.select("host", "start", "end", "kind", "troops", "note").rows()
    )


def _counts(owner: int) -> dict[tuple[int, int], tuple[float | None, str | None]]:
    if owner != UNITED_STATES:
        return {}
    rows = record.table("us_troops").select("ccode", "year", "troops", "basis")
    return {(host, year): (troops, basis) for host, year, troops, basis in rows.iter_rows()}


def _belonging(
    where: str | Sequence[str | int], first: int, last: int
) -> dict[int, frozenset[int]]:
    """By state, the years in which it belonged to a bloc; one state asked for always does."""
    years = range(first, last + 1)
    if isinstance(where, str) and not where.strip().casefold().endswith(".csv"):
        found = bloc_names.find(where, extend=True)
        if found is not None:
            return _members(found, years)
        if "," not in where:
            code = _state(where, last).ccode
            return {code: frozenset(years)}
    listed = blocs.bloc(where, last)
    return {code: frozenset(years) for code in listed.members}


def _state(where: str, year: int) -> states.State:
    """One state by name.

    Raises
    ------
    UnknownNameError : it is neither a bloc nor a state; the message gives what is near of both.
    """
    if not where.strip():
        raise bloc_names.not_a_bloc(where, year)
    try:
        return states.state(where, year)
    except AmbiguousNameError:
        raise
    except UnknownNameError as error:
        raise UnknownNameError(f"{bloc_names.not_a_bloc(where, year)} {error}") from None


def _members(found: Roster, years: range) -> dict[int, frozenset[int]]:
    """Years in which each state was a member when the year, or the bloc, ended."""
    belonging: dict[int, set[int]] = {}
    silent = None
    for year in years:
        try:
            for code in found.on(year, extend=True).members:
                belonging.setdefault(code, set()).add(year)
        except CoverageError as error:
            silent = error
    if not belonging and silent is not None:
        raise silent
    return {code: frozenset(inside) for code, inside in belonging.items()}


def changes(
    frame: pl.DataFrame, owner: int = UNITED_STATES, threshold: int = STANDARD.hosting_troops
) -> tuple[PresenceChange, ...]:
    """Hosts gained and lost in a table of presence, by year.

    A coded base decides by its dates, counts by the rule above. Without counts only the dates of
    coded forces speak. Forces that were there when the host became a state are no gain.
    """
    spells = coded_spells(owner)
    found: list[PresenceChange] = []
    for (host,), rows in frame.partition_by("ccode", as_dict=True, maintain_order=True).items():
        own = [s for s in spells if s.host == host]
        if owner == UNITED_STATES:
            found += _changes_of_host(rows, own, threshold)
        else:
            found += _coded_changes(rows, own)
    return tuple(sorted(found, key=lambda c: (c.year, c.ccode)))


def _changes_of_host(
    rows: pl.DataFrame, spells: Sequence[Spell], threshold: int
) -> list[PresenceChange]:
    years, inside = rows["year"].to_list(), rows["is_member"].to_list()
    signs = _steady(rows, spells, threshold)
    found = []
    before: bool | None = None
    unknown = 0
    for year, sign, is_member in zip(years, signs, inside, strict=True):
        if sign is None:
            unknown += 1
            continue
        if before is not None and sign != before:
            change = _change(rows["ccode"][0], year, spells, gained=sign)
            found.append(replace(change, is_member=is_member, unknown_before=unknown))
        before, unknown = sign, 0
    return found


def _coded_changes(rows: pl.DataFrame, spells: Sequence[Spell]) -> list[PresenceChange]:
    """Years in which the first coded forces come, or the last leave."""
    found = []
    for host, year, is_member in rows.select("ccode", "year", "is_member").iter_rows():
        was, is_now = _stands(spells, year - 1), _stands(spells, year)
        if was != is_now and host in states.standing(dt.date(year - 1, 12, 31)):
            change = _change(host, year, spells, gained=is_now)
            found.append(replace(change, is_member=is_member))
    return found


def _change(host: int, year: int, spells: Sequence[Spell], *, gained: bool) -> PresenceChange:
    """A change with the day of the coded spell that begins, or ends, in the year."""
    what: Literal["gained", "lost"] = "gained" if gained else "lost"
    for spell in spells:
        day = spell.start if gained else spell.end
        if day is not None and day.year == year:
            return PresenceChange(host, year, what, "base", day, spell.name)
    return PresenceChange(host, year, what, "count")


def _steady(rows: pl.DataFrame, spells: Sequence[Spell], threshold: int) -> list[bool | None]:
    """Is there a lasting presence at the end of each year? None where nothing is known."""
    years = rows["year"].to_list()
    signs: list[bool | None] = []
    for year, hosts, troops in rows.select("year", "hosts", "troops").iter_rows():
        lingers = bool(signs) and signs[-1] is True and not _given_up(spells, year)
        is_some = troops is not None and troops >= threshold / 2
        signs.append(True if lingers and is_some else hosts)
    smooth = list(signs)
    for k in range(1, len(signs) - 1):
        left, right = signs[k - 1], signs[k + 1]
        is_coded = any(s.touches(years[k]) for s in spells)
        if left is not None and left == right != signs[k] is not None and not is_coded:
            smooth[k] = left
    return smooth


def territory(
    members: Sequence[int],
    owner: int,
    year: int,
    power: Mapping[int, float] | None = None,
    threshold: int = STANDARD.hosting_troops,
) -> Territory:
    """A power's forces in a bloc's members at the end of a year, and what changed up to it.

    Parameters
    ----------
    members : COW numbers of the members in the year, without the owner.
    power : share of power of each member; without it the share is None.
    """
    begin, end = record.coverage("us_troops")
    years = {m: range(year - WINDOW + 1, year + 1) for m in members}
    # A year on either side tells a lasting change from a passing one.
    frame = of_hosts(owner, years, year - WINDOW - 1, year + 1, threshold)
    is_complete = owner == UNITED_STATES and begin <= year <= end
    now = {c: h for c, y, h in frame.select("ccode", "year", "hosts").iter_rows() if y == year}
    hosts = tuple(m for m in members if now[m])
    unknown = tuple(m for m in members if now[m] is None)
    weight = power if power is not None and all(m in power for m in members) else None
    share = None
    if weight is not None and is_complete and not unknown:
        share = sum(weight[h] for h in hosts) / sum(weight[m] for m in members)
    recent = [c for c in changes(frame, owner, threshold) if year - WINDOW < c.year <= year]
    return Territory(
        owner=owner,
        year=year,
        hosts=hosts,
        unknown=unknown,
        hosts_share=share,
        first_year=year - WINDOW + 1,
        gained=tuple(c for c in recent if c.change == "gained"),
        lost=tuple(c for c in recent if c.change == "lost"),
        is_complete=is_complete,
    )


def why_incomplete(owner: int, year: int) -> str | None:
    """Why hosts may be missing, or None where the counts speak."""
    if owner != UNITED_STATES:
        return (
            "forces of this power abroad are known from our coded list alone, which may lack some"
        )
    return record.coverage_reason("us_troops", year)
