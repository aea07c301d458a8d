"""States: their names and codes as of a year, and who was in the state system.

``state_names.csv`` has one row per name, with the years in which it means that state. A year is
read as its last day, so "Germany" is the united Germany (255) in 1990 and has two claimants
(260 and 265) from 1955 to 1989. The COW state system is the default; Gleditsch and Ward's
numbers are reached by crosswalk.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from counterpoise import record
from counterpoise.errors import AmbiguousNameError, CoverageError, QuestionError, UnknownNameError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    import polars as pl

By = Literal["any", "name", "abb", "iso3", "iso2", "iso_numeric", "gec"]
System = Literal["cow", "gw"]

GROUPS: dict[str, tuple[str, ...]] = {
    "official": ("any", "name"),
    "alias": ("any", "name"),
    "abb": ("any", "abb"),
    "iso3": ("any", "iso3"),
    "iso2": ("iso2",),
    "iso_numeric": ("iso_numeric",),
    "gec": ("gec",),
}
CODES = ("abb", "iso3", "iso2", "iso_numeric", "gec")
FIRST_YEAR = 1816
LATEST = 9999
LONGEST_NAME = 100
_SKIPPED = frozenset({"the", "and", "of"})
_WHOLE = {"st": "saint", "rep": "republic", "dem": "democratic"}
_NUMBER = re.compile(r"\s*([0-9]{1,6})(?:\.0+)?\s*", re.ASCII)
_INVERTED = re.compile(r"([^,(]+)[,(]\s*([^,()]+)\)?")


Row = tuple[int | None, str, str, int | None, int | None, str | None]


class Span(NamedTuple):
    """Years in which a name means a state; None where it always did or still does."""

    ccode: int
    start: int | None
    end: int | None

    def gap(self, year: int | None) -> int:
        """Years between ``year`` and the span, 0 inside it or when no year is asked."""
        if year is None:
            return 0
        before = self.start - year if self.start is not None else 0
        after = year - self.end if self.end is not None else 0
        return max(before, after, 0)


@dataclass(frozen=True)
class State:
    """One state as of a year, under the name that it then bore."""

    ccode: int
    name: str
    abbreviation: str
    year: int

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation}, {self.ccode})"


class StateNames:
    """All names and codes of states, found as of a year.

    Accents, case, punctuation and "the", "and", "of" do not matter; "Korea, South" reads as
    "South Korea".
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._spans: dict[str, dict[str, list[Span]]] = {group: {} for group in get_args(By)}
        self._usual: dict[str, list[Span]] = {}
        self._official: dict[int, list[tuple[Span, str]]] = {}
        self._abbreviations: dict[int, str] = {}
        self._membership: dict[int, list[Span]] = {}
        self._excluded: dict[str, str] = {}
        self._written: dict[str, str] = {}
        for ccode, name, kind, start, end, note in rows:
            if ccode is None:
                self._excluded[_key(name)] = f"{name} is no state of the COW system ({note})"
            else:
                self._add(Span(ccode, start, end), name, kind)

    @classmethod
    def from_coded(cls, frame: pl.DataFrame) -> StateNames:
        """Names from the table ``state_names``."""
        wanted = frame.select("ccode", "name", "kind", "start_year", "end_year", "note")
        return cls(wanted.iter_rows())

    def _add(self, span: Span, name: str, kind: str) -> None:
        key = _code(name) if kind in CODES else _key(name)
        if kind == "usual":
            self._usual.setdefault(key, []).append(span)
        for group in GROUPS.get(kind, ()):
            # Names and codes share the group "any", where both are sought by the looser key.
            shared = _key(name) if group == "any" else key
            self._spans[group].setdefault(shared, []).append(span)
            self._written.setdefault(shared, name)
        if kind == "official":
            self._official.setdefault(span.ccode, []).append((span, name))
        if kind == "abb":
            self._abbreviations[span.ccode] = name
            self._membership.setdefault(span.ccode, []).append(span)

    def find(self, name: str | int, year: int | None, by: By = "any") -> int:
        """COW number of the state that a name meant in a year.

        Parameters
        ----------
        name : a name, ISO 3166 three-letter code, COW abbreviation or COW number.
        year : year that the name is read in; None considers every year.
        by : read the text as this kind of code alone. Two-letter ISO codes, ISO numbers and the
            CIA's GEC codes are read only where named here.

        Raises
        ------
        UnknownNameError : nothing answers to it; the message gives the nearest names.
        AmbiguousNameError : several states do; the message lists them with their years.
        """
        found = self._candidates(name, year, by)
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousNameError(self._ambiguous(name, year, found))
        raise UnknownNameError(self._unknown(name, year))

    def find_all(
        self,
        names: Iterable[str | int | None],
        years: Iterable[int | None] | None = None,
        by: By = "any",
        *,
        usual: bool = True,
    ) -> list[int | None]:
        """COW numbers of many names at once; None where nothing, or more than one state, fits.

        Each distinct pair of name and year is resolved once. Codes of a source that speaks of
        today's territories throughout (such as the World Bank's) are read with the year of
        its release, not with the year of the row.

        Parameters
        ----------
        years : one per name; without them every year is considered.
        usual : read a plain name that fits two states as a source means it: "Germany" from 1955
            to 1989 is West Germany, "Korea" South Korea.
        """
        known: dict[tuple[str | int | None, int | None], int | None] = {}
        found: list[int | None] = []
        listed = list(names)
        dates = [None] * len(listed) if years is None else list(years)
        for pair in zip(listed, dates, strict=True):
            if pair not in known:
                known[pair] = self._find_or_none(*pair, by, usual=usual)
            found.append(known[pair])
        return found

    def _find_or_none(
        self, name: str | int | None, year: int | None, by: By, *, usual: bool
    ) -> int | None:
        if name is None:
            return None
        found = self._candidates(name, year, by)
        if len(found) > 1 and usual and by in ("any", "name"):
            meant = self._usual.get(_key(str(name)), [])
            found = _nearest([span for span in meant if not span.gap(year)], year)
        return found[0] if len(found) == 1 else None

    def _candidates(self, name: str | int, year: int | None, by: By) -> list[int]:
        number = _number(name) if by in ("any", "name") else None
        if number is not None:
            return [number] if number in self._official else []
        text = str(name)
        if len(text) > LONGEST_NAME:
            return []
        spans = self._spans[by]
        if by in CODES:
            return _nearest(spans.get(_code(text), []), year)
        return _nearest(spans.get(_key(text)) or spans.get(_turned(text), []), year)

    def name(self, ccode: int, year: int) -> str:
        """Name of a state at a date: 365 is the USSR in 1985 and Russia in 2006.

        Raises
        ------
        UnknownNameError : no state has that number.
        """
        try:
            dated = self._official[ccode]
        except KeyError:
            raise UnknownNameError(self._unknown(ccode, year)) from None
        return min(dated, key=lambda pair: pair[0].gap(year))[1]

    def abbreviation(self, ccode: int) -> str:
        """COW abbreviation of a state."""
        return self._abbreviations[ccode]

    def ccodes(self) -> tuple[int, ...]:
        """COW numbers of all states that ever were, sorted."""
        return tuple(sorted(self._official))

    def _ambiguous(self, name: str | int, year: int | None, found: Sequence[int]) -> str:
        listed = []
        for ccode in found:
            member = self._membership[ccode]
            shown = self.name(ccode, year if year is not None else member[-1].start or FIRST_YEAR)
            label = f"{shown} ({self._abbreviations[ccode]}, {ccode})"
            listed.append(f"{label} {_years(member)}")
        when = f" in {year}" if year is not None else ""
        return (
            f"{_shown(name)} fits several states{when}: {'; '.join(listed)}. "
            "Name one of them, by name or number."
        )

    def _unknown(self, name: str | int, year: int | None) -> str:
        how = "Write a name, an ISO 3166 code (USA), a COW abbreviation (UKG) or a COW number (365)"
        text = str(name)
        if _number(name) is not None:
            return f"Unknown state number {_shown(name)}. COW numbers run from 2 to 990. {how}."
        if not text.strip():
            return f"A state's name is empty. {how}."
        excluded = self._excluded.get(_key(text))
        if excluded is not None:
            return f"{excluded}. {how}."
        near = self._near(text, year)
        hint = f" Did you mean: {', '.join(near)}?" if near else ""
        return f"Unknown state {_shown(name)}.{hint} {how}."

    def _near(self, text: str, year: int | None) -> list[str]:
        """At most three states whose names look alike."""
        import difflib

        key, filed = _key(text[:LONGEST_NAME]), self._spans["any"]
        # A long name resembles many short codes by chance, so codes are compared with codes.
        is_code = len(key) <= 3
        alike = [other for other in filed if (len(other) <= 3) == is_code]
        matches = difflib.get_close_matches(key, alike, n=6, cutoff=0.6 if is_code else 0.7)
        near: dict[int, str] = {}
        for match in matches:
            for c in _nearest(filed[match], year):
                near.setdefault(c, self._recognised(c, match, matches, year))
        return list(near.values())[:3]

    def _recognised(self, ccode: int, match: str, matches: list[str], year: int | None) -> str:
        """The state's name of the year, or the older one that explains why it is suggested."""
        current = self.name(ccode, year if year is not None else LATEST)
        is_older = len(match) > 3 and _key(current) not in matches
        shown = self._written[match] if is_older else current
        return f"{shown} ({self._abbreviations[ccode]}, {ccode})"


