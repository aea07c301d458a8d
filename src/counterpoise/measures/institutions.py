"""Institutions without the target: what members share and the target does not belong to.

Two states that share many organisations share some without the target whatever they intend. So
what a bloc shares is held against an expectation: among all pairs of states of the year that leave
the target out, the chance that a shared organisation lacks the target is a logistic function of
log J and its square, J being how many the pair shares. The rest of the comparison is with matched
groups, as organisations without a distant state are often merely regional.

Source of memberships: the Correlates of War's IGO data 3.0 (Pevehouse et al. 2020), to 2014. Full
and associate members count.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

MEMBER = (1, 2)
"""Full and associate members."""

UNCODED = -9
STEPS = 50
CLOSE = 1e-10
NAMES = ("shared_without_target_share", "excess_without_target_share")
"""Statistics of a group: the share of joint memberships that lack the target, and that share less
the expected one."""


@dataclass(frozen=True, eq=False)
class Memberships:
    """Who belongs to what in a year: ``belongs`` (states, organisations) is 0 or 1."""

    year: int
    codes: Places
    igos: tuple[str, ...]
    belongs: Array
    uncoded: int


@dataclass(frozen=True, eq=False)
class Without:
    """For all pairs of states: organisations shared, shared without the target, and expected.

    Each array is (n + 1, n + 1) with 0 on the diagonal and for states that are not listed.
    """

    joint: Array
    without: Array
    expected: Array


@dataclass(frozen=True)
class Institutions:
    """Joint memberships of a bloc with and without its target.

    ``joint`` sums over pairs of members the organisations that both belong to, ``without_target``
    those among them to which the target does not. ``expected_share`` is what their numbers of joint
    memberships predict. ``shared_by_most`` lists organisations of at least half of the members and
    at least two without the target, the bloc's own included, each with how many belong.
    ``uncoded`` organisations in being are not coded for the year and not counted.
    """

    year: int
    joint: int
    without_target: int
    share: float | None
    expected_share: float | None
    excess: float | None
    shared_by_most: tuple[tuple[str, int], ...]
    organisations: int
    uncoded: int
    unlisted: tuple[int, ...]


@functools.lru_cache(maxsize=16)
def memberships(year: int) -> Memberships | None:
    """Memberships of all states in a year; None outside the source's years."""
    first, last = record.coverage("igo_memberships")
    if not first <= year <= last:
        return None
    current = record.table("igo_memberships").filter(
        (pl.col("start_year") <= year) & (pl.col("end_year") >= year)
    )
    codes = current["ccode"].unique().sort().to_numpy().astype(np.int64)
    coded = current.filter(pl.col("status") != UNCODED)["igo"].unique().sort()
    held = current.filter(pl.col("status").is_in(MEMBER) & pl.col("igo").is_in(coded.implode()))
    belongs = np.zeros((len(codes), len(coded)))
    where = np.searchsorted(codes, held["ccode"].to_numpy())
    belongs[where, coded.search_sorted(held["igo"]).to_numpy()] = 1
    every = current["igo"].n_unique()
    return Memberships(year, codes, tuple(coded), belongs, every - len(coded))


@functools.lru_cache(maxsize=16)
def without(year: int, target: int) -> Without | None:
    """Joint memberships of all pairs, and those without a target; None where it is not listed."""
    seen = memberships(year)
    if seen is None or target not in seen.codes:
        return None
    whom = int(np.searchsorted(seen.codes, target))
    lacking = seen.belongs * (1 - seen.belongs[whom])
    joint, apart = seen.belongs @ seen.belongs.T, lacking @ seen.belongs.T
    chance = predicted(joint, apart, whom)
    arrays = []
    for values in (joint, apart, joint * chance):
        padded = np.zeros((len(seen.codes) + 1,) * 2)
        padded[:-1, :-1] = values
        np.fill_diagonal(padded, 0)
        arrays.append(padded)
    return Without(*arrays)


