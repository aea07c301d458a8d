"""Directedness of one bloc under every metric, weight, reading of pacts, hostility and cut-off.

The rules are those of ``measures.directedness``; here they run over arrays, so that a choice costs
a row and not a verdict. Axes are named by letters: m metrics, w weights (power, equal), d readings
of pacts, h rules of hostility, n members, y years, c cut-offs of D, r cut-offs of D₋.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Past:
    """What is known of a bloc's members over the years, to the year asked.

    ``weights`` are names, ``power`` or ``equal``. ``power`` is (m, n, y), 0 without a figure;
    ``exists`` (n, y); ``lacking`` (m, y): has some member that existed no figure? ``surely`` and
    ``possibly`` are hostility, (h, n, y); ``named`` is (d, n, y): does a pact that names the
    target bind the member to another?
    """

    first: int
    weights: tuple[str, ...]
    power: Array
    exists: Flags
    lacking: Flags
    surely: Flags
    possibly: Flags
    named: Flags

    def at(self, columns: list[int]) -> Past:
        """Some of the years."""
        names = ("power", "exists", "lacking", "surely", "possibly", "named")
        return replace(self, **{name: getattr(self, name)[..., columns] for name in names})

    def naming(self, members: Flags) -> Past:
        """The same, with some members (n,) bound by a pact that names the target."""
        return replace(self, named=self.named | members[None, :, None])


@dataclass(frozen=True, eq=False)
class Directions:
    """Bounds on D and D₋, (m, w, d, h, y) each; ``is_known`` (y,): did two members exist?"""

    low: Array
    high: Array
    rest_low: Array
    rest_high: Array
    is_known: Flags

    def passes(self, cuts: Array, rest_cuts: Array) -> tuple[Flags, Flags]:
        """Where the bloc surely passes, and where it surely does not; (m, w, d, h, c, r, y)."""
        cut, rest = cuts[:, None, None], rest_cuts[None, :, None]
        low, high, rest_low, rest_high = (
            values[..., None, None, :]
            for values in (self.low, self.high, self.rest_low, self.rest_high)
        )
        surely = (low >= cut) & (rest_low >= rest) & self.is_known
        never = ((high < cut) | (rest_high < rest)) & self.is_known
        return surely, never

    def margins(self, cuts: Array, rest_cuts: Array) -> Array:
        """The lesser of D and D₋ in units of their cut-offs; (m, w, d, h, c, r, y)."""
        share = self.low[..., None, None, :] / cuts[:, None, None]
        rest = self.rest_low[..., None, None, :] / rest_cuts[None, :, None]
        return np.asarray(np.where(self.is_known, np.minimum(share, rest), 0.0))


def directions(past: Past) -> Directions:
    """D and D₋ in every year under every choice."""
    equal = np.broadcast_to(past.exists, past.power.shape).astype(float)
    weight = np.stack([equal if w == "equal" else past.power for w in past.weights], axis=1)
    hostile = np.stack([past.surely, past.possibly])[:, None] | past.named[None, :, None]
    hostile &= past.exists
    part = _summed(weight, hostile)
    total = weight.sum(axis=2)[None, :, :, None, None, :]
    top, is_first = _strongest(past, weight, hostile)
    share = _ratio(part, total)
    rest = _ratio(part - top * is_first, total - top)
    low, high = _where_power_lacks(past, hostile, share)
    rest_low, rest_high = _where_power_lacks(past, hostile, rest)
    return Directions(low, high, rest_low, rest_high, past.exists.sum(axis=0) >= 2)


def _summed(weight: Array, hostile: Flags) -> Array:
    """Weight of hostile members, (2, m, w, d, h, y)."""
    m, w, n, y = weight.shape
    b, d, h, *_ = hostile.shape
    left = weight.reshape(m * w, n, y).transpose(2, 0, 1)
    right = hostile.reshape(b * d * h, n, y).transpose(2, 1, 0).astype(float)
    return np.asarray((left @ right).reshape(y, m, w, b, d, h).transpose(3, 1, 2, 4, 5, 0))


def _strongest(past: Past, weight: Array, hostile: Flags) -> tuple[Array, Flags]:
    """Weight of the strongest member, and whether it is hostile; both broadcast to the sums."""
    place = np.where(past.exists, past.power, -1.0).argmax(axis=1)
    top = np.take_along_axis(weight, place[:, None, None, :], axis=2)[:, :, 0]
    years = np.arange(place.shape[1])
    is_hostile = np.stack([hostile[..., row, years] for row in place], axis=1)
    return top[None, :, :, None, None, :], is_hostile[:, :, None]


def _ratio(part: Array, whole: Array) -> Array:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def _where_power_lacks(past: Past, hostile: Flags, bounds: Array) -> tuple[Array, Array]:
    """Without power D is still known if all members are alike."""
    low, high = bounds
    if past.lacking.any():
        lacking = past.lacking[:, None, None, None, :]
        alike = (hostile[0] | ~past.exists).all(axis=2)
        some = hostile[1].any(axis=2)
        low, high = np.where(lacking, alike, low), np.where(lacking, some, high)
    return low, high


@dataclass(frozen=True, eq=False)
class Root:
    """Pacts that give the bloc one direction at signature.

    ``carries`` is (m, w, d): may they anchor under metric, weights and reading? ``named`` (n,) are
    the members that a pact which names the target binds, None where it names nobody.
    """

    signed: int
    carries: Flags
    named: Flags | None


@dataclass(frozen=True, eq=False)
class Aimed:
    """Is the bloc directed? Surely yes, surely no, and by how much; (m, w, d, h, c, r) each.

    ``margin`` is the lesser of D and D₋ in units of their cut-offs: at the signature of the most
    telling pact, or, where it has lapsed, in the best of the quiet years that end now.
    """

    yes: Flags
    no: Flags
    margin: Array


def aimed(
    past: Past, roots: Iterable[Root], cuts: Array, rest_cuts: Array, quiet_years: int
) -> Aimed:
    """Follow every root from its signature to the year asked, under every choice."""
    found = directions(past)
    surely, never = found.passes(cuts, rest_cuts)
    margins = found.margins(cuts, rest_cuts)
    lapsed, doubtful = _quiet(never, quiet_years), _quiet(~surely, quiet_years)
    yes, no = np.zeros(surely.shape[:-1], dtype=bool), np.ones(surely.shape[:-1], dtype=bool)
    margin, recent = np.zeros(yes.shape), margins[..., -quiet_years:].max(axis=-1)
    for root in roots:
        column = root.signed - past.first
        window = surely, never, margins
        if root.named is not None:
            there = directions(past.at([column - 1, column]).naming(root.named))
            window = (*there.passes(cuts, rest_cuts), there.margins(cuts, rest_cuts))
        at = [0, 1] if root.named is not None else [column - 1, column]
        passed = window[0][..., at].any(axis=-1)
        failed = window[1][..., at].all(axis=-1)
        after = column + quiet_years
        is_lapsed = lapsed[..., after:].any(axis=-1)
        may_be = doubtful[..., after:].any(axis=-1)
        carries = root.carries[..., None, None, None]
        then = np.where(is_lapsed, recent, window[2][..., at].max(axis=-1))
        yes |= carries & passed & ~may_be & ~is_lapsed
        no &= ~carries | failed | (passed & is_lapsed)
        margin = np.maximum(margin, carries * then)
    return Aimed(yes, no, margin)


def _quiet(quiet: Flags, years: int) -> Flags:
    """Where a run of ``years`` quiet years ends or goes on; the last axis are years."""
    if quiet.shape[-1] < years:
        return np.zeros(quiet.shape, dtype=bool)
    counted = np.cumsum(quiet, axis=-1, dtype=np.int32)
    counted[..., years:] -= counted[..., :-years].copy()
    full = counted == years
    full[..., : years - 1] = False
    return np.asarray(full)
