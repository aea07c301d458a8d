"""Whose forces stand in whose territory on the day of a question, for a map and a table."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from counterpoise import record, states
from counterpoise.measures import presence

if TYPE_CHECKING:
    from counterpoise.assessment.question import Question

COUNTED = "US troops abroad (troopdata)"


@dataclass(frozen=True)
class Posting:
    """Forces of one state in another.

    ``kind`` is ``troops`` for a yearly count, else base, garrison, mission or occupation as coded.
    ``troops`` is the number of persons, None where it is not known.
    """

    owner: int
    host: int
    kind: str
    troops: float | None
    note: str
    source: str
    is_checked: bool


def postings(question: Question) -> tuple[Posting, ...]:
    """Forces of the target anywhere, of members anywhere, and of anyone in a member."""
    return (*_counted(question), *_coded(question))


def _counted(question: Question) -> list[Posting]:
    """Hosts of American troops, where the target is the United States and the year is counted."""
    first, last = record.coverage("us_troops")
    if question.target.ccode != presence.UNITED_STATES or not first <= question.year <= last:
        return []
    rows = record.table("us_troops").filter(
        (pl.col("year") == question.year)
        & (pl.col("ccode") != presence.UNITED_STATES)
        & (pl.col("troops") >= question.rules.hosting_troops)
    )
    return [
        Posting(
            presence.UNITED_STATES,
            row["ccode"],
            "troops",
            row["troops"],
            "estimated" if row["is_imputed"] else "",
            COUNTED,
            True,
        )
        for row in rows.iter_rows(named=True)
    ]


def _coded(question: Question) -> list[Posting]:
    sides = [question.target.ccode, *question.members]
    rows = record.coded("foreign_forces").filter(
        (pl.col("owner").is_in(sides) | pl.col("host").is_in(question.members))
        & (pl.col("start") <= question.day)
        & (pl.col("end").is_null() | (pl.col("end") >= question.day))
    )
    return [
        Posting(
            row["owner"],
            row["host"],
            row["kind"],
            row["troops"],
            row["note"] or "",
            row["source"],
            row["checked"],
        )
        for row in rows.iter_rows(named=True)
    ]


class Spot(NamedTuple):
    """A capital in degrees."""

    latitude: float
    longitude: float


def capital(ccode: int, day: dt.date) -> Spot | None:
    """Where a state's capital was on a day; None where that is not coded."""
    for start, end, latitude, longitude in _capitals().get(ccode, ()):
        if start <= day and (end is None or day <= end):
            return Spot(latitude, longitude)
    return None


@functools.cache
def _capitals() -> dict[int, list[tuple[dt.date, dt.date | None, float, float]]]:
    columns = ("ccode", "start", "end", "latitude_deg", "longitude_deg")
    found: dict[int, list[tuple[dt.date, dt.date | None, float, float]]] = {}
    for code, *rest in record.table("capitals").select(columns).iter_rows():
        found.setdefault(code, []).append(tuple(rest))
    return found


UNIONS: tuple[tuple[int, int, int, tuple[int, ...]], ...] = (
    (365, 1922, 1991, (359, 369, 370, 371, 372, 373, 701, 702, 703, 704, 705)),
    (365, 1940, 1991, (366, 367, 368)),
    (315, 1918, 1992, (316, 317)),
    (345, 1918, 1991, (341, 343, 344, 346, 347, 349)),
    (260, 1955, 1990, (255,)),
    (678, 1918, 1990, (679,)),
)
"""States that held what are others' outlines today: COW number, first and last year, outlines.

West Germany and North Yemen stand for the whole of today's outline.
"""


def drawn(ccode: int, year: int) -> tuple[int, ...]:
    """Which of today's outlines a state of a year is drawn with; nothing where it has none."""
    own = {ccode} if ccode in _outlined() else set()
    for holder, first, last, others in UNIONS:
        if holder == ccode and first <= year <= last:
            own |= set(others) - states.standing(dt.date(year, 12, 31))
    return tuple(sorted(own))


@functools.cache
def _outlined() -> frozenset[int]:
    return frozenset(record.table("world_map")["ccode"].drop_nulls())
