"""Dated events in the life of a bloc, each with its source: who joined, who signed, who moved in.

Members come from the roster, pacts from the book that the answer rests on, forces from our coded
list, exercises from the record. Nothing is inferred between them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from counterpoise import blocs, record, states
from counterpoise.assessment import weighing
from counterpoise.assessment.ties import pact_label
from counterpoise.measures import hard, pacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterpoise.assessment.question import Question
    from counterpoise.measures.pacts import Duty

Kind = Literal["membership", "pact", "forces", "exercise"]
KINDS: tuple[Kind, ...] = ("membership", "pact", "forces", "exercise")
PACTS = "Alliance Treaty Obligations and Provisions (ATOP) 5.1"
ADDED = "our list of pacts since 2018, or the file given"
EXERCISES = "Multinational and joint military exercises"
EXERCISES_A_YEAR = 3


@dataclass(frozen=True)
class Event:
    """One event. ``precision`` is day, month or year: how exactly its date is known."""

    date: dt.date
    precision: str
    kind: Kind
    text: str
    source: str
    is_checked: bool


def events(question: Question, first: int, last: int) -> tuple[Event, ...]:
    """Events of a bloc and of its target's forces in it, from one year to another, by date."""
    found = [
        *_memberships(question),
        *_pacts(question),
        *_forces(question),
        *_exercises(question, first, last),
    ]
    inside = (event for event in found if first <= event.date.year <= last)
    return tuple(sorted(inside, key=lambda e: (e.date, KINDS.index(e.kind), e.text)))


def _memberships(question: Question) -> Iterator[Event]:
    """Joining and leaving; a state that only changes its status joins once."""
    spells = _spells(question.bloc.key)
    starts = {(spell["ccode"], spell["start"]) for spell in spells}
    for spell in spells:
        code, status, source = spell["ccode"], spell["status"], spell["source"]
        checked, start, end = spell["checked"], spell["start"], spell["end"]
        if start is not None:
            text = f"{_name(code, start.year)} becomes {_a(status)}"
            yield Event(start, spell["precision"], "membership", text, source, checked)
        if end is not None and (code, end + dt.timedelta(days=1)) not in starts:
            text = f"{_name(code, end.year)} ceases to be {_a(status)}"
            yield Event(end, spell["precision"], "membership", text, source, checked)


def _spells(key: str | None) -> list[dict[str, Any]]:
    """Spells of a bloc with how exactly they are known; those of lists and files are not dated."""
    if key is None:
        return []
    coded = record.coded("bloc_members").filter(pl.col("bloc") == key)
    if coded.height:
        return coded.to_dicts()
    precision = "day" if key.startswith("atop:") else "year"
    known = blocs.roster(key).with_columns(precision=pl.lit(precision), checked=pl.lit(value=True))
    return known.filter(pl.col("status") == "member").to_dicts()


def _a(status: str) -> str:
    return f"an {status}" if status[0] in "aeiou" else f"a {status}"


def _pacts(question: Question) -> Iterator[Event]:
    """Pacts without the target that bind members to each other, when they were signed."""
    inside, target = set(question.members), question.target.ccode
    grouped: dict[str, list[Duty]] = {}
    for duty in question.book.duties:
        grouped.setdefault(duty.pact, []).append(duty)
    for name, duties in grouped.items():
        shared = {duty.ccode for duty in duties} & inside
        begun = min(duty.start for duty in duties)
        whole = pacts.Pact(name, begun.year, tuple(duties))
        if len(shared) < 2 or target in whole.members or not whole.binding(target) & shared:
            continue
        source = ADDED if whole.is_extended else PACTS
        text = f"Pact that binds {_names(shared, begun.year)}: {pact_label(question, name)}"
        yield Event(begun, "day", "pact", text, source, not whole.is_extended)


def _names(codes: set[int], year: int) -> str:
    if len(codes) > 4:
        return f"{len(codes)} members"
    return " and ".join(sorted(_name(code, year) for code in codes))


def _forces(question: Question) -> Iterator[Event]:
    """Forces of the target or of members that came to, or left, a member."""
    sides = [question.target.ccode, *question.members]
    rows = record.coded("foreign_forces").filter(
        pl.col("host").is_in(question.members) & pl.col("owner").is_in(sides)
    )
    for row in rows.iter_rows(named=True):
        for date, verb in ((row["start"], "come to"), (row["end"], "leave")):
            if date is not None:
                owner, host = _name(row["owner"], date.year), _name(row["host"], date.year)
                note = f" ({row['note']})" if row["note"] else ""
                text = f"Forces of {owner} {verb} {host}{note}"
                precision = row["precision"] if date == row["start"] else "day"
                yield Event(date, precision, "forces", text, row["source"], row["checked"])


def _exercises(question: Question, first: int, last: int) -> Iterator[Event]:
    """Named exercises of the two strongest members without the target, the largest of each year."""
    power = weighing.member_power(question)
    if power is None:
        return
    core = {question.members[place] for place in hard.core(power)}
    inside, target = set(question.members), question.target.ccode
    yearly: dict[int, list[tuple[int, dt.date, str, str]]] = {}
    for row in _joint(first, last).iter_rows(named=True):
        taking = set(row["ccode"])
        if core <= taking and target not in taking:
            date = dt.date(row["start_year"], row["start_month"] or 1, 1)
            precision = "month" if row["start_month"] else "year"
            size = len(taking & inside)
            yearly.setdefault(date.year, []).append((-size, date, row["name"], precision))
    for found in yearly.values():
        for size, date, name, precision in sorted(found)[:EXERCISES_A_YEAR]:
            text = f"Exercise {name}, {-size} of {len(inside)} members"
            yield Event(date, precision, "exercise", text, EXERCISES, True)


def _joint(first: int, last: int) -> pl.DataFrame:
    """Named exercises that began between two years, with all who took part."""
    listed = record.table("exercises").filter(
        pl.col("start_year").is_between(first, last) & pl.col("name").is_not_null()
    )
    joined = listed.join(record.table("exercise_participants"), on="exercise_id", how="inner")
    return (
        joined.group_by("exercise_id")
        .agg(pl.col("ccode"), pl.col("start_year", "start_month", "name").first())
        .sort("exercise_id")
    )


def _name(code: int, year: int) -> str:
    return states.names().name(code, year)
