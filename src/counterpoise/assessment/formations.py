"""Did any hard coalition begin against a target in a year? Asked of every named candidate."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from counterpoise import record, states
from counterpoise.assessment import candidates, sweep
from counterpoise.assessment.verdict import assess
from counterpoise.measures import pacts
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD


@dataclass(frozen=True)
class Formation:
    """A hard coalition with its onset in a year."""

    name: str
    members: tuple[int, ...]
    onset: int


def formed(target: str, year: int) -> tuple[bool | None, str]:
    """Whether a hard coalition has its onset in a year, and which, or why it is unknown."""
    reason = record.coverage_reason("atop_members", year)
    if reason:
        return None, reason
    found = formations(states.state(target, year).ccode, year)
    return bool(found), ", ".join(one.name for one in found)


@functools.lru_cache(maxsize=512)
def formations(target: int, year: int) -> tuple[Formation, ...]:
    """Every named bloc of at most half of all states that is hard with its onset in the year."""
    listed = [c for c in candidates.distinct(candidates.of_years(year, year)) if _fits(c, target)]
    hard = [
        c for c, rung in zip(listed, _rungs(listed, target, year), strict=True) if rung == "hard"
    ]
    begun = []
    for candidate in hard:
        aim = assess(list(candidate.members), target, year).hard.directedness
        if aim is not None and aim.onset == year:
            begun.append(Formation(candidate.name, candidate.members, year))
    return tuple(begun)


def _fits(candidate: candidates.Candidate, target: int) -> bool:
    """Is the target outside, and the bloc of a size that a coalition can have?"""
    others = len(states.system(candidate.year)) - 1
    size = len(candidate.members)
    fits = candidates.SMALLEST <= size <= candidates.LARGEST_SHARE * others
    return fits and target not in candidate.members


def _rungs(listed: list[candidates.Candidate], target: int, year: int) -> list[str]:
    if not listed:
        return []
    reach = Reach()
    everyone = {member for c in listed for member in c.members}
    day = dt.date(year, 12, 31)
    seen = sweep.view(target, day, "cinc", STANDARD, pacts.book(reach), reach, everyone)
    return sweep.measure(seen, seen.places([c.members for c in listed])).rungs
