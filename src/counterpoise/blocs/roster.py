"""A roster holds every spell of a bloc, and says who belonged in a year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from counterpoise.errors import CoverageError

STATUSES = ("member", "observer", "partner")


class Spell(NamedTuple):
    """One status of one state, both days included; None where it has no beginning or no end."""

    ccode: int
    status: str
    start: dt.date | None
    end: dt.date | None
    source: str

    def holds(self, day: dt.date) -> bool:
        """Does the state have the status on this day?"""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def touches(self, year: int) -> bool:
        """Does the state have the status on any day of this year?"""
        return (self.start is None or self.start.year <= year) and (
            self.end is None or year <= self.end.year
        )


@dataclass(frozen=True)
class Bloc:
    """A bloc as it stood in one year.

    Attributes
    ----------
    key : short name, ``atop:4810``, ``igo:LOAS``; None for a list or a file.
    kind : organisation, alliance, informal, list or file.
    members, observers, partners : COW numbers, sorted; only members are counted.
    unknown : states whose membership the source has as missing; not counted.
    day : the day that members and pacts are read on.
    sources : what the spells in force rest on.
    is_extended : were members carried past the last year that the source covers?
    """

    name: str
    key: str | None
    kind: str
    year: int
    day: dt.date
    members: tuple[int, ...]
    observers: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    is_extended: bool = False


@dataclass(frozen=True)
class Roster:
    """Every spell of one bloc, and the years that its members were coded for, if limited."""

    name: str
    key: str | None
    kind: str
    spells: tuple[Spell, ...]
    last_year: int | None = None
    first_year: int | None = None

    def on(self, year: int, *, extend: bool = False) -> Bloc:
        """The bloc in one year.

        Raises
        ------
        CoverageError : it did not exist then, or its members are not coded for the year; later
            years are answered with ``extend``.
        """
        day = self._last_day(year)
        if day is None:
            raise CoverageError(self._absent(year))
        if self.first_year is not None and year < self.first_year:
            raise CoverageError(
                f"The members of {self.name} are known from {self.first_year} on, not in {year}. "
                "Give a list of states or a roster file."
            )
        is_extended = self.last_year is not None and year > self.last_year
        if is_extended and not extend:
            raise CoverageError(
                f"The members of {self.name} are known to {self.last_year}, not in {year}. "
                "Carry them forward with --extend, or give a list of states or a roster file."
            )
        found = {s: self._with(s, day) for s in (*STATUSES, "unknown")}
        return Bloc(
            self.name,
            self.key,
            self.kind,
            year,
            day,
            members=tuple(sorted(found["member"])),
            observers=tuple(sorted(found["observer"] - found["member"])),
            partners=tuple(sorted(found["partner"] - found["observer"] - found["member"])),
            unknown=tuple(sorted(found["unknown"])),
            sources=tuple(sorted({s.source for s in self.spells if s.holds(day)})),
            is_extended=is_extended,
        )

    def _with(self, status: str, day: dt.date) -> set[int]:
        return {s.ccode for s in self.spells if s.status == status and s.holds(day)}

    def _last_day(self, year: int) -> dt.date | None:
        """31 December if anyone was a member then, else the last day of membership in the year."""
        eve = dt.date(year, 12, 31)
        ends = (s.end for s in self.spells if s.status == "member" and s.touches(year))
        return max((min(end or eve, eve) for end in ends), default=None)

    def years(self) -> tuple[tuple[int | None, int | None], ...]:
        """First and last years of each period with members, without a gap; None where open."""
        periods: list[tuple[int, int]] = []
        full = [s for s in self.spells if s.status == "member"]
        for first, last in sorted((_first(s.start), _last(s.end)) for s in full):
            if periods and first <= periods[-1][1] + 1:
                periods[-1] = (periods[-1][0], max(periods[-1][1], last))
            else:
                periods.append((first, last))
        return tuple(
            (a if a > dt.MINYEAR else None, b if b < dt.MAXYEAR else None) for a, b in periods
        )

    def _absent(self, year: int) -> str:
        if not self.years():
            return f"{self.name} has no members at any time."
        (first, _), (_, last) = self.years()[0], self.years()[-1]
        if first is not None and year < first:
            when = f"it began in {first}"
        elif last is not None and year > last:
            when = f"it ended in {last}"
        else:
            when = "it existed " + " and ".join(
                f"from {a} to {b}" if b else f"from {a} on" for a, b in self.years()
            )
        return f"{self.name} did not exist in {year}; {when}."


def _first(day: dt.date | None) -> int:
    return day.year if day else dt.MINYEAR


def _last(day: dt.date | None) -> int:
    return day.year if day else dt.MAXYEAR
