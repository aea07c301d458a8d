"""The hard strand of many groups of states at once, against one target on one day.

``assess`` measures one bloc from the rows of the record. A placebo needs a thousand groups and a
scan some tens of thousands of blocs with a thousand groups each, so the same rules are written
here over arrays. The two are held equal by a test, figure by figure.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.measures import anchor_arrays, pact_arrays, power, year_arrays
from counterpoise.measures.direction_arrays import NO, UNKNOWN, YES, Ground, masks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question
    from counterpoise.measures.anchor_arrays import Aims, Kind
    from counterpoise.measures.pact_arrays import PactArrays
    from counterpoise.measures.pacts import PactBook
    from counterpoise.measures.reach import Reach
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]
    Signs = NDArray[np.int8]

METRICS = tuple(power.METRICS)
SMALL = 24
"""Up to this many members pairs are looked up one by one; beyond, by a product of matrices."""

PLACES = 12
"""Scores are compared after rounding to this many decimals."""

BELOW_ONE = 1 - 1e-9
"""Score of a group whose margins all reach 1 and that is not hard all the same."""


@dataclass(frozen=True, eq=False)
class View:
    """The world as one target faces it on one day, as arrays over the states of the time.

    ``power`` (n + 1,) is under the metric asked, ``powers`` (n + 1, metrics) under every one, NaN
    without a figure; the last place of every array stands for nobody. ``target_powers`` is
    (metrics,). ``is_known`` is False where the pacts of the day are not in the record.
    """

    target: int
    day: dt.date
    codes: tuple[int, ...]
    rules: Rules
    is_known: bool
    power: Array
    powers: Array
    target_powers: Array
    pacts: PactArrays
    kinds: tuple[Kind, ...]
    ground: Ground

    @property
    def year(self) -> int:
        """Calendar year of the day."""
        return self.day.year

    def places(self, groups: Sequence[Sequence[int]]) -> Places:
        """Groups of COW numbers as rows of places, in order and padded to one width."""
        width = max(map(len, groups), default=0)
        found = np.full((len(groups), width), len(self.codes))
        for row, group in zip(found, groups, strict=True):
            row[: len(group)] = self._lookup[year_arrays.places(sorted(group))]
        return found

    def places_of(self, codes: Places) -> Places:
        """The same for groups of one size, (groups, members) COW numbers."""
        every = np.array(year_arrays.every_state())
        return np.sort(self._lookup[np.searchsorted(every, codes)], axis=1)

    @functools.cached_property
    def _lookup(self) -> Places:
        """Place in the view of every state that ever was."""
        lookup = np.full(len(year_arrays.every_state()), len(self.codes))
        lookup[year_arrays.places(self.codes)] = np.arange(len(self.codes))
        return lookup


def view(
    target: int,
    day: dt.date,
    metric: str,
    rules: Rules,
    book: PactBook,
    reach: Reach,
    also: Iterable[int] = (),
) -> View:
    """See the world as a target faces it.

    Parameters
    ----------
    also : states to include although they were not in the state system in the year.
    """
    codes = tuple(sorted({*states.system(day.year), *also} - {target}))
    is_known = day <= book.last_day
    pacts = pact_arrays.arrays(book.on(day) if is_known else (), codes, target)
    return View(
        target=target,
        day=day,
        codes=codes,
        rules=rules,
        is_known=is_known,
        power=year_arrays.in_steps(year_arrays.power_of(codes, metric, day.year, reach)),
        powers=np.stack(
            [year_arrays.power_of(codes, name, day.year, reach) for name in METRICS], axis=1
        ),
        target_powers=np.array(
            [year_arrays.power_of([target], name, day.year, reach)[0] for name in METRICS]
        ),
        pacts=pacts,
        kinds=tuple(anchor_arrays.kinds(pacts)),
        ground=_ground(target, day.year, codes, pacts, metric, rules, book, reach),
    )


def view_of(question: Question) -> View:
    """The view that a question is answered from."""
    return view(
        question.target.ccode,
        question.day,
        question.metric,
        question.rules,
        question.book,
        question.reach,
        question.members,
    )


def _ground(
    target: int,
    year: int,
    codes: tuple[int, ...],
    pacts: PactArrays,
    metric: str,
    rules: Rules,
    book: PactBook,
    reach: Reach,
) -> Ground:
    first = min(year, int(pacts.signed.min(initial=year)) - 1)
    years = tuple(range(first, year + 1))
    weight, exists, lacking = year_arrays.power_over(codes, metric, years, reach)
    surely, possibly = year_arrays.hostile_over(codes, target, years, rules.hostility)
    days = [dt.date(y, 12, 31) for y in years]
    naming = pact_arrays.naming(book, days, codes, target)
    return Ground(years, weight, exists, lacking, surely, possibly, naming)


@dataclass(frozen=True)
class Binding:
    """Binding by group, each array (groups,). Shares are NaN where a member's power is unknown."""

    bound_share: Array
    bound_dyads: NDArray[np.int64]
    cores: Places
    core_bound: Signs
    core_consults: Signs
    allied_share: Array


