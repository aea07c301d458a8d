"""Who, by changing sides, would change the landscape's outcome most.

Blocs have no names and mirror images are one configuration, so sides need a frame: the strongest
member of each bloc, its pole. Each actor in turn leaves the pole of its bloc for the other pole;
the two poles stay opposed, and everybody else settles anew where the energy is least. A pole that
leaves is replaced by the next strongest of its bloc.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError, UnknownNameError
from counterpoise.models import landscape_kernels as kernels
from counterpoise.models.landscape_exact import MOST_ACTORS, padded, parts, pool
from counterpoise.models.landscape_problem import (
    Landscape,
    LandscapeSolution,
    energy,
    whole_weights,
)
from counterpoise.models.signed_graph import descended

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOGETHER, APART = 1, -1


@dataclass(frozen=True)
class Pivot:
    """What follows if one actor changes sides.

    ``left`` and ``joined`` are the poles it goes from and to; None where a bloc has no other
    member. ``cost`` is the rise of the lowest energy, 0 or more. ``moved`` are the others that
    then change sides too, and ``moved_share`` their part of the strength of all others, in
    [0, 1]; None where those have none. ``is_exact`` tells enumeration from descent.
    """

    actor: str
    left: str | None
    joined: str | None
    cost: float
    moved: tuple[str, ...]
    moved_share: float | None
    is_exact: bool


@dataclass(frozen=True)
class _Change:
    """One actor's change of sides by place, with the poles of its bloc and of the other."""

    actor: int
    left: int | None
    joined: int | None

    @property
    def rules(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """Pairs to hold together or apart; one rule twice where there is only one."""
        if self.joined is None:
            assert self.left is not None
            alone = (self.actor, self.left, APART)
            return alone, alone
        join = (self.actor, self.joined, TOGETHER)
        return join, join if self.left is None else (self.left, self.joined, APART)

    @property
    def frame(self) -> int:
        """The pole from which sides are seen before and after."""
        pole = self.left if self.joined is None else self.joined
        assert pole is not None
        return pole


def pivots(
    problem: Landscape,
    solution: LandscapeSolution,
    *,
    pole: str | None = None,
    workers: int | None = None,
) -> tuple[Pivot, ...]:
    """Every actor's pivot, the one that moves most of the others first.

    Parameters
    ----------
    solution : of two blocs, from which the lowest configuration is taken.
    pole : an actor to stand for its bloc in place of the strongest, such as the leading state.

    Raises
    ------
    UnknownNameError : no such actor.
    ModelError : a solution of more than two blocs.
    """
    if pole is not None and pole not in problem.actors:
        raise UnknownNameError(
            f'No actor "{pole}" in the landscape. There are: {", ".join(problem.actors)}'
        )
    if solution.blocs != 2:
        raise ModelError(f"Pivots need a solution of two blocs, not of {solution.blocs}.")
    if len(problem) < 2:
        return ()
    lowest = np.array(solution.optima[0].sides, dtype=np.int64)
    place = None if pole is None else problem.actors.index(pole)
    changes = [_change(problem, lowest, actor, place) for actor in range(len(problem))]
    is_exact = len(problem) <= MOST_ACTORS
    ends = (
        _enumerated(problem, changes, workers)
        if is_exact
        else [_settled(problem, solution, change) for change in changes]
    )
    found = [
        _pivot(problem, lowest, sides, change, is_exact)
        for change, sides in zip(changes, ends, strict=True)
    ]
    return tuple(sorted(found, key=lambda p: (-(p.moved_share or 0.0), p.cost)))


def _change(problem: Landscape, lowest: Ints, actor: int, place: int | None) -> _Change:
    def strongest(side: int) -> int | None:
        members = [k for k in range(len(problem)) if lowest[k] == side and k != actor]
        if place in members:
            return place
        return max(members, key=lambda k: (problem.strengths[k], -k), default=None)

    return _Change(actor, strongest(int(lowest[actor])), strongest(1 - int(lowest[actor])))


def _enumerated(problem: Landscape, changes: list[_Change], workers: int | None) -> list[Ints]:
    """For each change the lowest configuration that obeys its rules."""
    n = len(problem)
    bonds = padded(whole_weights(problem)[0])
    rules = np.array([change.rules for change in changes], dtype=np.int64)
    pieces = list(parts(1 << (n - 1)))
    lowest = np.full((len(pieces), len(rules)), np.inf)
    codes = np.full((len(pieces), len(rules)), -1, dtype=np.int64)

    def search(job: tuple[int, tuple[int, int]]) -> None:
        place, (first, count) = job
        kernels.ruled_minima(bonds, rules, first, count, lowest[place], codes[place])

    with pool(workers) as threads:
        list(threads.map(search, enumerate(pieces)))
    chosen = [np.lexsort((codes[:, q], lowest[:, q]))[0] for q in range(len(rules))]
    return [
        np.array([0, *(int(codes[k, q]) >> i & 1 for i in range(n - 1))])
        for q, k in enumerate(chosen)
    ]


def _settled(problem: Landscape, solution: LandscapeSolution, change: _Change) -> Ints:
    """The same by descent from every known optimum, the held actors put where they are held."""
    held = problem.weights
    # Stronger than everything else together: no descent pays for breaking a rule.
    force = 1 + np.abs(held).sum()
    for a, b, rule in change.rules:
        held[a, b] = held[b, a] = rule * force
    ends = []
    for optimum in solution.optima:
        sides = np.array(optimum.sides, dtype=np.int64)
        for a, b, rule in reversed(change.rules):
            sides[a] = sides[b] if rule == TOGETHER else 1 - sides[b]
        ends.append(descended(held, sides))
    return min(ends, key=lambda sides: float(energy(problem, sides)))


def _pivot(problem: Landscape, lowest: Ints, sides: Ints, change: _Change, is_exact: bool) -> Pivot:
    moved = (lowest ^ lowest[change.frame]) != (sides ^ sides[change.frame])
    moved[change.actor] = False
    names, strengths = problem.actors, problem.strengths
    rest = float(np.delete(strengths, change.actor).sum())
    return Pivot(
        actor=names[change.actor],
        left=None if change.left is None else names[change.left],
        joined=None if change.joined is None else names[change.joined],
        cost=max(0.0, float(energy(problem, sides) - energy(problem, lowest))),
        moved=tuple(a for a, is_moved in zip(names, moved, strict=True) if is_moved),
        moved_share=float(strengths[moved].sum()) / rest if rest > 0 else None,
        is_exact=is_exact,
    )
