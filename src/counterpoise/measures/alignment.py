"""Alignment of a bloc in the UN: how alike its members vote, and how like the target.

States that want the same things vote the same way: alignment is no balancing. It is read beside
groups matched on preferences, region and power, and never makes a label.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record
from counterpoise.measures.similarity_years import BY_VOTES, votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.similarity_years import Measure

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

FEWEST_VOTES = 10
"""Two states are compared where they voted on at least this many of a year's roll calls."""

FEWEST_PAIRS = 0.5
"""A group has a figure where at least this share of its pairs can be compared."""

MEASURES: dict[str, Measure] = {
    "s": BY_VOTES["srsvva"],
    "kappa": BY_VOTES["kappavv"],
    "pi": BY_VOTES["pivv"],
}
"""S with absolute distances (Signorino & Ritter 1999), kappa and pi with squared (Häge 2011)."""

NAMES = tuple(f"{side}_{name}" for side in ("members", "target") for name in MEASURES)


@dataclass(frozen=True, eq=False)
class VoteMatrices:
    """Likeness of the votes of all states that voted in a year.

    ``values`` holds one (n + 1, n + 1) array per measure, 0 where ``known`` of it is; the last
    place stands for states without votes.
    """

    year: int
    codes: Places
    values: dict[str, Array]
    known: dict[str, Array]

    def places(self, codes: Places) -> Places:
        """Places of COW numbers of any shape; the last for states without votes."""
        found = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[found] == codes, found, len(self.codes))


@dataclass(frozen=True)
class Alignment:
    """Mean likeness of votes within a bloc and with its target, in a year.

    S, kappa and pi are at most 1; None where fewer than half of the pairs could be compared.
    ``known_pairs`` of ``pairs`` of members voted together often enough.
    """

    year: int
    roll_calls: int
    pairs: int
    known_pairs: int
    members_s: float | None
    members_kappa: float | None
    members_pi: float | None
    target_s: float | None
    target_kappa: float | None
    target_pi: float | None


@functools.lru_cache(maxsize=16)
def matrices(year: int) -> VoteMatrices | None:
    """The likeness of all pairs in a year; None where no vote was recorded."""
    first, last = record.coverage("un_votes")
    if not first <= year <= last:
        return None
    (found,) = votes(range(year, year + 1))
    if not len(found.codes):
        return None
    one, two = found.pairs()
    tables = found.crossed(one, two)
    enough = tables.cases >= FEWEST_VOTES
    size = len(found.codes) + 1
    values, known = {}, {}
    for name, of in MEASURES.items():
        value = np.where(enough, of(tables), np.nan)
        values[name] = _square(np.nan_to_num(value), one, two, size)
        known[name] = _square(~np.isnan(value), one, two, size)
    return VoteMatrices(year, found.codes, values, known)


def _square(pairs: NDArray[np.generic], one: Places, two: Places, size: int) -> Array:
    """Values of pairs as a symmetric array, 0 on its diagonal."""
    found = np.zeros((size, size))
    found[one, two] = found[two, one] = pairs
    return found


def group_alignment(groups: Places, year: int, target: int) -> dict[str, Array]:
    """Mean likeness of many groups at once.

    Parameters
    ----------
    groups : (groups, members) COW numbers, each group without the target.

    Returns
    -------
    (groups,) values by the names of ``NAMES``; NaN where fewer than half of the pairs are known.
    """
    seen = matrices(year)
    if seen is None:
        return {name: np.full(len(groups), np.nan) for name in NAMES}
    mask = np.zeros((len(groups), len(seen.codes) + 1))
    np.put_along_axis(mask, seen.places(groups), 1.0, axis=1)
    whom = int(seen.places(np.array(target)))
    members = groups.shape[1]
    found = {}
    for name in MEASURES:
        value, known = seen.values[name], seen.known[name]
        pairs = ((mask @ known) * mask).sum(axis=1) / 2
        total = ((mask @ value) * mask).sum(axis=1) / 2
        found[f"members_{name}"] = _mean(total, pairs, members * (members - 1) / 2)
        found[f"target_{name}"] = _mean(mask @ value[whom], mask @ known[whom], members)
    return found


def _mean(total: Array, known: Array, pairs: float) -> Array:
    enough = (known > 0) & (known >= FEWEST_PAIRS * pairs)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, total / known, np.nan)


def alignment(members: Sequence[int], target: int, year: int) -> Alignment | None:
    """Alignment of a bloc in a year; None where no vote was recorded."""
    seen = matrices(year)
    if seen is None:
        return None
    group = np.array([members], dtype=np.int64)
    figures = {n: float(v[0]) for n, v in group_alignment(group, year, target).items()}
    where = seen.places(group[0])
    known = seen.known["s"][np.ix_(where, where)].sum() / 2
    calls = record.table("un_roll_calls")
    return Alignment(
        year=year,
        roll_calls=int((calls["year"] == year).sum()),
        pairs=len(members) * (len(members) - 1) // 2,
        known_pairs=int(known),
        **{n: None if np.isnan(v) else v for n, v in figures.items()},
    )
