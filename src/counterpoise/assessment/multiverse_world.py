"""One bloc in one year as every choice sees it: binding, strength, direction.

Expensive parts (pacts, power, hostility over the years) are read once; cut-offs are applied in
``multiverse_rungs``. Axes: m metrics, w weights, d readings of pacts, h rules of hostility.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.assessment import weighing
from counterpoise.assessment.multiverse_aims import Past, Root
from counterpoise.measures import hard, pact_arrays, pacts, power, year_arrays
from counterpoise.measures.hostility import HostilityRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question
    from counterpoise.measures.pacts import Duty, Pact, PactBook

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

WEIGHTS = ("power", "equal")


def read(duty: Duty, reading: str) -> Duty:
    """A duty as one reading of pacts sees it."""
    if reading == "defence" and duty.offense:
        return replace(duty, offense=False)
    if reading == "unlimited" and (duty.is_defense_limited or duty.is_offense_limited):
        return replace(
            duty,
            defense=duty.defense and not duty.is_defense_limited,
            offense=duty.offense and not duty.is_offense_limited,
        )
    return duty


@dataclass(frozen=True)
class Choices:
    """What the arrays run over: values of the factors that are not cut-offs."""

    metrics: tuple[str, ...]
    weights: tuple[str, ...]
    readings: tuple[str, ...]
    hostility: tuple[HostilityRule, ...]


@dataclass(frozen=True, eq=False)
class World:
    """A question with the pacts in force under each reading."""

    question: Question
    choices: Choices
    standing: tuple[tuple[Pact, ...], ...]

    @property
    def members(self) -> tuple[int, ...]:
        """COW numbers of the members."""
        return self.question.members

    @property
    def target(self) -> int:
        """COW number of the target."""
        return self.question.target.ccode

    def of(self, members: Sequence[int]) -> World:
        """The same day with other members."""
        bloc = replace(self.question.bloc, members=tuple(sorted(members)))
        return replace(self, question=replace(self.question, bloc=bloc))


def world(question: Question, choices: Choices, also: Iterable[int] = ()) -> World:
    """Read the pacts of the day under each reading; those that cannot concern the bloc are left."""
    inside, target = set(question.members) | set(also), question.target.ccode
    standing = [
        pact
        for pact in question.book.on(question.day)
        if target in pact.members or len(pact.members & inside) > 1
    ]
    return World(
        question,
        choices,
        tuple(tuple(_read(pact, reading) for pact in standing) for reading in choices.readings),
    )


def _read(pact: Pact, reading: str) -> Pact:
    duties = tuple(read(duty, reading) for duty in pact.duties)
    return pact if duties == pact.duties else pacts.Pact(pact.name, pact.signed, duties)


@dataclass(frozen=True, eq=False)
class Bound:
    """Binding under every choice; NaN where a member's power is unknown.

    ``share`` and ``allied`` are (m, w, d); ``core`` and ``consults`` (m, d); ``is_known`` (m,).
    ``power`` is (m, n).
    """

    share: Array
    allied: Array
    core: Flags
    consults: Flags
    is_known: Flags
    power: Array


def bound(seen: World) -> Bound:
    """How much of the bloc is bound, its core, and how much of it is allied with the target."""
    share = _member_power(seen)
    tied = np.stack([pacts.tied(p, seen.members, seen.target) for p in seen.standing])
    allied = np.stack(
        [
            np.isin(seen.members, pacts.allied_with(p, seen.members, seen.target))
            for p in seen.standing
        ]
    )
    is_known = np.asarray(~np.isnan(share).any(axis=1))
    weight = _weighed(share, seen.choices.weights)
    total = weight.sum(axis=2)
    pairs = (total**2 - (weight**2).sum(axis=2)) / 2
    bound_ = np.einsum("mwi,dij,mwj->mwd", weight, tied.astype(float), weight) / 2
    part = np.einsum("mwi,di->mwd", weight, allied.astype(float))
    known = is_known[:, None, None]
    free = ~allied.any(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(known, bound_ / pairs[..., None], np.nan)
        held = np.where(known, part / total[..., None], np.where(free, 0.0, np.nan))
    core, consults = _cores(seen, share, is_known, tied)
    return Bound(shares, held, core, consults, is_known, share)


def _member_power(seen: World) -> Array:
    """Power of each member in the year under each metric; a row of NaN where any lacks it."""
    rows = [
        weighing.member_power(replace(seen.question, metric=metric))
        for metric in seen.choices.metrics
    ]
    blank = np.full(len(seen.members), np.nan)
    return np.stack([blank if row is None else row for row in rows])


def _weighed(share: Array, weights: Sequence[str]) -> Array:
    equal = np.where(np.isnan(share), np.nan, 1.0)
    return np.stack([equal if weight == "equal" else share for weight in weights], axis=1)


def _cores(seen: World, share: Array, is_known: Flags, tied: Flags) -> tuple[Flags, Flags]:
    """Are the two strongest bound, and do they owe each other consultation with aid or a base?"""
    core = np.zeros((len(share), len(tied)), dtype=bool)
    consults = core.copy()
    for m in np.flatnonzero(is_known):
        one, two = hard.core(share[m])
        core[m] = tied[:, one, two]
        consults[m] = [bool(found) for found in _consulting(seen, one, two)]
    return core, consults


def _consulting(seen: World, one: int, two: int) -> list[list[Pact]]:
    pair = seen.members[one], seen.members[two]
    return [pacts.consults(standing, *pair, seen.target) for standing in seen.standing]


@dataclass(frozen=True, eq=False)
class Strong:
    """Bounds on bloc over target by metric, alone and with its allies; (d, sides, metrics) each.

    NaN where a figure of a member or the target is missing. An ally without a figure counts as
    nothing in ``high`` and as the median state in ``low``: figures lack for the smallest states.
    """

    low: Array
    high: Array


def strength(seen: World) -> Strong:
    """Power of the bloc over the target's, alone and with the target's allies."""
    system = [c for c in states.system(seen.question.year) if c not in (*seen.members, seen.target)]
    allies = [pacts.allied_with(p, system, seen.target) for p in seen.standing]
    bounds = np.array([[_ratios(seen, ()), _ratios(seen, listed)] for listed in allies])
    return Strong(bounds[..., 0, :], bounds[..., 1, :])


def _ratios(seen: World, allies: Sequence[int]) -> Array:
    """Least and greatest ratio under every metric, (2, metrics)."""
    bounds = [_ratio(seen, metric, allies) for metric in power.METRICS]
    return np.array(bounds).T


def _ratio(seen: World, metric: str, allies: Sequence[int]) -> tuple[float, float]:
    year = seen.question.reach.year(power.METRICS[metric].table, seen.question.year)
    share = {} if year is None else power.shares(metric, year)
    known = [ally for ally in allies if ally in share]
    high = weighing.ratio(seen.question, metric, known)
    if high is None:
        return np.nan, np.nan
    held = sum(share[ally] for ally in (seen.target, *known))
    lacking = (len(allies) - len(known)) * float(np.median(list(share.values())))
    return high * held / (held + lacking), high


def roots(seen: World, found: Bound) -> list[Root]:
    """Pacts that can anchor direction, drawn together where they give the same direction."""
    choices = seen.choices
    shape = len(choices.metrics), len(choices.weights), len(choices.readings)
    drawn: dict[tuple[int, frozenset[int]], Flags] = {}
    for d, standing in enumerate(seen.standing):
        for pact in pacts.tying(standing, seen.members, seen.target):
            _carry(drawn, seen, pact, shape)[..., d] |= _binds_enough(seen, found, pact)
    for m in np.flatnonzero(found.is_known):
        for d, consulting in enumerate(_consulting(seen, *hard.core(found.power[m]))):
            for pact in consulting:
                _carry(drawn, seen, pact, shape)[m, :, d] = True
    return [
        Root(signed, carries, np.isin(seen.members, list(named)) if named else None)
        for (signed, named), carries in drawn.items()
    ]


def _binds_enough(seen: World, found: Bound, pact: Pact) -> Flags:
    """Where a pact binds enough of the bloc alone, (m, w); true where power is unknown."""
    tied = pacts.tied([pact], seen.members, seen.target)
    cut = seen.question.rules.anchor_share
    heads = hard.bound_share(np.ones(len(seen.members)), tied) >= cut
    by_power = [hard.bound_share(power, tied) >= cut for power in np.nan_to_num(found.power)]
    enough = {"power": np.array(by_power), "equal": np.full(len(by_power), heads)}
    columns = [enough[name] | ~found.is_known for name in seen.choices.weights]
    return np.stack(columns, axis=1)


def _carry(
    drawn: dict[tuple[int, frozenset[int]], Flags],
    seen: World,
    pact: Pact,
    shape: tuple[int, int, int],
) -> Flags:
    """Where pacts like it anchor; those that name the target are told apart by whom they bind."""
    named: frozenset[int] = frozenset()
    if seen.target in pact.threats and pacts.tying([pact], seen.members, seen.target):
        named = pact.members & set(seen.members)
    return drawn.setdefault((pact.signed, named), np.zeros(shape, dtype=bool))


def past(seen: World, first: int) -> Past:
    """Power, hostility and naming pacts of the members from a year to the year asked."""
    years = range(first, seen.question.year + 1)
    reach = seen.question.reach
    held = [
        year_arrays.power_over(seen.members, metric, years, reach)
        for metric in seen.choices.metrics
    ]
    hostile = [_hostile(seen, years, rule) for rule in seen.choices.hostility]
    return Past(
        first,
        seen.choices.weights,
        np.stack([weight[:-1] for weight, _, _ in held]),
        held[0][1][:-1],
        np.stack([lacking[:-1].any(axis=0) for _, _, lacking in held]),
        np.stack([surely for surely, _ in hostile]),
        np.stack([possibly for _, possibly in hostile]),
        _named(seen, years),
    )


def _hostile(seen: World, years: range, rule: HostilityRule) -> tuple[Flags, Flags]:
    """Hostility to the target, surely and possibly; (n, y) each."""
    if type(rule) is HostilityRule:
        surely, possibly = year_arrays.hostile_over(seen.members, seen.target, years, rule)
        return surely[:-1], possibly[:-1]
    signs = [[rule.hostile(m, seen.target, y) for y in years] for m in seen.members]
    return (
        np.array([[sign is True for sign in row] for row in signs]),
        np.array([[sign is not False for sign in row] for row in signs]),
    )


def _named(seen: World, years: range) -> Flags:
    """Which members a pact that names the target binds to another, (d, n, y)."""
    named = np.zeros((len(seen.choices.readings), len(seen.members), len(years)), dtype=bool)
    days = [dt.date(year, 12, 31) for year in years]
    for d, reading in enumerate(seen.choices.readings):
        book = _naming_book(seen.question.book, seen.target, reading)
        for y, listed in enumerate(pact_arrays.naming(book, days, seen.members, seen.target)):
            for pact in listed:
                inside = pact.inside[:-1]
                if inside.sum() >= 2 and pact.owing[:-1].any():
                    named[d, inside, y] = True
    return named


@functools.lru_cache(maxsize=64)
def _naming_book(book: PactBook, target: int, reading: str) -> PactBook:
    """The pacts that ever name the target, as one reading sees them."""
    naming = {duty.pact for duty in book.duties if target in duty.threats}
    kept = tuple(read(duty, reading) for duty in book.duties if duty.pact in naming)
    return pacts.PactBook(kept, book.last_day)


def cores(seen: World) -> dict[tuple[int, int], tuple[int, ...]]:
    """Members of the hardest core by metric and reading of pacts, where their power is known."""
    share = _member_power(seen)
    tied = [pacts.tied(p, seen.members, seen.target) for p in seen.standing]
    return {
        (int(m), d): tuple(seen.members[k] for k in hardest_core(share[m], matrix))
        for m in np.flatnonzero(~np.isnan(share).any(axis=1))
        for d, matrix in enumerate(tied)
    }


def hardest_core(power_: Array, tied: Flags) -> tuple[int, ...]:
    """Places of the members, with the strongest, that are bound most: as ``hard.hardest_core``.

    Every subset is tried at once where that function tries them one by one.
    """
    pairs = ~np.eye(len(power_), dtype=bool)
    if len(power_) > hard.EXACT_MEMBERS or tied[pairs].all():
        whole = tuple(range(len(power_)))
        return whole if tied[pairs].all() else hard.hardest_core(power_, tied).places
    strongest = hard.core(power_)[0]
    subsets = _subsets(len(power_), strongest)
    weight = subsets * power_
    total = weight.sum(axis=1)
    bound_ = ((weight @ tied.astype(float)) * weight).sum(axis=1)
    pair = total**2 - (weight**2).sum(axis=1)
    share = np.round(np.divide(bound_, pair, out=np.zeros_like(pair), where=pair > 0), 12)
    best = np.flatnonzero(share == share.max())
    chosen = best[total[best].argmax()]
    return tuple(np.flatnonzero(subsets[chosen]).tolist())


@functools.lru_cache(maxsize=64)
def _subsets(size: int, always: int) -> Flags:
    """Every subset of two or more places that holds one of them, the smallest first."""
    others = [i for i in range(size) if i != always]
    listed = [rest for count in range(1, size) for rest in combinations(others, count)]
    found = np.zeros((len(listed), size), dtype=bool)
    found[:, always] = True
    for row, rest in zip(found, listed, strict=True):
        row[list(rest)] = True
    return found