@dataclass(frozen=True)
class Figures:
    """The hard strand by group. Flags are 1 yes, 0 no, -1 unknown; figures NaN where unknown.

    ``score`` says how far a group is from hard: the least of its figures in units of their
    cut-offs. It is 1 or more if and only if the group is hard, and NaN where that is unknown;
    ``ceiling`` is then what it could be at most.
    """

    binding: Binding
    aims: Aims
    ratios: Array
    strong_enough: Signs
    hard: Signs
    incipient: Signs
    score: Array
    ceiling: Array

    @property
    def rungs(self) -> list[str]:
        """The rung that each group stands on."""
        return [_rung(h, i) for h, i in zip(self.hard, self.incipient, strict=True)]


def measure(seen: View, groups: Places) -> Figures:
    """Every figure of the hard strand of some groups."""
    bind = binding(seen, groups)
    ratios = power_ratios(seen, groups)
    strong = strong_enough(ratios, seen.rules.power_ratio)
    aims = directedness(seen, groups, bind.cores)
    hard, incipient = judge(seen, bind, strong, aims.directed)
    score, ceiling = _scored(seen.rules, bind, ratios, aims, hard)
    return Figures(bind, aims, ratios, strong, hard, incipient, score, ceiling)


def binding(seen: View, groups: Places) -> Binding:
    """How much of each group is bound, its core, and how much of it the target has as allies."""
    weight = seen.power[groups]
    known = np.asarray(~np.isnan(weight).any(axis=1))
    cores = _cores(seen, groups)
    tied_power, dyads = _tied_power(seen, groups)
    weight = np.where(known[:, None], weight, np.nan)
    total = weight.sum(axis=1, keepdims=True)
    pairs = (weight * (total - weight)).sum(axis=1)
    bound = _divided((weight * tied_power).sum(axis=1), pairs)
    one, two = cores[:, 0], cores[:, 1]
    core_bound = np.where(known, seen.pacts.tied[one, two], UNKNOWN)
    consults = anchor_arrays.core_pacts(seen.pacts, cores).any(axis=1)
    allied = allied_members(seen, groups)
    inside = _divided((weight * allied).sum(axis=1), total[:, 0])
    share = np.where(known, inside, np.where(allied.any(axis=1), np.nan, 0.0))
    return Binding(
        _if(seen.is_known, bound),
        dyads,
        cores,
        core_bound.astype(np.int8),
        np.where(known, consults, UNKNOWN).astype(np.int8),
        _if(seen.is_known, share),
    )


def _if(is_known: bool, values: Array) -> Array:
    return values if is_known else np.full_like(values, np.nan)


