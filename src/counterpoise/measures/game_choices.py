"""What states did about a target in a year: balance, bandwagon, hide or neither, by a stated rule.

The first line that fits decides; pacts are those in force on 31 December (ATOP).

balance    bound by a pact without the target that names it as the adversary
bandwagon  shares with the target a duty to defend or attack, in a pact that does not name the state
balance    bound by a pact without the target whose members are mostly hostile to it: half of their
           power, and a third without the strongest
balance    hostile to it, and its share of the world's military spending grew by a quarter in five
           years
hide       has a pact of two with the target that asks only neutrality, no use of force or
           consultation; pacts of many, such as the Final Act of Helsinki, shelter nobody
neutral    none of these

Hostile: strategic rivals, or a serious dispute within ten years. ``bound``: owes or is owed a duty
to defend or attack. Schroeder's (1994) hiding is wider than what can be coded from pacts.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.errors import CoverageError
from counterpoise.measures import pacts, power
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD
from counterpoise.models.balancing_game import BALANCE, BANDWAGON, HIDE, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.pacts import Pact

    Choices = NDArray[np.int64]

UNKNOWN = -1
TWO = 2
ARMING_YEARS = 5
ARMING_GROWTH = math.log(1.25)


@dataclass(frozen=True)
class Choice:
    """What one state did, why it is read so, and whether a pact says so."""

    action: int
    because: str
    is_by_pact: bool = True


def choices(
    codes: Sequence[int], target: int, year: int, *, extend: bool = False
) -> dict[int, Choice]:
    """What each state did about the target in a year.

    Parameters
    ----------
    extend : let pacts open at the end of their source go on.

    Raises
    ------
    CoverageError : pacts are unknown in the year.
    """
    day = dt.date(year, 12, 31)
    book = pacts.book(Reach(extend), is_extended=extend)
    if day > book.last_day:
        raise CoverageError(
            f"What states did is unknown: {record.coverage_reason('atop_members', year)}. "
            "Carry the pacts forward with --extend."
        )
    standing = book.on(day)
    hostile = _hostile(codes, target, year)
    naming = _bound_by(p for p in standing if target in p.threats and target not in p.members)
    allied, hiding = _with_target(standing, target)
    aimed = _bound_by(p for p in standing if _is_aimed(p, target, year))
    found = {}
    for code in codes:
        if code in naming:
            found[code] = Choice(BALANCE, f"{naming[code]} names the target")
        elif code in allied:
            found[code] = Choice(BANDWAGON, f"{allied[code]} binds it to the target")
        elif code in aimed:
            found[code] = Choice(BALANCE, f"{aimed[code]}: its members are hostile to the target")
        elif code in hostile and _arms(code, year):
            found[code] = Choice(BALANCE, "hostile, and arms", is_by_pact=False)
        elif code in hiding:
            found[code] = Choice(HIDE, f"{hiding[code]}: neutrality or no use of force")
        else:
            found[code] = Choice(NEUTRAL, "none of these", is_by_pact=False)
    return found


def _hostile(codes: Sequence[int], target: int, year: int) -> frozenset[int]:
    """States surely hostile to the target; where nothing is coded the answer is not yes."""
    rule = STANDARD.hostility
    return frozenset(c for c in codes if c != target and rule.hostile(c, target, year))


def _bound_by(chosen: object) -> dict[int, str]:
    """Members that some duty to defend or attack binds, by pact; the first pact counts."""
    found: dict[int, str] = {}
    for pact in chosen:  # type: ignore[attr-defined]
        owing = {d.ccode for d in pact.duties if d.defense or d.offense}
        if owing:
            for code in pact.members:
                found.setdefault(code, pact.name)
    return found


def _with_target(standing: Sequence[Pact], target: int) -> tuple[dict[int, str], dict[int, str]]:
    """States bound to the target by a duty to fight, and those in other pacts of two with it."""
    allied: dict[int, str] = {}
    hiding: dict[int, str] = {}
    for pact in standing:
        if target not in pact.members:
            continue
        owing = {d.ccode for d in pact.duties if d.defense or d.offense}
        for code in pact.members - {target} - pact.threats:
            if target in owing or code in owing:
                allied.setdefault(code, pact.name)
            elif len(pact.members) == TWO:
                hiding.setdefault(code, pact.name)
    return allied, hiding


def _is_aimed(pact: Pact, target: int, year: int) -> bool:
    """Is a pact without the target held mostly by states hostile to it?"""
    if target in pact.members or len(pact.members) < 2:
        return False
    share = power.shares("cinc", year)
    members = [(share.get(c), c) for c in pact.members]
    known = sorted(((s, c) for s, c in members if s is not None), reverse=True)
    if len(known) < 2 or len(known) < len(members):
        return False
    hostile = _hostile([c for _, c in known], target, year)
    total = sum(s for s, _ in known)
    rest = total - known[0][0]
    against = sum(s for s, c in known if c in hostile)
    against_rest = sum(s for s, c in known[1:] if c in hostile)
    rules = STANDARD
    return (
        against >= rules.directedness * total
        and rest > 0
        and against_rest >= rules.directedness_rest * rest
    )


def _arms(code: int, year: int) -> bool:
    """Did its share of the world's military spending grow by a quarter? Unknown is not yes."""
    now, then = (_spending().get((code, y)) for y in (year, year - ARMING_YEARS))
    return bool(now and then and math.log(now / then) >= ARMING_GROWTH)


@functools.cache
def _spending() -> dict[tuple[int, int], float]:
    frame = record.table("nmc").select("ccode", "year", "milex_kusd").drop_nulls()
    share = pl.col("milex_kusd") / pl.col("milex_kusd").sum().over("year")
    return {(c, y): s for c, y, s in frame.select("ccode", "year", share).iter_rows()}
