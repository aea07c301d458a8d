"""New pacts aimed at a power: which they are, and who joined them.

A pact counts as new in the year of its first signature. It is aimed at a target when

- the target is no founder, and some founder must fight for another as far as the target goes;
- the pact names the target as the adversary, or the founders pass as directed at it in the year
  before the signature or the year of it (``measures.directedness``: D ≥ .5 and D₋ ≥ 1/3).

Founders are the states whose membership begins in that year. Where no founder is known hostile
and the sources cannot say, the answer is unknown.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counterpoise import record, states
from counterpoise.measures import pacts, power
from counterpoise.measures.directedness import Aim
from counterpoise.measures.hostility import HostilityRule, either
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD as RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterpoise.assessment.explanations.specification import Specification

FIRST_YEAR, LAST_YEAR = 1816, pacts.LAST_CODED_DAY.year


@dataclass(frozen=True)
class AimedPact:
    """One new pact seen from one power outside it.

    ``joined`` holds each state and the year in which it entered. ``is_directed`` and
    ``is_strong`` are None where unknown; ``share`` and ``rest`` are the bounds of D and D₋.
    """

    pact: str
    signed: int
    target: int
    founders: tuple[int, ...]
    joined: tuple[tuple[int, int], ...]
    is_wartime: bool
    names_target: bool
    is_directed: bool | None
    is_strong: bool | None
    share: tuple[float, float]
    rest: tuple[float, float]

    def counts(self, outcome: str, wartime: str = "kept") -> bool | None:
        """Is it an event under a definition of the outcome? None where unknown."""
        if self.is_wartime and wartime == "left out":
            return False
        if outcome == "named":
            return self.names_target
        aimed = either(self.names_target, self.is_directed)
        if outcome != "strong" or aimed is False:
            return aimed
        return False if self.is_strong is False else (self.is_strong and aimed)


@functools.cache
def targets(year: int, kind: str) -> frozenset[int]:
    """Major powers on any day of a year, or the states that lead under some metric.

    Major powers are coded to 2016 and those of that day are carried on.
    """
    if kind == "leaders":
        found = (leader(name, year) for name in power.METRICS)
        return frozenset(ccode for ccode in found if ccode is not None)
    return _majors(dt.date(year, 1, 1), dt.date(year, 12, 31))


@functools.cache
def leader(metric: str, year: int) -> int | None:
    """Who leads under a metric in a year, as in ``measures.power.leadership``."""
    share = power.shares(metric, year)
    return min(share, key=lambda code: (-share[code], code)) if len(share) > 1 else None


def _majors(start: dt.date, end: dt.date) -> frozenset[int]:
    spells = record.table("majors").iter_rows()
    return frozenset(c for c, a, b in spells if a <= end and (b is None or b >= start))


def _faced(signed: dt.date, kind: str) -> frozenset[int]:
    """Powers at the time of a signature; major powers are those of the day."""
    if kind == "leaders":
        return targets(signed.year, kind)
    return _majors(signed, signed)


def events(specification: Specification) -> tuple[AimedPact, ...]:
    """All new pacts from 1816, seen from each power outside them, aimed or not."""
    rule = HostilityRule(specification.hostility_years, specification.rivalries)
    return _events(specification.targets, rule, specification.metric)


@functools.lru_cache(maxsize=32)
def _events(kind: str, rule: HostilityRule, metric: str) -> tuple[AimedPact, ...]:
    book = pacts.book(Reach())
    found: list[AimedPact] = []
    for duties in _by_pact(book.duties):
        signed = min(duty.start for duty in duties)
        founding = tuple(d for d in duties if d.start.year == signed.year)
        pact = pacts.Pact(duties[0].pact, signed.year, founding)
        if signed.year >= FIRST_YEAR and len(pact.members) > 1:
            joined = tuple(sorted({(d.ccode, d.start.year) for d in duties}))
            outside = sorted(_faced(signed, kind) - pact.members)
            found += [
                _seen(book, pact, joined, target, rule, metric)
                for target in outside
                if pact.binding(target)
            ]
    return tuple(found)


@functools.cache
def _wartime() -> frozenset[str]:
    """Pacts made during a war for that war, by name."""
    frame = record.table("atop_alliances").filter("wartime")
    return frozenset(f"atop:{number}" for number in frame["atopid"])


def _by_pact(duties: Iterable[pacts.Duty]) -> list[list[pacts.Duty]]:
    by_name: dict[str, list[pacts.Duty]] = {}
    for duty in duties:
        by_name.setdefault(duty.pact, []).append(duty)
    return [by_name[name] for name in sorted(by_name)]


def _seen(
    book: pacts.PactBook,
    pact: pacts.Pact,
    joined: tuple[tuple[int, int], ...],
    target: int,
    rule: HostilityRule,
    metric: str,
) -> AimedPact:
    founders = tuple(sorted(pact.members))
    aim = Aim(
        book,
        founders,
        target,
        lambda members, year: _weights(members, year, metric),
        replace(RULES, hostility=rule),
    )
    anchor = aim.anchor(pact, pact.signed)
    return AimedPact(
        pact=pact.name,
        signed=pact.signed,
        target=target,
        founders=founders,
        joined=joined,
        is_wartime=pact.name in _wartime(),
        names_target=target in pact.threats,
        is_directed=anchor.passed,
        is_strong=_is_strong(founders, target, pact.signed),
        share=anchor.direction.share,
        rest=anchor.direction.rest,
    )


def _weights(
    members: Sequence[int], year: int, metric: str
) -> tuple[list[int], list[float] | None]:
    """Members that exist in a year and their power; None where a figure is missing."""
    system = set(states.system(max(year, FIRST_YEAR)))
    codes, share = [m for m in members if m in system], power.shares(metric, year)
    if any(code not in share for code in codes):
        return codes, None
    return codes, [share[code] for code in codes]


def _is_strong(founders: Sequence[int], target: int, year: int) -> bool | None:
    """Have the founders half of the target's power under half of the metrics?"""
    passed = unknown = 0
    for name in power.METRICS:
        share = power.shares(name, year)
        if any(code not in share for code in (*founders, target)):
            unknown += 1
        else:
            held = sum(share[code] for code in founders)
            passed += held >= RULES.power_ratio * share[target]
    half = len(power.METRICS) / 2
    if passed >= half:
        return True
    return None if passed + unknown >= half else False
