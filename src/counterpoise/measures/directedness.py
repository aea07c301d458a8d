"""Is a bloc's binding aimed at the target? Measured when its pacts were signed, then followed.

Binding alone says little: every pact leaves most of the world out. A pact anchors directedness
when, in the year before its signature or the year of it, members with at least half the bloc's
power, and a third of the power without its strongest member, were hostile to the target: rivals,
in a serious dispute within ten years, or bound by a pact that names the target. It lapses after
fifteen years in a row in which that no longer holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.measures.hard import Direction, bound_share, core, direction, unweighed
from counterpoise.measures.hostility import either, every
from counterpoise.measures.pacts import tied, tying

if TYPE_CHECKING:
    from counterpoise.measures.pacts import Pact, PactBook
    from counterpoise.measures.rules import Rules

Weights = Callable[[Sequence[int], int], tuple[list[int], list[float] | None]]
"""Members that exist in a year, and their power then or None where a figure is missing."""


@dataclass(frozen=True)
class Anchor:
    """One pact seen as the root of a bloc's direction against the target.

    ``year`` is the year of the window in which D₋ was greater; ``holds`` is whether it passed
    then and has not lapsed since; ``lapsed`` is the year of the lapse.
    """

    pact: str
    signed: int
    year: int
    direction: Direction
    passed: bool | None
    lapsed: int | None
    holds: bool | None


@dataclass(frozen=True)
class Aim:
    """A bloc, its target and its pacts: everything that directedness is measured on."""

    book: PactBook
    members: tuple[int, ...]
    target: int
    weights: Weights
    rules: Rules

    def direction(self, year: int, pact: Pact | None = None) -> Direction | None:
        """D and D₋ of the members that exist in ``year``; None with fewer than two.

        ``pact`` counts as if it were already in force, for the year before its signature. Where
        power is unknown D is still known if all members are alike.
        """
        codes, power = self.weights(self.members, year)
        if len(codes) < 2:
            return None
        named = self._named(year, pact)
        rule = self.rules.hostility
        signs = [c in named or rule.hostile(c, self.target, year) for c in codes]
        return direction(np.array(power), signs) if power else unweighed(signs)

    def _named(self, year: int, pact: Pact | None) -> set[int]:
        """Members that a pact which names the target binds to another member."""
        pacts = [*self.book.on(dt.date(year, 12, 31)), *([pact] if pact else [])]
        naming = [p for p in pacts if self.target in p.threats]
        inside = set(self.members)
        return {c for p in tying(naming, self.members, self.target) for c in p.members & inside}

    def holds_in(self, year: int) -> bool | None:
        """Would the bloc pass as directed in this one year?"""
        found = self.direction(year)
        return self._passes(found)

    def _passes(self, found: Direction | None) -> bool | None:
        if found is None:
            return None
        return found.is_directed(self.rules.directedness, self.rules.directedness_rest)

    def anchor(self, pact: Pact, year: int) -> Anchor:
        """Directedness at the signature of one pact, and whether it still holds in ``year``."""
        window = {y: self.direction(y, pact) for y in (pact.signed - 1, pact.signed)}
        known = {y: d for y, d in window.items() if d is not None}
        nothing = Direction((0.0, 1.0), (0.0, 1.0))
        best = max(known, key=lambda y: (known[y].rest[0], known[y].share[0]), default=pact.signed)
        passed = either(*(self._passes(d) for d in window.values()))
        lapsed, may_have_lapsed = self._lapse(pact.signed, year) if passed else (None, False)
        still = False if lapsed else (None if may_have_lapsed else True)
        return Anchor(
            pact.name,
            pact.signed,
            best,
            known.get(best, nothing),
            passed,
            lapsed,
            every(passed, still),
        )

    def _lapse(self, signed: int, year: int) -> tuple[int | None, bool]:
        """Year that completed fifteen quiet years, and whether unknown years may hide one."""
        surely = possibly = 0
        doubtful = False
        for y in range(signed + 1, year + 1):
            hot = self.holds_in(y)
            surely = surely + 1 if hot is False else 0
            possibly = possibly + 1 if hot is not True else 0
            if surely >= self.rules.quiet_years:
                return y, True
            doubtful = doubtful or possibly >= self.rules.quiet_years
        return None, doubtful

    def anchors(self, pacts: Sequence[Pact], year: int) -> list[Anchor]:
        """One anchor per pact, the most telling first."""
        found = [self.anchor(pact, year) for pact in pacts]
        return sorted(found, key=_telling)

    def onset(self, anchors: Sequence[Anchor], year: int) -> int | None:
        """First year in which the members were bound, core included, under a pact that holds."""
        signed = [a.signed for a in anchors if a.holds]
        for y in range(min(signed, default=year + 1), year + 1):
            codes, power = self.weights(self.members, y)
            if len(codes) >= 2 and self._is_bound(codes, power, y):
                return y
        return None

    def _is_bound(self, codes: list[int], power: list[float] | None, year: int) -> bool:
        matrix = tied(self.book.on(dt.date(year, 12, 31)), codes, self.target)
        if power is None:
            return bool((matrix | np.eye(len(codes), dtype=bool)).all())
        share = np.array(power)
        return bool(bound_share(share, matrix) >= self.rules.bound_share and matrix[core(share)])


def _telling(anchor: Anchor) -> tuple[int, float, int, str]:
    rank = {True: 0, None: 1, False: 2}[anchor.holds]
    return rank, -anchor.direction.rest[0], anchor.signed, anchor.pact
