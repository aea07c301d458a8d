"""Pacts in force on one day as arrays over states, seen from one target.

The same rules as in :mod:`counterpoise.measures.pacts`, for many groups of states at once. Every
array has one row more than there are states: the last row stands for nobody, so that groups of
different sizes can be padded to one width.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.pacts import Pact, PactBook

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Naming:
    """A pact that names the target: who is in it, who must fight; shape (n + 1,) each."""

    inside: Flags
    owing: Flags


@dataclass(frozen=True)
class TargetPact:
    """A pact of the target's own: who is allied with it by this, and whom the pact threatens."""

    allied: Flags
    threats: Flags


@dataclass(frozen=True)
class PactArrays:
    """Pacts without the target, in the order of their names, and the target's own.

    ``inside``, ``owing``, ``consulting`` and ``aiding`` have shape (n + 1, pacts): is the state a
    member, must it fight for another as far as the target is concerned, does it owe consultation,
    aid or a base. ``tied`` is (n + 1, n + 1); ``names_target`` and ``signed`` are (pacts,).
    """

    names: tuple[str, ...]
    signed: Ints
    inside: Flags
    owing: Flags
    consulting: Flags
    aiding: Flags
    names_target: Flags
    tied: Flags
    of_target: tuple[TargetPact, ...]

    @functools.cached_property
    def pairs(self) -> tuple[Ints, Ints, Flags, Ints, Ints]:
        """Pacts of two, which need no counting.

        Returns
        -------
        Places of the pacts of two and of the others; then, for the pacts of two, whether one must
        fight, the first member and the second.
        """
        of_two = self.inside.sum(axis=0) == 2
        two, more = np.flatnonzero(of_two), np.flatnonzero(~of_two)
        ends = np.nonzero(self.inside[:, two].T)[1].reshape(len(two), 2)
        binds: Flags = np.asarray(self.owing[:, two].any(axis=0))
        return two, more, binds, ends[:, 0], ends[:, 1]


def arrays(pacts: Sequence[Pact], codes: Sequence[int], target: int) -> PactArrays:
    """Write pacts as arrays over ``codes``; pacts with fewer than two of them are left out."""
    place = {code: i for i, code in enumerate(codes)}
    size = len(codes) + 1
    used = [p for p in pacts if target not in p.members and len(p.members & place.keys()) > 1]
    shape = (size, len(used))
    inside, owing, consulting, aiding = (np.zeros(shape, dtype=bool) for _ in range(4))
    for k, pact in enumerate(used):
        for duty in pact.duties:
            i = place.get(duty.ccode)
            if i is None:
                continue
            inside[i, k] = True
            owing[i, k] |= duty.binds(target)
            consulting[i, k] |= duty.consultation
            aiding[i, k] |= duty.aid_or_base
    return PactArrays(
        names=tuple(p.name for p in used),
        signed=np.array([p.signed for p in used], dtype=np.int64),
        inside=inside,
        owing=owing,
        consulting=consulting,
        aiding=aiding,
        names_target=np.array([target in p.threats for p in used], dtype=bool),
        tied=_tied(inside, owing),
        of_target=_of_target(pacts, place, target),
    )


def _tied(inside: Flags, owing: Flags) -> Flags:
    one_way = owing.astype(np.float32) @ inside.T.astype(np.float32) > 0
    tied: Flags = one_way | one_way.T
    np.fill_diagonal(tied, val=False)
    return tied


def _flags(codes: frozenset[int] | set[int], place: dict[int, int]) -> Flags:
    flags = np.zeros(len(place) + 1, dtype=bool)
    flags[[place[c] for c in codes if c in place]] = True
    return flags


def _of_target(pacts: Sequence[Pact], place: dict[int, int], target: int) -> tuple[TargetPact, ...]:
    found = []
    for pact in pacts:
        if target not in pact.members:
            continue
        owing = {d.ccode for d in pact.duties if d.defense or d.offense}
        allied = (pact.members if target in owing else pact.members & owing) - {target}
        found.append(TargetPact(_flags(allied, place), _flags(pact.threats, place)))
    return tuple(found)


def bound_by(pacts: PactArrays, weight: Floats) -> Floats:
    """Power-weighted pairs that each pact ties by itself, over all pairs; (groups, pacts).

    Parameters
    ----------
    weight : (groups, n + 1) power of each group's members, 0 for others.
    """
    two, more, binds, one, other = pacts.pairs
    share = np.zeros((len(weight), len(pacts.names)))
    held = weight > 0
    rows, at = np.nonzero(held[:, one] & held[:, other] & binds)
    share[rows, two[at]] = 2 * weight[rows, one[at]] * weight[rows, other[at]]
    share[:, more] = _tied_by(pacts.inside[:, more], pacts.owing[:, more], weight)
    every = weight.sum(axis=1) ** 2 - (weight**2).sum(axis=1)
    share[every <= 0] = 0.0
    share /= np.where(every > 0, every, 1.0)[:, None]
    return share


def _tied_by(inside: Flags, owing: Flags, weight: Floats) -> Floats:
    """Twice the weighted pairs of which one must fight: all pairs less those of which none must."""
    squares = weight**2
    tied = (weight @ inside) ** 2 - squares @ inside
    idle = inside & ~owing
    some = np.flatnonzero(idle.any(axis=0))
    tied[:, some] -= (weight @ idle[:, some]) ** 2 - squares @ idle[:, some]
    return np.asarray(np.maximum(tied, 0.0))


def naming(
    book: PactBook, days: Sequence[dt.date], codes: Sequence[int], target: int
) -> tuple[tuple[Naming, ...], ...]:
    """For each day, the pacts in force without the target that name it as the adversary."""
    spells = [(d.start, d.end) for d in book.duties if target in d.threats]
    place = {code: i for i, code in enumerate(codes)}
    return tuple(
        tuple(
            Naming(_flags(pact.members, place), _flags(pact.binding(target), place))
            for pact in book.on(day)
            if target in pact.threats and target not in pact.members
        )
        if any(start <= day and (end is None or day <= end) for start, end in spells)
        else ()
        for day in days
    )
