"""Sets of states that a model is asked about: G20, P5, the major powers, all, a bloc, a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterpoise import blocs, record, states
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import power

SPECIAL = ("all", "majors", "P5")
"""Words that name a set by rule; anything else is a bloc or a list of states."""

CHINA_IN_THE_COUNCIL = ((dt.date(1949, 12, 8), 710), (dt.date(1971, 10, 25), 713))
"""Who held China's seat before each day; the People's Republic (710) since the last."""

FIRST_COUNCIL = 1945


@dataclass(frozen=True)
class StateSet:
    """States of one year under a name; ``ccodes`` are COW numbers, sorted."""

    name: str
    year: int
    ccodes: tuple[int, ...]
    note: str | None = None


def state_set(text: str, year: int, *, extend: bool = False) -> StateSet:
    """The states that a word, a bloc or a list means in a year.

    Parameters
    ----------
    text : ``all`` (every state of the system), ``majors`` (major powers of the COW project),
        ``P5`` (permanent members of the Security Council), a bloc, or names of states separated
        by commas; ``majors`` and ``P5`` may stand in such a list.
    extend : carry majors and members past the end of their source.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such bloc or state, or several.
    CoverageError : nothing of that name existed in the year, or its source ends before.
    QuestionError : fewer than two states.
    """
    found = _special(text, year, extend=extend) or _joined(text, year, extend=extend)
    if found is None:
        bloc = blocs.bloc(text, year, extend=extend)
        found = StateSet(bloc.name, year, bloc.members)
    if len(found.ccodes) < 2:
        raise QuestionError(f"{text} is {len(found.ccodes)} state in {year}: name at least two.")
    return found


def _special(text: str, year: int, *, extend: bool) -> StateSet | None:
    """The set that a single word means by rule."""
    word = text.strip().casefold()
    if word == "all":
        return StateSet("all states", year, tuple(states.system(year)))
    if word == "majors":
        return _majors(year, extend=extend)
    return _council(year) if word == "p5" else None


def _joined(text: str, year: int, *, extend: bool) -> StateSet | None:
    """A list in which a word stands beside states; None where it holds no such word."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    sets = [found for part in parts if (found := _special(part, year, extend=extend))]
    if not sets:
        return None
    words = {word.casefold() for word in SPECIAL}
    named = [states.state(part, year).ccode for part in parts if part.casefold() not in words]
    codes = {code for found in sets for code in found.ccodes} | set(named)
    note = next((found.note for found in sets if found.note), None)
    return StateSet(", ".join(parts), year, tuple(sorted(codes)), note)


def _majors(year: int, *, extend: bool) -> StateSet:
    last = record.coverage("majors")[1]
    if extend and year > last:
        carried = tuple(power.majors(last) or ())
        return StateSet("major powers", year, carried, f"major powers of {last} carried forward")
    known = power.majors(year)
    if known is None:
        raise CoverageError(
            f"{record.coverage_reason('majors', year)}. Carry them forward with --extend, "
            "or name the states."
        )
    return StateSet("major powers", year, tuple(known))


def _council(year: int) -> StateSet:
    """Read on 31 December, as memberships are."""
    if year < FIRST_COUNCIL:
        raise CoverageError(f"The Security Council was founded in {FIRST_COUNCIL}, not by {year}.")
    day = dt.date(year, 12, 31)
    china = next((code for end, code in CHINA_IN_THE_COUNCIL if day < end), 710)
    return StateSet("P5", year, tuple(sorted((2, 200, 220, 365, china))))
