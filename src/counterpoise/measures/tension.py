"""Tension inside a bloc: members that quarrel with each other."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from counterpoise import record
from counterpoise.measures.hostility import rival

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 5
"""Years that end with the year asked for, in which a dispute counts."""


@functools.cache
def _disputes() -> dict[tuple[int, int], tuple[int, ...]]:
    frame = record.table("dispute_dyads").select("ccode1", "ccode2", "year").unique().sort("year")
    years: dict[tuple[int, int], list[int]] = {}
    for one, two, year in frame.iter_rows():
        years.setdefault((one, two), []).append(year)
    return {pair: tuple(found) for pair, found in years.items()}


@dataclass(frozen=True)
class Tension:
    """Power-weighted share of a bloc's dyads with a quarrel, in [0, 1], and which they are.

    A quarrel is a militarised dispute of any level within five years, or a strategic rivalry.
    Territorial claims without either are not in the record, so the share is a lower bound.
    ``share`` is None where the sources do not cover the years; ``reason`` says why.
    """

    share: float | None
    pairs: tuple[tuple[int, int], ...]
    dyads: int
    reason: str | None


def internal_tension(members: Sequence[int], power: Sequence[float] | None, year: int) -> Tension:
    """Σ w_i w_j quarrel(i, j) / Σ w_i w_j over pairs of members.

    Parameters
    ----------
    power : shares of power, one per member; None where unknown.
    """
    pairs = list(combinations(range(len(members)), 2))
    reason = record.coverage_reason("dispute_dyads", year)
    if reason is None and year - WINDOW + 1 < record.coverage("dispute_dyads")[0]:
        reason = "the five years before are not covered whole by the disputes"
    if reason is None and power is None:
        reason = "the power of some member is unknown"
    if reason is not None or power is None:
        return Tension(None, (), len(pairs), reason)
    quarrels = [(i, j) for i, j in pairs if _quarrel(members[i], members[j], year)]
    total = sum(power[i] * power[j] for i, j in pairs)
    share = sum(power[i] * power[j] for i, j in quarrels) / total
    found = tuple((members[i], members[j]) for i, j in quarrels)
    return Tension(share, found, len(pairs), None)


def _quarrel(one: int, two: int, year: int) -> bool:
    recent = any(year - WINDOW < y <= year for y in _disputes().get((one, two), ()))
    return recent or rival(one, two, year) is True
