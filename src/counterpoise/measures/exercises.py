"""Operating together: military exercises of members, with and without the target.

Sources: multinational exercises (Bernhardt & Sukin) 1980–2010 and joint exercises (D'Orazio)
1974–2010. Only exercises whose participants could be read as states count.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from counterpoise import record


@dataclass(frozen=True)
class Exercises:
    """Exercises over some years in which at least two members took part."""

    without_target: int
    with_target: int
    first_year: int
    last_year: int


@functools.cache
def _participants() -> dict[int, list[frozenset[int]]]:
    """Participants of every exercise, by the year of its start."""
    joined = (
        record.table("exercise_participants")
        .join(record.table("exercises"), on="exercise_id", how="inner", validate="m:1")
        .group_by("exercise_id", "start_year")
        .agg("ccode")
    )
    years: dict[int, list[frozenset[int]]] = {}
    for year, codes in joined.select("start_year", "ccode").iter_rows():
        years.setdefault(year, []).append(frozenset(codes))
    return years


def together(members: tuple[int, ...], target: int, year: int, window: int = 5) -> Exercises | None:
    """Exercises of members in the ``window`` years up to ``year``; None outside coverage."""
    first, last = record.coverage("exercises")
    start = year - window + 1
    if start < first or year > last:
        return None
    inside = set(members)
    joint = [
        states
        for y in range(start, year + 1)
        for states in _participants().get(y, ())
        if len(states & inside) >= 2
    ]
    shared = sum(target in states for states in joint)
    return Exercises(len(joint) - shared, shared, start, year)