def _divided(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _cores(seen: View, groups: Places) -> Places:
    """Places of the two strongest members; of equals, the first."""
    held = np.where(groups < len(seen.codes), np.nan_to_num(seen.power[groups]), -1.0)
    top = np.argsort(-held, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(groups, top, axis=1)


def _tied_power(seen: View, groups: Places) -> tuple[Array, NDArray[np.int64]]:
    """Power that each member is tied to, (groups, members), and the number of tied pairs."""
    held = np.nan_to_num(seen.power)
    if groups.shape[1] <= SMALL:
        among = seen.pacts.tied[groups[:, :, None], groups[:, None, :]]
        power_ = np.matmul(among.astype(float), held[groups][:, :, None])[:, :, 0]
        return power_, among.sum(axis=(1, 2)) // 2
    mask = masks(groups, len(held))
    tied = seen.pacts.tied.astype(float)
    power_ = np.take_along_axis((mask * held) @ tied, groups, axis=1)
    dyads = np.take_along_axis(mask @ tied, groups, axis=1).sum(axis=1) / 2
    return power_, dyads.astype(np.int64)


def allied_members(seen: View, groups: Places) -> Flags:
    """Which members share with the target a duty to fight; (groups, members).

    A pact of the target's that names a member of the group as the threat does not count for it.
    """
    found = np.zeros(groups.shape, dtype=bool)
    always = np.zeros(len(seen.codes) + 1, dtype=bool)
    for pact in seen.pacts.of_target:
        if pact.threats.any():
            spared = np.asarray(~pact.threats[groups].any(axis=1))
            found |= pact.allied[groups] & spared[:, None]
        else:
            always |= pact.allied
    return np.asarray(found | always[groups])


def power_ratios(seen: View, groups: Places) -> Array:
    """Power of each group over the target's under every metric, (groups, metrics)."""
    held = seen.powers[groups].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(held / seen.target_powers)


def ratio_with_allies(seen: View, groups: Places, metric: int) -> Array:
    """Power of each group over that of the target and its allies outside the group; (groups,).

    A pact of the target's that names a state of the system outside the group as the threat does
    not count.
    """
    mask = masks(groups, len(seen.codes) + 1) > 0
    allied = np.zeros(mask.shape, dtype=bool)
    for pact in seen.pacts.of_target:
        spared = np.asarray(~(pact.threats & ~mask).any(axis=1))
        allied |= pact.allied & spared[:, None]
    held = seen.powers[:, metric]
    others = np.where(allied & ~mask, held, 0.0).sum(axis=1) + seen.target_powers[metric]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(held[groups].sum(axis=1) / others)


def strong_enough(ratios: Array, cut: float) -> Signs:
    """At least half of the metrics put the group at ``cut`` or more of the target."""
    passed = (ratios >= cut).sum(axis=1)
    open_ = np.isnan(ratios).sum(axis=1)
    half = ratios.shape[1]
    maybe = np.where(2 * (passed + open_) >= half, UNKNOWN, NO)
    return np.where(2 * passed >= half, YES, maybe).astype(np.int8)


def directedness(seen: View, groups: Places, cores: Places) -> Aims:
    """The anchor of each group that tells most; nothing where the pacts are unknown."""
    if not seen.is_known:
        blank = anchor_arrays.Aims.blank(len(groups))
        blank.directed[:] = UNKNOWN
        return blank
    carrying = anchor_arrays.carried(seen.pacts, groups, seen.power, cores, seen.rules.anchor_share)
    return anchor_arrays.aims(seen.ground, seen.kinds, groups, carrying, seen.rules)


def judge(seen: View, bind: Binding, strong: Signs, directed: Signs) -> tuple[Signs, Signs]:
    """Is each group hard, and is it incipient? The rules of ``verdict.observed``."""
    rules = seen.rules
    allied = _reaches(-bind.allied_share, -rules.allied_share, strictly=True)
    hard = _every(
        _reaches(bind.bound_share, rules.bound_share), bind.core_bound, directed, strong, allied
    )
    some = _either(_reaches(bind.bound_share, rules.incipient_bound_share), bind.core_consults)
    if not seen.is_known:
        return np.full_like(hard, UNKNOWN), np.full_like(hard, UNKNOWN)
    return hard, _every(directed, some)


def _reaches(value: Array, cut: float, *, strictly: bool = False) -> Signs:
    passed = value > cut if strictly else value >= cut
    return np.where(np.isnan(value), UNKNOWN, np.where(passed, YES, NO)).astype(np.int8)


def _every(*signs: Signs) -> Signs:
    joined = np.stack(signs)
    unknown = np.where((joined == UNKNOWN).any(axis=0), UNKNOWN, YES)
    return np.where((joined == NO).any(axis=0), NO, unknown).astype(np.int8)


def _either(*signs: Signs) -> Signs:
    joined = np.stack(signs)
    unknown = np.where((joined == UNKNOWN).any(axis=0), UNKNOWN, NO)
    return np.where((joined == YES).any(axis=0), YES, unknown).astype(np.int8)


def _rung(hard: int, incipient: int) -> str:
    if hard == YES:
        return "hard"
    if UNKNOWN in (hard, incipient):
        return "unknown"
    return "incipient" if incipient == YES else "none"


def _scored(
    rules: Rules, bind: Binding, ratios: Array, aims: Aims, hard: Signs
) -> tuple[Array, Array]:
    """Score of each group, NaN where unknown, and the most that it could be."""
    easy = _easy_margins(rules, bind, ratios)
    margins = np.nan_to_num(np.fmin(easy, _aim_margins(rules, aims.low, aims.rest_low)))
    score = np.where(hard == UNKNOWN, np.nan, _scores(margins, hard == YES))
    highest = np.fmin(easy, _aim_margins(rules, aims.high, aims.rest_high))
    ceiling = np.round(np.fmax(highest, 1.0), PLACES)
    return score, np.where(hard == UNKNOWN, ceiling, score)


def _easy_margins(rules: Rules, bind: Binding, ratios: Array) -> Array:
    """The least known of binding, strength and freedom from the target, over its cut-off."""
    ranked = np.sort(np.nan_to_num(ratios, nan=0.0), axis=1)
    strength = ranked[:, ratios.shape[1] // 2] / rules.power_ratio
    free = (1 - bind.allied_share) / (1 - rules.allied_share)
    return np.fmin(np.fmin(bind.bound_share / rules.bound_share, strength), free)


def _aim_margins(rules: Rules, share: Array, rest: Array) -> Array:
    """The lesser of D and D₋, over its cut-off."""
    return np.fmin(share / rules.directedness, rest / rules.directedness_rest)


def _scores(margins: Array, is_hard: Flags) -> Array:
    capped = np.minimum(margins, BELOW_ONE)
    return np.asarray(np.round(np.where(is_hard, np.maximum(margins, 1.0), capped), PLACES))