def _nearest(spans: Sequence[Span], year: int | None) -> list[int]:
    """States whose span lies nearest to the year; most often inside it."""
    if not spans:
        return []
    least = min(span.gap(year) for span in spans)
    return sorted({span.ccode for span in spans if span.gap(year) == least})


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFKD", text).replace("&", " and ")
    return "".join(c for c in kept if not unicodedata.combining(c)).casefold()


@functools.lru_cache(maxsize=16384)
def _key(text: str) -> str:
    """Key under which a name is filed: plain letters and digits, small words left out."""
    plain = re.sub(r"['’`ʼ]", "", _plain(text))
    words = [_WHOLE.get(word, word) for word in re.findall(r"\w+", plain)]
    return "".join([word for word in words if word not in _SKIPPED] or words)


def _turned(text: str) -> str:
    """Key of "Yemen, North" or "Bolivia (Plurinational State of)" with the parts exchanged."""
    match = _INVERTED.fullmatch(text.strip())
    return _key(f"{match[2]} {match[1]}") if match else ""


def _code(text: str) -> str:
    bare = text.strip().upper()
    return bare.lstrip("0") if bare.isdigit() else bare


def _number(name: str | int) -> int | None:
    match = _NUMBER.fullmatch(str(name)) if not isinstance(name, bool) else None
    return int(match[1]) if match else None


