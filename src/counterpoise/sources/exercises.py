"""Military exercises that states held together, and who took part.

Two data sets of one school: multinational exercises 1980–2010 (D'Orazio & Galambos) and the
older joint exercises 1974–2010 (D'Orazio), many of which are in both. An exercise of the older
that the newer also has is left out; the newer row carries its number in ``twin_id``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterpoise.sources.raw import Raw
    from counterpoise.states import By

FIRST, LAST = 1974, 2010
JOINT = 10000
"""Added to a row's number in the older file, so that numbers of the two files differ."""
UNKNOWN = "-9"
KINDS = ("Warfighting", "Peacekeeping", "Humanitarian", "CPX", "Air", "Land", "Sea", "Amphibious")
FLAGS = {kind: f"is_{'command_post' if kind == 'CPX' else kind.lower()}" for kind in KINDS}
SHORTEST_NAME = 4


class Event(NamedTuple):
    """What tells whether two rows are one exercise: name in bare letters, month and states."""

    number: int
    name: str
    month: int | None
    states: frozenset[int]

    def is_same(self, other: Event) -> bool:
        """Are two exercises of one year the same?

        With both names known: one begins with the other, two states are shared and the months
        lie next to each other. Else the months and all states must agree.
        """
        if self.name and other.name:
            begins = self.name.startswith(other.name) or other.name.startswith(self.name)
            months = [month for month in (self.month, other.month) if month is not None]
            is_near = max(months, default=0) - min(months, default=0) <= 1
            return begins and is_near and len(self.states & other.states) >= 2
        is_dated = self.month is not None and self.month == other.month
        return is_dated and len(self.states) >= 2 and self.states == other.states


def read(raw: Raw) -> dict[str, pl.DataFrame]:
    """Exercises, each once, and their participants among states."""
    newer, in_newer = multinational(raw, raw.csv("troops/mme_v7.csv", infer_schema=False))
    older, in_older = joint(raw, raw.excel("troops/jme_v3.xls", dtypes="string"))
    pairs = twins(newer, in_newer, older, in_older)
    first = {number: twin for twin, number in reversed(pairs.items())}
    exercises = pl.concat(
        [newer, older.filter(~pl.col("exercise_id").is_in(list(pairs)))], how="diagonal"
    ).with_columns(
        twin_id=pl.col("exercise_id").replace_strict(first, default=None, return_dtype=pl.Int64)
    )
    participants = pl.concat([in_newer, in_older])
    return {
        "exercises": exercises,
        "exercise_participants": participants.join(exercises, on="exercise_id", how="semi"),
    }


def multinational(raw: Raw, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Exercises of the newer file and their participants, by row number in the file."""
    numbered = frame.with_columns(
        exercise_id=pl.int_range(1, pl.len() + 1), start_year=pl.col("s.year").cast(pl.Int64)
    )
    states = participants(raw, numbered, re.compile(r"State[A-Z]+"), "any")
    return _finish(numbered, "Ex_Name", "MME", states, FLAGS)


def joint(raw: Raw, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Exercises of the older file; rows without a year that it covers are reported."""
    years = pl.coalesce(
        *(_within(pl.col(name).str.extract(r"(\d{4})$")) for name in ("s.year", "Start Date")),
        _within(pl.col("enddate").str.extract(r"(\d{4})$")),
    )
    numbered = frame.with_columns(
        pl.col("s.month").fill_null(pl.col("Start Date").str.extract(r"^(\d+)/")),
        pl.col("e.year").fill_null(pl.col("enddate").str.extract(r"(\d{4})$")),
        exercise_id=pl.int_range(JOINT + 1, JOINT + pl.len() + 1),
        start_year=years,
    )
    undated = numbered.filter(pl.col("start_year").is_null())
    raw.report(
        f"Exercise without a year: {name or 'no name'} (row {number - JOINT})"
        for name, number in undated.select("Exercise Name", "exercise_id").iter_rows()
    )
    dated = numbered.drop_nulls("start_year")
    states = participants(raw, dated, re.compile(r"State [A-Z]+"), "iso3")
    return _finish(dated, "Exercise Name", "JME", states, {})


def _within(year: pl.Expr) -> pl.Expr:
    number = year.cast(pl.Int64, strict=False)
    return pl.when(number.is_between(FIRST, LAST)).then(number)


def participants(raw: Raw, frame: pl.DataFrame, column: re.Pattern[str], by: By) -> pl.DataFrame:
    """One row per exercise and participant; ``ccode`` is null for what names no state.

    The files write -9 for a participant that their source left unnamed.
    """
    columns = [name for name in frame.columns if column.fullmatch(name)]
    listed = (
        frame.unpivot(columns, index=["exercise_id", "start_year"], value_name="state")
        .drop("variable")
        .with_columns(pl.col("state").str.strip_chars())
        .drop_nulls("state")
    )
    named = pl.when(pl.col("state") != UNKNOWN).then("state")
    names = listed.select(named.alias("state"))["state"]
    ccode = raw.states.find_all(names, listed["start_year"], by, existing=True)
    return listed.select("exercise_id", ccode=pl.Series(ccode, dtype=pl.Int16))


def _finish(
    frame: pl.DataFrame, name: str, source: str, states: pl.DataFrame, flags: dict[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    strangers = states.group_by("exercise_id").agg(
        unidentified=pl.col("ccode").is_null().sum().cast(pl.Int64)
    )
    end = pl.col("e.year").cast(pl.Int64, strict=False)
    exercises = frame.select(
        "exercise_id",
        "start_year",
        start_month=_month("s.month"),
        end_year=pl.when(end.is_between("start_year", LAST)).then(end).otherwise("start_year"),
        name=pl.col(name).str.strip_chars().replace(UNKNOWN, None),
        source=pl.lit(source),
        **{new: pl.col(old) == "1" for old, new in flags.items()},
    ).join(strangers, on="exercise_id", how="left", validate="1:1")
    filled = exercises.with_columns(pl.col("unidentified").fill_null(0))
    return filled, states.drop_nulls("ccode").unique(maintain_order=True)


def _month(name: str) -> pl.Expr:
    number = pl.col(name).cast(pl.Int64, strict=False)
    return pl.when(number.is_between(1, 12)).then(number)


def twins(
    newer: pl.DataFrame, in_newer: pl.DataFrame, older: pl.DataFrame, in_older: pl.DataFrame
) -> dict[int, int]:
    """Numbers of the older file's exercises that the newer has too, with the newer's number."""
    known = _events(newer, in_newer)
    return {
        event.number: match.number
        for year, events in _events(older, in_older).items()
        for event in events
        if (match := _match(event, known.get(year, ())))
    }


def _match(event: Event, others: Iterable[Event]) -> Event | None:
    return next((other for other in others if event.is_same(other)), None)


def _events(exercises: pl.DataFrame, states: pl.DataFrame) -> dict[int, list[Event]]:
    sets: dict[int, set[int]] = {}
    for number, ccode in states.iter_rows():
        sets.setdefault(number, set()).add(ccode)
    years: dict[int, list[Event]] = {}
    rows = exercises.select("start_year", "exercise_id", "name", "start_month").iter_rows()
    for year, number, name, month in rows:
        event = Event(number, bare(name), month, frozenset(sets.get(number, ())))
        years.setdefault(year, []).append(event)
    return years


def bare(name: str | None) -> str:
    """Letters of a name, without years, numbers and asides; empty when too few to tell."""
    letters = re.sub(r"\(.*?\)|[^a-z]", "", (name or "").lower())
    return letters if len(letters) >= SHORTEST_NAME else ""
