"""The hard strand of a verdict: bound, directed, strong enough, and not the target's own allies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.assessment import weighing
from counterpoise.measures import arming, exercises, hard, pacts, power, presence
from counterpoise.measures.directedness import Aim, Anchor
from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.tension import Tension, internal_tension

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Binding:
    """How much of the bloc its pacts bind. Shares are power-weighted, in [0, 1]; None is unknown.

    ``core`` holds the two strongest members; ``core_consults`` says whether they owe each other
    consultation with aid or a base; ``hardest_core`` is the subset, with the strongest member,
    whose binding is greatest.
    """

    bound_share: float | None
    bound_dyads: int
    dyads: int
    core: tuple[int, int] | None
    core_bound: bool | None
    core_consults: bool | None
    hardest_core: tuple[int, ...] | None
    hardest_core_bound_share: float | None
    allied_with_target: tuple[int, ...]
    allied_with_target_share: float | None
    pacts: tuple[str, ...]


@dataclass(frozen=True)
class Directedness:
    """D and D₋ at the anchor pact, whether they pass, and since when.

    ``share`` and ``rest`` are None where a member's hostility is unknown and matters; the bounds
    are given in ``share_bounds`` and ``rest_bounds``. ``stage`` is formation or legacy.
    """

    directed: bool | None
    share: float | None
    rest: float | None
    share_bounds: tuple[float, float] | None
    rest_bounds: tuple[float, float] | None
    pact: str | None
    signed: int | None
    measured: int | None
    lapsed: int | None
    onset: int | None
    stage: str | None
    directed_without_rivalries: bool | None


@dataclass(frozen=True)
class Strength:
    """Bloc over target under each metric, alone and with the target's allies on its side."""

    ratio: float | None
    ratios: dict[str, float | None]
    ratios_with_allies: dict[str, float | None]
    strong_enough: bool | None


@dataclass(frozen=True)
class Activity:
    """What members do beside signing: they never make a coalition by themselves."""

    arming: tuple[arming.Growth, ...]
    exercises: exercises.Exercises | None
    penetration_share: float | None
    penetrated: tuple[int, ...]
    imposed: bool | None


@dataclass(frozen=True)
class HardStrand:
    """Everything that the hard rungs rest on."""

    binding: Binding | None
    directedness: Directedness | None
    strength: Strength
    activity: Activity
    tension: Tension


def measure(question: Question) -> HardStrand:
    """Measure the hard strand of a question; parts outside coverage are None with a reason."""
    share = weighing.member_power(question)
    if share is None:
        why = f"some member has no power figure under {question.metric} in {question.year}"
        question.reach.unknown("power", why)
        question.reach.why("power", power.metric(question.metric).table, question.year)
    if question.day > question.book.last_day:
        question.reach.why("hard", "atop_members", question.year)
        return HardStrand(
            None,
            None,
            _strength(question, ()),
            _activity(question, share),
            _tension(question, share),
        )
    standing = question.book.on(question.day)
    binding = _binding(question, standing, share)
    return HardStrand(
        binding,
        _directedness(question, standing, binding, share),
        _strength(question, _target_allies(question, standing)),
        _activity(question, share),
        _tension(question, share),
    )


def _binding(question: Question, standing: Sequence[pacts.Pact], share: Array | None) -> Binding:
    members, target = question.members, question.target.ccode
    tied = pacts.tied(standing, members, target)
    allied = pacts.allied_with(standing, members, target)
    tying = tuple(p.name for p in pacts.tying(standing, members, target))
    dyads = len(members) * (len(members) - 1) // 2
    if share is None:
        known = 0.0 if not allied else None
        return Binding(
            None,
            hard.bound_dyads(tied),
            dyads,
            None,
            None,
            None,
            None,
            None,
            tuple(allied),
            known,
            tying,
        )
    one, two = hard.core(share)
    hardest = hard.hardest_core(share, tied)
    inside = np.isin(members, allied)
    return Binding(
        bound_share=hard.bound_share(share, tied),
        bound_dyads=hard.bound_dyads(tied),
        dyads=dyads,
        core=(members[one], members[two]),
        core_bound=bool(tied[one, two]),
        core_consults=bool(pacts.consults(standing, members[one], members[two], target)),
        hardest_core=tuple(members[i] for i in hardest.places),
        hardest_core_bound_share=hardest.bound_share,
        allied_with_target=tuple(allied),
        allied_with_target_share=float(share[inside].sum() / share.sum()),
        pacts=tying,
    )


def _anchoring(
    question: Question, standing: Sequence[pacts.Pact], binding: Binding, share: Array | None
) -> list[pacts.Pact]:
    """Pacts that can carry the bloc's direction: each binds a quarter of it, or its core consults.

    Any pact of two small members would otherwise lend its quarrel to the whole bloc.
    """
    members, target = question.members, question.target.ccode
    found = pacts.tying(standing, members, target)
    if share is not None:
        cut = question.rules.anchor_share
        found = [
            pact
            for pact in found
            if hard.bound_share(share, pacts.tied([pact], members, target)) >= cut
        ]
    if binding.core:
        core = pacts.consults(standing, *binding.core, target)
        found += [pact for pact in core if pact not in found]
    return found


