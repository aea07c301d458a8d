"""The threat to survival: of some states from one, and the share of a bloc's members in danger.

The published figures (docs/explanation/threat.md) take a state's own nuclear weapons into account
and nobody else's: no pact enters. An umbrella is what a coalition gives, not why it forms.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from counterpoise.errors import QuestionError
from counterpoise.measures import pacts
from counterpoise.measures.reach import Reach
from counterpoise.measures.threat import SURVIVAL_CUT
from counterpoise.measures.threat import survival as threat_to_survival
from counterpoise.measures.threats import Matrices, threats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Protection = Literal["own", "none", "outside", "pacts"]
"""Whose nuclear weapons shelter a state: its own; nobody's; its own and those of states outside
the group that a pact obliges to fight for it; its own and those of any state so obliged."""


@dataclass(frozen=True)
class StateThreat:
    """The threat to one state's survival from one other.

    ``survival`` is in [0, 1] and ``percentile`` in [0, 100] among all directed pairs of the year
    with a known threat, ties counted half; None is unknown, and ``reason`` says why.
    """

    ccode: int
    survival: float | None
    percentile: float | None
    reason: str | None = None


@dataclass(frozen=True)
class SurvivalShare:
    """How many lesser members of a bloc have their survival at stake.

    ``share`` is the fraction of members other than the strongest at or above ``cut``; None where
    an unknown member leaves it open, and ``bounds`` says how far. ``extended`` holds, by table,
    what was carried forward.
    """

    share: float | None
    bounds: tuple[float, float]
    cut: float
    protection: str
    strongest: int | None
    members: tuple[StateThreat, ...]
    reason: str | None
    extended: dict[str, str]

    def is_above(self, member: StateThreat) -> bool | None:
        """Is a member at or above the cut? None where its threat is unknown."""
        return None if member.survival is None else member.survival >= self.cut


def survival(
    threatener: int,
    members: Sequence[int],
    year: int,
    metric: str = "cinc",
    *,
    protection: Protection = "own",
    extend: bool = False,
) -> tuple[StateThreat, ...]:
    """The threat from one state to the survival of each of some others, in their order.

    Parameters
    ----------
    year : the threat is that of this year, from data of the year before.
    metric : metric of aggregate power.
    protection : whose weapons shelter a state; ``own`` is the published reading.
    extend : let a table's last year answer for later ones.
    """
    _check(protection)
    matrices = threats(year, metric, extend=extend)
    row = matrices.places.of(threatener)
    if row < 0:
        reason = f"the threatening state was not in the state system in {year}"
        return tuple(StateThreat(m, None, None, reason) for m in members)
    if protection in ("outside", "pacts") and not _pacts_known(matrices):
        reason = f"the pacts of {matrices.data_year} are not in the record"
        return tuple(StateThreat(m, None, None, reason) for m in members)
    known = _ranked(matrices.combination("survival"))
    sheltered = _sheltered(matrices, threatener, members, protection)
    values = threat_to_survival(replace(matrices.found, nuclear=sheltered[None, :]))[row]
    return tuple(_one(matrices, values, known, threatener, member) for member in members)


def _check(protection: str) -> None:
    if protection not in get_args(Protection):
        listed = ", ".join(get_args(Protection))
        raise QuestionError(f'Unknown protection "{protection}". There are: {listed}')


def _one(
    matrices: Matrices, values: Array, known: Array, threatener: int, member: int
) -> StateThreat:
    place = matrices.places.of(member)
    if place < 0:
        why = f"it was not in the state system in {matrices.year}"
        return StateThreat(member, None, None, why)
    value = float(values[place])
    if member == threatener or np.isnan(value):
        gaps = matrices.why(threatener, member)
        needed = [gaps[name] for name in NEEDED if name in gaps]
        return StateThreat(member, None, None, "; ".join(dict.fromkeys(needed)))
    return StateThreat(member, value, percentile(known, value))


NEEDED = (
    "power",
    "own_power",
    "distance_km",
    "rival",
    "disputes",
    "victims",
    "nuclear",
    "both_democracies",
)
"""Components that the threat to survival rests on."""


def _ranked(values: Array) -> Array:
    return np.sort(values[~np.isnan(values)])


def percentile(known: Array, value: float) -> float:
    """Per cent of sorted values below one, ties counted half; in [0, 100]."""
    below, upto = np.searchsorted(known, value, "left"), np.searchsorted(known, value, "right")
    return float(100 * (below + upto) / 2 / len(known))


def _pacts_known(matrices: Matrices) -> bool:
    return dt.date(matrices.data_year, 12, 31) <= pacts.book(Reach()).last_day


def _sheltered(
    matrices: Matrices, threatener: int, members: Sequence[int], protection: Protection
) -> Array:
    """1 where nuclear weapons shelter a state, else 0, in the order of the matrices."""
    own: Array = np.broadcast_to(matrices.found.nuclear[0], len(matrices.places)).copy()
    if protection == "none":
        return 0 * own
    if protection == "own":
        return own
    armed = {c for c, has in zip(matrices.ccodes, own, strict=True) if has == 1}
    barred = {threatener, *(members if protection == "outside" else ())}
    for pact in pacts.book(Reach()).on(dt.date(matrices.data_year, 12, 31)):
        guards = pact.binding(threatener) & (armed - barred)
        if guards and threatener not in pact.members:
            for place in (matrices.places.of(m) for m in pact.members if guards - {m}):
                own[place] = 1 if place >= 0 else own[place]
    return own


def survival_share(
    members: Sequence[int],
    threatener: int,
    year: int,
    metric: str = "cinc",
    *,
    cut: float = SURVIVAL_CUT,
    protection: Protection = "own",
    extend: bool = False,
) -> SurvivalShare:
    """Fraction of a bloc's members, the strongest left out, whose survival a state threatens.

    Parameters
    ----------
    members : COW numbers of the full members.
    cut : from which threat a member's survival is at stake; a reading aid, not an estimate.
    metric, protection, extend : as in :func:`survival`.
    """
    found = survival(threatener, members, year, metric, protection=protection, extend=extend)
    matrices = threats(year, metric, extend=extend)
    strongest = _strongest(members, matrices)
    lesser = [m for m in found if m.ccode != strongest]
    if strongest is None or not lesser:
        bounds = 0.0, 1.0
        why: str | None = f"fewer than two members have a power figure under {metric} in {year - 1}"
    else:
        bounds, why = _bounds(lesser, cut)
    share = bounds[0] if bounds[0] == bounds[1] else None
    return SurvivalShare(share, bounds, cut, protection, strongest, found, why, matrices.extended)


def _bounds(lesser: Sequence[StateThreat], cut: float) -> tuple[tuple[float, float], str | None]:
    """Least and greatest share at or above the cut, and why they may differ."""
    above = sum(m.survival is not None and m.survival >= cut for m in lesser)
    unknown = [m for m in lesser if m.survival is None]
    reasons = "; ".join(dict.fromkeys(m.reason for m in unknown if m.reason))
    return (above / len(lesser), (above + len(unknown)) / len(lesser)), reasons or None


def _strongest(members: Sequence[int], matrices: Matrices) -> int | None:
    """The member with most power in the year of the data, among those with a figure."""
    share = matrices.found.own_power[0]
    places = [(matrices.places.of(m), m) for m in members]
    known = [(share[p], -m) for p, m in places if p >= 0 and not np.isnan(share[p])]
    return -max(known)[1] if known else None