def predicted(joint: Array, apart: Array, whom: int) -> Array:
    """Chance that an organisation that two states share lacks the target, from how many they share.

    A logit of ``apart`` out of ``joint`` on the logarithm of ``joint`` and its square, fitted to
    all pairs without the target, each organisation a trial. 0 where a pair shares nothing.

    Parameters
    ----------
    joint, apart : (n, n) organisations that a pair shares, and those among them without the target.
    whom : place of the target.
    """
    one, two = np.triu_indices(len(joint), 1)
    kept = (one != whom) & (two != whom) & (joint[one, two] > 0)
    trials, hits = joint[one, two][kept], apart[one, two][kept]
    if not hits.any() or (hits == trials).all():
        return np.where(joint > 0, float(hits.any()), 0.0)
    fit = _logit(_terms(trials), hits, trials)
    chance = 1 / (1 + np.exp(-_terms(np.maximum(joint, 1)) @ fit))
    return np.asarray(np.where(joint > 0, chance, 0.0))


def _terms(joint: Array) -> Array:
    """1, log J and its square in a last dimension."""
    log = np.log(joint)
    return np.stack([np.ones_like(log), log, log**2], axis=-1)


def _logit(terms: Array, hits: Array, trials: Array) -> Array:
    """Coefficients by Newton's steps; a trace of a ridge bounds them where J hardly varies."""
    fit = np.zeros(terms.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-terms @ fit))
        weight = trials * chance * (1 - chance)
        slope = terms.T @ (hits - trials * chance)
        bend = (terms * weight[:, None]).T @ terms + 1e-6 * np.eye(len(fit))
        step = np.linalg.solve(bend, slope)
        fit += step
        if np.abs(step).max() < CLOSE:
            break
    return fit


def group_institutions(groups: Places, year: int, target: int) -> dict[str, Array]:
    """Shares of many groups at once, by the names of ``NAMES``; NaN where unknown.

    Parameters
    ----------
    groups : (groups, members) COW numbers, each group without the target.
    """
    seen, found = memberships(year), without(year, target)
    if seen is None or found is None:
        return {name: np.full(len(groups), np.nan) for name in NAMES}
    mask = np.zeros((len(groups), len(seen.codes) + 1))
    np.put_along_axis(mask, _places(seen, groups), 1.0, axis=1)

    def over_pairs(values: Array) -> Array:
        return np.asarray(((mask @ values) * mask).sum(axis=1) / 2)

    with np.errstate(invalid="ignore", divide="ignore"):
        joint = over_pairs(found.joint)
        share = over_pairs(found.without) / joint
        expected = over_pairs(found.expected) / joint
    return dict(zip(NAMES, (share, share - expected), strict=True))


def _places(seen: Memberships, codes: Places) -> Places:
    found = np.minimum(np.searchsorted(seen.codes, codes), len(seen.codes) - 1)
    return np.where(seen.codes[found] == codes, found, len(seen.codes))


def institutions(members: Sequence[int], target: int, year: int) -> Institutions | None:
    """What a bloc shares without its target in a year; None outside coverage."""
    seen, found = memberships(year), without(year, target)
    if seen is None or found is None:
        return None
    where = _places(seen, np.array(members))
    inside = np.ix_(where, where)
    joint, lacking = (int(v[inside].sum() / 2) for v in (found.joint, found.without))
    expected = float(found.expected[inside].sum() / 2)
    share, wanted = (lacking / joint, expected / joint) if joint else (None, None)
    return Institutions(
        year=year,
        joint=joint,
        without_target=lacking,
        share=share,
        expected_share=wanted,
        excess=None if share is None or wanted is None else share - wanted,
        shared_by_most=_shared_by_most(seen, where[where < len(seen.codes)], target, len(members)),
        organisations=len(seen.igos),
        uncoded=seen.uncoded,
        unlisted=tuple(m for m in members if m not in seen.codes),
    )


def _shared_by_most(
    seen: Memberships, where: Places, target: int, members: int
) -> tuple[tuple[str, int], ...]:
    whom = int(np.searchsorted(seen.codes, target))
    belong = seen.belongs[where].sum(axis=0) * (1 - seen.belongs[whom])
    names = _names()
    found = [
        (names.get(igo, igo), int(number))
        for igo, number in zip(seen.igos, belong, strict=True)
        if number >= max(2, members / 2)
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


@functools.cache
def _names() -> dict[str, str]:
    return dict(record.table("igos").select("igo", "name").iter_rows())