def _shown(name: str | int) -> str:
    """The text as typed, cut short and with control characters escaped."""
    text = str(name)
    cut = text if len(text) <= 60 else text[:60] + "…"
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut) + '"'


def _years(spans: Sequence[Span]) -> str:
    return ", ".join(f"{s.start or FIRST_YEAR}–{s.end if s.end is not None else ''}" for s in spans)


@functools.cache
def names() -> StateNames:
    """The names of the package, read once per process."""
    return StateNames.from_coded(record.coded("state_names"))


def state(text: str | int, year: int) -> State:
    """One member of the COW state system as of a year.

    A spell without an end goes on: a member on the last coded day (31 December 2016) is taken to
    be one still.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : see :meth:`StateNames.find`.
    CoverageError : the state was no member in that year; the message says when it was.
    """
    known = names()
    ccode = known.find(text, year)
    found = State(ccode, known.name(ccode, year), known.abbreviation(ccode), year)
    spells = _spells("states", "ccode").get(ccode, ())
    if not any(_covers(spell, year) for spell in spells):
        raise CoverageError(
            f"{found} was not in the COW state system in {year}. "
            f"It was from {_written(spells)}. Ask for a year in which it was."
        )
    return found


def system(year: int, system: System = "cow") -> list[int]:
    """Numbers of the states that were in a state system on any day of a year, sorted.

    Parameters
    ----------
    system : ``cow`` (Correlates of War) or ``gw`` (Gleditsch and Ward), each in its own numbers.

    Raises
    ------
    QuestionError : no such system.
    """
    if system not in get_args(System):
        raise QuestionError(f'Unknown state system "{system}". There are: cow, gw')
    return list(_in_year(system, year))


@functools.cache
def _in_year(system: System, year: int) -> tuple[int, ...]:
    table, number = ("states", "ccode") if system == "cow" else ("gw_states", "gwcode")
    spells = _spells(table, number).items()
    return tuple(sorted(code for code, dates in spells if any(_covers(d, year) for d in dates)))


@functools.cache
def standing(day: dt.date) -> frozenset[int]:
    """COW numbers of the states that were in the system on one day."""
    spells = _spells("states", "ccode").items()
    return frozenset(
        code
        for code, dates in spells
        if any(start <= day and (end is None or day <= end) for start, end in dates)
    )


Spell = tuple["dt.date", "dt.date | None"]


@functools.cache
def _spells(table: str, number: str) -> dict[int, tuple[Spell, ...]]:
    rows = record.table(table).select(number, "start", "end").sort(number, "start").iter_rows()
    spells: dict[int, list[Spell]] = {}
    for code, start, end in rows:
        spells.setdefault(code, []).append((start, end))
    return {code: tuple(dates) for code, dates in spells.items()}


def _covers(spell: Spell, year: int) -> bool:
    start, end = spell
    return start.year <= year and (end is None or year <= end.year)


def _written(spells: Sequence[Spell]) -> str:
    return " and from ".join(f"{a} to {b}" if b else f"{a} on" for a, b in spells)


def cow_to_gw(ccode: int, year: int) -> int | None:
    """Gleditsch–Ward number of a COW state in a year; None where that system has no such state."""
    return _crosswalk("cow_to_gw", "ccode", "gwcode").get((ccode, year))


def gw_to_cow(gwcode: int, year: int) -> int | None:
    """COW number of a Gleditsch–Ward state in a year; None where COW has no such state."""
    return _crosswalk("gw_to_cow", "gwcode", "ccode").get((gwcode, year))


@functools.cache
def _crosswalk(table: str, given: str, wanted: str) -> dict[tuple[int, int], int | None]:
    rows = record.table(table).select(given, "year", wanted).iter_rows()
    return {(code, year): other for code, year, other in rows}