def _directedness(
    question: Question, standing: Sequence[pacts.Pact], binding: Binding, share: Array | None
) -> Directedness:
    carrying = _anchoring(question, standing, binding, share)
    aim = _aim(question, question.rules.hostility)
    anchors = aim.anchors(carrying, question.year)
    if not anchors:
        return _without_pact(aim, question)
    best = anchors[0]
    onset = aim.onset(anchors, question.year) if best.holds else None
    of_all, rest = best.direction.share, best.direction.rest
    return Directedness(
        directed=best.holds,
        share=_point(of_all),
        rest=_point(rest),
        share_bounds=of_all,
        rest_bounds=rest,
        pact=best.pact,
        signed=best.signed,
        measured=best.year,
        lapsed=best.lapsed,
        onset=onset,
        stage=_stage(onset, question),
        directed_without_rivalries=_without_rivalries(question, carrying),
    )


def _without_pact(aim: Aim, question: Question) -> Directedness:
    """No pact carries direction: D and D₋ of the year itself are shown, and it is not directed."""
    found = aim.direction(question.year)
    share, rest = (found.share, found.rest) if found else (None, None)
    return Directedness(
        False,
        _point(share),
        _point(rest),
        share,
        rest,
        None,
        None,
        question.year,
        None,
        None,
        None,
        False,
    )


def _point(bounds: tuple[float, float] | None) -> float | None:
    return bounds[0] if bounds and bounds[0] == bounds[1] else None


def _stage(onset: int | None, question: Question) -> str | None:
    if onset is None:
        return None
    return "formation" if question.year - onset <= question.rules.formation_years else "legacy"


def _aim(question: Question, hostility: HostilityRule) -> Aim:
    return Aim(
        question.book,
        question.members,
        question.target.ccode,
        lambda members, year: weighing.weights(question, members, year),
        replace(question.rules, hostility=hostility),
    )


def _without_rivalries(question: Question, carrying: Sequence[pacts.Pact]) -> bool | None:
    rule = HostilityRule(question.rules.hostility.window, rivalries=False)
    anchors: list[Anchor] = _aim(question, rule).anchors(carrying, question.year)
    return anchors[0].holds if anchors else False


def _target_allies(question: Question, standing: Sequence[pacts.Pact]) -> tuple[int, ...]:
    """States with a duty to fight for the target, or it for them; members of the bloc left out."""
    target = question.target.ccode
    system = [c for c in states.system(question.year) if c not in (*question.members, target)]
    return tuple(pacts.allied_with(standing, system, target))


def _strength(question: Question, allies: Sequence[int]) -> Strength:
    alone = {name: weighing.ratio(question, name) for name in power.METRICS}
    joined = {name: weighing.ratio(question, name, allies) for name in power.METRICS}
    return Strength(
        alone[question.metric], alone, joined, enough(alone.values(), question.rules.power_ratio)
    )


def enough(ratios: Iterable[float | None], cut: float) -> bool | None:
    """At least half of the metrics put the bloc at ``cut`` or more of the target; None if open."""
    found = list(ratios)
    passed = sum(r is not None and r >= cut for r in found)
    open_ = sum(r is None for r in found)
    if 2 * passed >= len(found):
        return True
    return None if 2 * (passed + open_) >= len(found) else False


def _activity(question: Question, share: Array | None) -> Activity:
    target, members = question.target.ccode, question.members
    growth = tuple(arming.growth(members, target, question.year, w) for w in arming.WINDOWS)
    joint = exercises.together(members, target, question.year)
    if joint is None:
        question.reach.why("exercises", "exercises", question.year)
    held = presence.hosts(target, question.day, question.rules.hosting_troops)
    penetrated = tuple(m for m in members if m in held.codes)
    inside = None if share is None else held.share(members, share.tolist())
    if inside is None:
        question.reach.unknown(
            "penetration_share",
            "forces of this target abroad are not listed completely in this year"
            if share is not None
            else "the power of some member is unknown",
        )
    return Activity(growth, joint, inside, penetrated, _imposed(question, share))


def _tension(question: Question, share: Array | None) -> Tension:
    power_of = None if share is None else share.tolist()
    found = internal_tension(question.members, power_of, question.year)
    if found.reason:
        question.reach.unknown("internal_tension", found.reason)
    return found


def _imposed(question: Question, share: Array | None) -> bool | None:
    """Has the leader most of the power and forces in members? None if its forces are not listed."""
    if share is None:
        return None
    leader = question.members[hard.core(share)[0]]
    if float(share.max() / share.sum()) <= question.rules.imposed_share:
        return False
    held = presence.hosts(leader, question.day, question.rules.hosting_troops)
    if any(m in held.codes for m in question.members if m != leader):
        return True
    return False if held.is_complete else None
