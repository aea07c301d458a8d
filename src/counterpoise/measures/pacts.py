"""Who is bound to whom: alliance obligations in force on a day, seen from a target.

Source: ATOP 5.1 (Leeds, Ritter, Mitchell & Long 2002), member spells. A pact ties two members
when it obliges at least one of them to defend or attack for the other. An obligation limited to
one conflict counts only where the pact names the target as the adversary in it.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.reach import Reach

LAST_CODED_DAY = dt.date(2018, 12, 31)
"""ATOP 5.1 follows pacts to this day; a spell open then has no coded end."""


@dataclass(frozen=True)
class Duty:
    """What one member owes under one pact, and between which days.

    ``phase`` tells apart the texts that a pact went through; nine pacts that outlived
    Czechoslovakia run on in two phases at once, one with each successor, who share no pact.
    ``end`` is None for a spell still open when its source stopped. ``threats`` holds the states
    (COW numbers) that the pact names as the adversary.
    """

    pact: str
    ccode: int
    start: dt.date
    end: dt.date | None
    defense: bool
    offense: bool
    is_defense_limited: bool
    is_offense_limited: bool
    consultation: bool
    aid_or_base: bool
    threats: frozenset[int]
    is_extended: bool = False
    phase: int = 0

    def in_force(self, day: dt.date) -> bool:
        """Is the member in the pact on this day? The day of exit counts."""
        return self.start <= day and (self.end is None or day <= self.end)

    def binds(self, target: int) -> bool:
        """Must the member fight for another member, as far as the target is concerned?"""
        named = target in self.threats
        return (self.defense and (named or not self.is_defense_limited)) or (
            self.offense and (named or not self.is_offense_limited)
        )


@functools.cache
def coded_duties() -> tuple[Duty, ...]:
    """Every member spell of ATOP, in the order of the table."""
    rows = record.table("atop_members").iter_rows(named=True)
    return tuple(_duty(row) for row in rows)


def _duty(row: dict[str, int | None]) -> Duty:
    threats = frozenset(t for t in (row["statthr1"], row["statthr2"]) if t)
    start = _day(row["yrent"], row["moent"], row["dayent"], last=False)
    assert start is not None, "every ATOP spell has a year of entry"
    return Duty(
        pact=f"atop:{row['atopid']}",
        ccode=_number(row["ccode"]),
        start=start,
        end=_day(row["yrexit"], row["moexit"], row["dayexit"], last=True),
        defense=row["defense"] == 1,
        offense=row["offense"] == 1,
        is_defense_limited=row["defcocon"] == 1,
        is_offense_limited=row["offcocon"] == 1,
        consultation=row["consul"] == 1,
        aid_or_base=bool(row["milaid"]) or bool(row["base"]),
        threats=threats,
        phase=_number(row["phase"]),
    )


def _number(value: int | None) -> int:
    assert value is not None
    return value


def _day(year: int | None, month: int | None, day: int | None, *, last: bool) -> dt.date | None:
    """A date; an unknown month or day is read as the widest spell allows."""
    if not year:
        return None
    month = month or (12 if last else 1)
    if not day:
        day = _month_end(year, month) if last else 1
    return dt.date(year, month, min(day, _month_end(year, month)))


def _month_end(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


@dataclass(frozen=True)
class Pact:
    """A pact as it stands on one day: its members' duties then, and when it was first signed."""

    name: str
    signed: int
    duties: tuple[Duty, ...]

    @functools.cached_property
    def members(self) -> frozenset[int]:
        """COW numbers of its members on the day."""
        return frozenset(duty.ccode for duty in self.duties)

    @functools.cached_property
    def threats(self) -> frozenset[int]:
        """States that it names as the adversary."""
        return frozenset().union(*(duty.threats for duty in self.duties))

    @property
    def is_extended(self) -> bool:
        """Does it rest on rows after the record ends?"""
        return any(duty.is_extended for duty in self.duties)

    def binding(self, target: int) -> frozenset[int]:
        """Members that must fight for another, as far as the target is concerned."""
        return frozenset(duty.ccode for duty in self.duties if duty.binds(target))


