"""How alike the groups drawn for a bloc are to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import groups
from counterpoise.measures import year_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.groups import Caucus, Drawn, Likeness
    from counterpoise.assessment.sweep import View

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """What the matching achieved, over all groups drawn.

    Attributes
    ----------
    distinct : number of different groups among the draws.
    shared_members : mean share of a group's members that are the bloc's own.
    same_region : share of stand-ins from the region of the member they stand for.
    power_gap : mean distance between member and stand-in, in natural logarithms of power.
    power_ratio : median power of a group over the bloc's.
    ideal_point_gap : mean distance between the published ideal points; None if not matched.
    same_caucus : share of stand-ins from the member's caucus; None if not matched.
    limited_by : what a group may share at most half its members with.
    notes : what could not be matched on, and why.
    """

    distinct: int
    shared_members: float
    same_region: float
    power_gap: float | None
    power_ratio: float | None
    ideal_point_gap: float | None
    same_caucus: float | None
    limited_by: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def match(
    seen: View, members: Sequence[int], drawn: Drawn, rules: Likeness, caucus: Caucus | None
) -> Match:
    """Compare each stand-in with the member it stands for."""
    codes = drawn.codes[~drawn.stuck]
    power, points = _of(seen.power[:-1], seen.codes), groups.ideal_points(seen.year)
    who, standing = year_arrays.places(members), _places(codes)
    with np.errstate(divide="ignore"):
        strength = np.log(power)
    notes = []
    if np.isnan(power[who]).any():
        notes.append("a member without a figure of power is matched on region alone")
    known = ~np.isnan(points[who])
    if not known.any():
        notes.append(f"no member has a published ideal point in {seen.year}: not matched on it")
    if drawn.stuck.any():
        notes.append(f"{drawn.stuck.sum()} draws ran out of states and were dropped")
    return Match(
        distinct=len(np.unique(np.sort(codes, axis=1), axis=0)),
        shared_members=float(np.isin(codes, members).mean()),
        same_region=_same(codes, members, groups.region),
        power_gap=_gap(strength, who, standing),
        power_ratio=_total_ratio(power, who, standing),
        ideal_point_gap=_gap(points, who, standing) if known.any() else None,
        same_caucus=_same(codes, members, caucus.get) if caucus else None,
        limited_by=groups.limits(seen, members, who, rules).names,
        notes=tuple(notes),
    )


def _of(values: Array, codes: Sequence[int]) -> Array:
    found = np.full(len(year_arrays.every_state()), np.nan)
    found[year_arrays.places(codes)] = values
    return found


def _places(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(np.array(year_arrays.every_state()), codes)


def _same(codes: NDArray[np.int64], members: Sequence[int], label: object) -> float:
    assert callable(label)
    named = {c: label(int(c)) for c in (*np.unique(codes), *members)}
    own = [named[m] for m in members]
    return float(np.mean([[named[c] == o for c, o in zip(row, own, strict=True)] for row in codes]))


def _gap(values: Array, who: NDArray[np.int64], standing: NDArray[np.int64]) -> float | None:
    apart = np.abs(values[standing] - values[who])
    known = apart[np.isfinite(apart)]
    return float(known.mean()) if known.size else None


def _total_ratio(power: Array, who: NDArray[np.int64], standing: NDArray[np.int64]) -> float | None:
    ratio = np.median(power[standing].sum(axis=1)) / power[who].sum()
    return float(ratio) if np.isfinite(ratio) else None
