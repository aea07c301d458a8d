"""What would change a verdict: the smallest changes in the world that move the rung.

Changes are in the world and never in the cut-offs: a pact between members, or its end; a member
that joins or leaves; aid or bases between the two strongest; ties to the target; a quarrel with
it. Every single change is tried; where none makes the bloc hard, or none lowers it, pairs of the
most promising. Each that is told was verified by asking the verdict itself of the changed world.

The target's bases are not among them: no rung rests on who hosts whose forces, so that closing or
opening one moves nothing.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.assessment import weighing
from counterpoise.assessment.changed_world import Events, changed
from counterpoise.assessment.multiverse_rungs import RUNGS, Cuts, judge
from counterpoise.assessment.multiverse_world import Choices, world
from counterpoise.assessment.verdict import answer
from counterpoise.measures import pacts, power

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from counterpoise.assessment.question import Question

HEIGHT = {"none": 0, "diplomacy": 0, "soft": 0, "incipient": 1, "hard": 2}
"""Rungs of hard balancing from low to high; soft and diplomacy are an axis of their own."""

WOULD_BE = {
    "hard": "a hard-balancing coalition",
    "incipient": "the start of a coalition, aimed at the target but only partly bound",
    "none": "neither a hard-balancing coalition nor the start of one",
    "soft": "no hard-balancing coalition, and coordinate in diplomacy alone",
    "diplomacy": "no hard-balancing coalition, and aligned only as interests explain",
}

MOST_PAIRS = 12
MOST_STATES = 8
MOST_OF_KIND = 3
"""How many pairs of members and how many states are tried, the strongest first; how many single
changes of a kind are tried in pairs, the most promising first."""


@dataclass(frozen=True)
class Step:
    """One change in the world, in words after *if*, and how much power it involves."""

    kind: str
    clause: str
    events: Events
    weight: float


@dataclass(frozen=True)
class Change:
    """One or two steps that together move the rung.

    ``direction`` is ``up`` or ``down``. ``sentence`` is what a reader is told.
    """

    sentence: str
    kinds: tuple[str, ...]
    direction: str
    before: str
    after: str
    events: Events

    def to_dict(self) -> dict[str, object]:
        """Plain values, in the form of ``counterpoise assess --json``."""
        return {
            "sentence": self.sentence,
            "kinds": list(self.kinds),
            "direction": self.direction,
            "before": self.before,
            "after": self.after,
        }


def changes(question: Question, most: int = 4) -> tuple[Change, ...]:
    """The smallest changes in the world that move the rung up or down.

    Parameters
    ----------
    most : how many to tell in each direction, those that involve the least power first.

    Returns
    -------
    Changes upward, then downward; empty where the rung is unknown or nothing tried moves it.
    """
    if question.day > question.book.last_day:
        return ()
    start = _try(question)
    if start.rung not in HEIGHT:
        return ()
    tried = [(step, _try(changed(question, step.events))) for step in steps(question)]
    found: list[Change] = []
    for direction in ("up", "down"):
        single = _without_larger(
            [((step,), outcome) for step, outcome in tried if _moves(start, outcome, direction)]
        )
        found += _told(question, start.rung, single, direction, most)
        best = max((outcome for _, outcome in single), key=_height, default=start)
        if direction == "up" or not single:
            pairs = _pairs(question, best if direction == "up" else start, tried, direction)
            found += _told(question, start.rung, pairs, direction, most // 2)
    return tuple(found)


Moving = list[tuple[tuple["Step", ...], "_Tried"]]


def _without_larger(moving: Moving) -> Moving:
    """Leave out a pact where a smaller one does as much: fewer parties, or no adversary named."""
    pacts_ = [(s[0].events.signed[0], HEIGHT[t.rung]) for s, t in moving if s[0].events.signed]

    def is_larger(step: Step, height: int) -> bool:
        if not step.events.signed:
            return False
        parties, threats = step.events.signed[0]
        return any(
            (fewer, named) != (parties, threats)
            and set(fewer) <= set(parties)
            and set(named) <= set(threats)
            and as_high == height
            for (fewer, named), as_high in pacts_
        )

    return [(s, t) for s, t in moving if not is_larger(s[0], HEIGHT[t.rung])]


@dataclass(frozen=True)
class _Tried:
    """The rung of a world, and how near it is to hard: the sum of its figures, 1 each at most."""

    rung: str
    nearness: float


def _try(question: Question) -> _Tried:
    """The hard strand alone, by the arrays of the multiverse at one specification."""
    if len(question.members) < 2:
        return _Tried("none", 0.0)
    rules = question.rules
    choices = Choices((question.metric,), ("power",), ("defence or offence",), (rules.hostility,))
    cuts = Cuts(
        np.array([rules.bound_share]),
        np.array([rules.directedness]),
        np.array([rules.directedness_rest]),
        ("alone",),
        1,
    )
    found = judge(world(question, choices), cuts, rules)
    return _Tried(RUNGS[int(found.rungs.item())], float(found.nearness.item()))


def _height(tried: _Tried) -> int:
    return HEIGHT[tried.rung]


def _moves(start: _Tried, tried: _Tried, direction: str) -> bool:
    if tried.rung not in HEIGHT:
        return False
    rise = HEIGHT[tried.rung] - HEIGHT[start.rung]
    return rise > 0 if direction == "up" else rise < 0


def _pairs(
    question: Question, past: _Tried, tried: Sequence[tuple[Step, _Tried]], direction: str
) -> Moving:
    """Pairs of the single changes that bring the bloc nearest, where they move it past a rung."""
    top = {"up": max(HEIGHT.values()), "down": 0}[direction]
    found: Moving = []
    if HEIGHT[past.rung] == top:
        return found
    sign = 1 if direction == "up" else -1
    ranked = sorted(tried, key=lambda pair: (-sign * pair[1].nearness, pair[0].weight))
    kinds = dict.fromkeys(step.kind for step, _ in ranked)
    useful = [
        step for kind in kinds for step in [s for s, _ in ranked if s.kind == kind][:MOST_OF_KIND]
    ]
    for one, two in combinations(useful, 2):
        outcome = _try(changed(question, one.events + two.events))
        if _moves(past, outcome, direction):
            found.append(((one, two), outcome))
    return found


def _told(
    question: Question,
    before: str,
    moving: Moving,
    direction: str,
    most: int,
) -> Iterator[Change]:
    """The smallest of the changes, each verified by the whole verdict."""
    sign = 1 if direction == "up" else -1
    ranked = sorted(
        moving,
        key=lambda pair: (-sign * HEIGHT[pair[1].rung], sum(step.weight for step in pair[0])),
    )
    for steps_, outcome in ranked[:most]:
        events = functools.reduce(lambda a, b: a + b, (step.events for step in steps_))
        after = _verified(question, events)
        if after is not None and HEIGHT.get(after, -1) == HEIGHT[outcome.rung]:
            clauses = ", and ".join(step.clause for step in steps_)
            sentence = f"If {clauses}, it would be {WOULD_BE[after]}."
            kinds = tuple(step.kind for step in steps_)
            yield Change(sentence, kinds, direction, before, after, events)


def _verified(question: Question, events: Events) -> str | None:
    asked = changed(question, events)
    return answer(asked).ladder if len(asked.members) > 1 else "none"


def steps(question: Question) -> list[Step]:
    """Every single change that is tried."""
    found = [
        *_signed(question),
        *_ended(question),
        *_aided(question),
        *_joined(question),
        *_departed(question),
        *_target_pacts(question),
        *_quarrels(question),
    ]
    return found


def _power(question: Question) -> dict[int, float]:
    """Power of every state in the year; 0 where it has no figure."""
    year = question.reach.year(power.metric(question.metric).table, question.year)
    return {} if year is None else power.shares(question.metric, year)


def _weight(question: Question, codes: Iterable[int]) -> float:
    share = _power(question)
    return sum(share.get(code, 0.0) for code in codes)


def _strongest(question: Question, codes: Iterable[int], most: int) -> list[int]:
    share = _power(question)
    return sorted(codes, key=lambda code: (-share.get(code, 0.0), code))[:most]


WITH_ARTICLE = ("United ", "USSR", "Netherlands", "Philippines", "Ottoman", "Papal", "Maldives")


def _name(question: Question, code: int) -> str:
    """A state in a sentence, with its article."""
    name = states.names().name(code, question.year)
    return f"the {name}" if name.startswith(WITH_ARTICLE) else name


def _names(question: Question, codes: Sequence[int]) -> str:
    named = [_name(question, code) for code in codes]
    if len(named) > 4:
        return f"{', '.join(named[:2])} and {len(named) - 2} others"
    return ", ".join(named[:-1]) + " and " + named[-1]


def _signed(question: Question) -> Iterator[Step]:
    """Defence pacts between two members, or among all, with and without naming the target."""
    members, target, share = question.members, question.target.ccode, _power(question)
    pairs = sorted(
        combinations(members, 2),
        key=lambda pair: -share.get(pair[0], 0.0) * share.get(pair[1], 0.0),
    )[:MOST_PAIRS]
    groups: list[tuple[int, ...]] = [*pairs, *([members] if len(members) > 2 else [])]
    for parties in groups:
        who = "all its members" if len(parties) > 2 else _names(question, parties)
        for threats, tail in (
            ((), ""),
            ((target,), f" that names {_name(question, question.target.ccode)}"),
        ):
            yield Step(
                "pact",
                f"{who} signed a defence pact{tail}",
                Events(question.year, signed=((parties, threats),)),
                _weight(question, parties) + 1e-9 * len(threats),
            )


def _ended(question: Question) -> Iterator[Step]:
    standing = question.book.on(question.day)
    for pact in pacts.tying(standing, question.members, question.target.ccode):
        inside = _strongest(question, pact.members & set(question.members), len(question.members))
        yield Step(
            "pact",
            f"the pact of {pact.signed} between {_names(question, inside)} ({pact.name}) ended",
            Events(question.year, ended=(pact.name,)),
            _weight(question, inside),
        )


def _aided(question: Question) -> Iterator[Step]:
    """Aid or bases between the two strongest, where they owe each other consultation."""
    if weighing.member_power(question) is None:
        return
    one, two = _strongest(question, question.members, 2)
    for pact in question.book.on(question.day):
        is_theirs = {one, two} <= pact.members and question.target.ccode not in pact.members
        consults = any(d.consultation for d in pact.duties if d.ccode in (one, two))
        if is_theirs and consults and not any(d.aid_or_base for d in pact.duties):
            yield Step(
                "base",
                f"{_names(question, (one, two))} granted each other aid or bases under their pact "
                f"of {pact.signed} ({pact.name})",
                Events(question.year, aided=(pact.name,)),
                _weight(question, (one, two)),
            )


def _joined(question: Question) -> Iterator[Step]:
    """Observers, partners and the strongest outsiders, one at a time."""
    bloc = question.bloc
    system = set(states.system(question.year)) - {*bloc.members, question.target.ccode}
    near = [c for c in (*bloc.observers, *bloc.partners) if c in system]
    strongest = _strongest(question, system, MOST_STATES)
    for code in dict.fromkeys((*near[: 2 * MOST_STATES], *strongest)):
        yield Step(
            "member",
            f"{_name(question, code)} joined",
            Events(question.year, joined=(code,)),
            _weight(question, (code,)),
        )


def _departed(question: Question) -> Iterator[Step]:
    if len(question.members) < 3:
        return
    for code in _strongest(question, question.members, 2 * MOST_STATES):
        yield Step(
            "member",
            f"{_name(question, code)} left",
            Events(question.year, departed=(code,)),
            _weight(question, (code,)),
        )


def _target_pacts(question: Question) -> Iterator[Step]:
    """A member signs a defence pact with the target, or leaves those it has."""
    target, standing = question.target.ccode, question.book.on(question.day)
    allied = set(pacts.allied_with(standing, question.members, target))
    for code in _strongest(question, question.members, MOST_STATES):
        name, weight = _name(question, code), _weight(question, (code,))
        if code in allied:
            theirs = tuple((pact.name, code) for pact in standing if {code, target} <= pact.members)
            clause = f"{name} left its pacts with {_name(question, question.target.ccode)}"
            yield Step("pact", clause, Events(question.year, left=theirs), weight)
        else:
            clause = f"{name} signed a defence pact with {_name(question, question.target.ccode)}"
            events = Events(question.year, signed=(((code, target), ()),))
            yield Step("pact", clause, events, weight)


def _quarrels(question: Question) -> Iterator[Step]:
    """A serious dispute of a member with the target, or no quarrel with it at any time."""
    rule, target = question.rules.hostility, question.target.ccode
    its_name = _name(question, target)
    for code in _strongest(question, question.members, MOST_STATES):
        weight, name = _weight(question, (code,)), _name(question, code)
        if rule.hostile(code, target, question.year) is not True:
            clause = f"{name} had a serious dispute with {its_name}"
            yield Step("threat", clause, Events(question.year, quarrels=(code,)), weight)
        clause = f"{name} had never had a quarrel with {its_name}"
        yield Step("threat", clause, Events(question.year, calm=(code,)), weight)