@dataclass(frozen=True, eq=False)
class PactBook:
    """All duties that an answer may rest on: the record's, and those that the user adds.

    ``last_day`` is the last day for which the book knows all pacts.
    """

    duties: tuple[Duty, ...]
    last_day: dt.date
    _days: dict[dt.date, tuple[Pact, ...]] = field(default_factory=dict, repr=False)

    def on(self, day: dt.date) -> tuple[Pact, ...]:
        """Pacts in force on a day, in the order of their names."""
        if day not in self._days:
            self._days[day] = self._standing(day)
        return self._days[day]

    def _standing(self, day: dt.date) -> tuple[Pact, ...]:
        found: dict[tuple[str, int], list[Duty]] = {}
        for duty in self.duties:
            if duty.in_force(day):
                found.setdefault((duty.pact, duty.phase), []).append(duty)
        return tuple(
            Pact(name, self._signed[name], tuple(rows)) for (name, _), rows in sorted(found.items())
        )

    @functools.cached_property
    def _signed(self) -> dict[str, int]:
        """Year of the first member's entry, by pact."""
        years: dict[str, int] = {}
        for duty in self.duties:
            years[duty.pact] = min(duty.start.year, years.get(duty.pact, duty.start.year))
        return years


def book(reach: Reach, added: Sequence[Duty] = (), *, is_extended: bool = False) -> PactBook:
    """The pacts that an answer rests on.

    Without additions or extension the book ends with ATOP. Extension carries open spells forward.
    """
    if added or is_extended:
        reach.extended.setdefault("atop_members", "pacts open at the end of 2018 carried forward")
        return PactBook(_close(coded_duties(), added), dt.date.max)
    return _coded_book()


@functools.cache
def _coded_book() -> PactBook:
    return PactBook(coded_duties(), LAST_CODED_DAY)


def _close(coded: Iterable[Duty], added: Sequence[Duty]) -> tuple[Duty, ...]:
    """Join added duties to the coded ones; an added end of a coded spell closes it."""
    ends = {(d.pact, d.ccode): d.end for d in added if d.end and d.start <= LAST_CODED_DAY}
    kept = [
        d if d.end or (d.pact, d.ccode) not in ends else _ended(d, ends[d.pact, d.ccode])
        for d in coded
    ]
    last = {d.pact: d.phase for d in sorted(kept, key=lambda d: d.phase)}
    joined = (replace(d, phase=last.get(d.pact, 0)) for d in added)
    return (*kept, *(d for d in joined if (d.pact, d.ccode) not in ends))


def _ended(duty: Duty, end: dt.date) -> Duty:
    return replace(duty, end=end, is_extended=True)


def tying(pacts: Iterable[Pact], members: Sequence[int], target: int) -> list[Pact]:
    """Pacts without the target that tie at least one pair of the members."""
    inside = set(members)
    return [
        pact
        for pact in pacts
        if target not in pact.members
        and len(shared := pact.members & inside) >= 2
        and pact.binding(target) & shared
    ]


def tied(pacts: Iterable[Pact], members: Sequence[int], target: int) -> NDArray[np.bool_]:
    """Which pairs of members a pact ties, leaving out pacts that include the target.

    Returns
    -------
    (n, n) symmetric booleans in the order of ``members``, diagonal False.
    """
    place = {code: i for i, code in enumerate(members)}
    matrix = np.zeros((len(members), len(members)), dtype=bool)
    for pact in tying(pacts, members, target):
        shared = [place[c] for c in pact.members if c in place]
        owing = [place[c] for c in pact.binding(target) if c in place]
        matrix[np.ix_(owing, shared)] = True
    matrix |= matrix.T
    np.fill_diagonal(matrix, val=False)
    return matrix


def consults(pacts: Iterable[Pact], first: int, second: int, target: int) -> list[Pact]:
    """Pacts of a pair, without the target, that add aid or a base to consultation."""
    return [
        pact
        for pact in pacts
        if target not in pact.members
        and {first, second} <= pact.members
        and any(d.consultation for d in pact.duties if d.ccode in (first, second))
        and any(d.aid_or_base for d in pact.duties if d.ccode in (first, second))
    ]


def allied_with(pacts: Iterable[Pact], members: Sequence[int], target: int) -> list[int]:
    """Members that share with the target a duty to defend or attack, in either direction.

    A pact that names another member as the threat does not count (Locarno).
    """
    inside = set(members)
    allied: set[int] = set()
    for pact in pacts:
        if target in pact.members and not pact.threats & inside:
            owing = {d.ccode for d in pact.duties if d.defense or d.offense}
            allied |= {m for m in pact.members & inside if m in owing or target in owing}
    return sorted(allied)
