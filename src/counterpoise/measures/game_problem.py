"""The balancing game of a target and a year, from the record.

What states know is of the year before: power, threat, distance, bases, and pacts as they stood on
its last day. What they did is of the year itself (``game_choices``). One list of the states that
host the target's forces decides bases and distances, and threats where the measure of threat counts
from bases (``survival_forward``), so that closing a base moves all of them.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import pacts, presence
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD
from counterpoise.measures.threat import COMBINATIONS
from counterpoise.measures.threats import Matrices, threats
from counterpoise.models.balancing_game import BalancingProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.pacts import Pact

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

THREAT = "additive"
"""Mean of Walt's four components: of the measures tried, the one under which the choices of
1826 to 1990 are likeliest (docs/reference/balancing-game.md)."""

THREATS = tuple(
    name for name in COMBINATIONS if name not in ("balance_of_power", "loss_of_strength")
)
"""Combinations that lie in [0, 1] and differ from state to state."""

FEWEST_IN_GROUP = 2
LEAST_IN_GROUP = 0.05
"""Pacts whose players hold less of the target's power are left out: solidarity hardly adds."""


@dataclass(frozen=True, eq=False)
class RecordGame:
    """The game of one target and year, and what it leaves out.

    ``ccodes`` are the players' numbers in the order of the problem, ``hosts`` the states in which
    the target's forces stand. ``left_out`` says, by state, why it does not play. ``hosts_known``
    is False where only listed hosts are known, so that others count as hosting none. ``extended``
    says what was carried forward.
    """

    problem: BalancingProblem
    target: int
    year: int
    metric: str
    threat: str
    ccodes: tuple[int, ...]
    hosts: frozenset[int]
    hosts_known: bool
    left_out: dict[int, str]
    extended: dict[str, str]
    matrices: Matrices

    def with_hosts(self, hosts: Iterable[int]) -> RecordGame:
        """The same game with other hosts: bases, distances and threats follow."""
        there = frozenset(hosts)
        distance, threat = _seen_from(self.matrices, self.target, there, self.threat)
        at = [self.matrices.place(c) for c in self.ccodes]
        problem = replace(
            self.problem,
            distance_km=distance[at],
            threat=np.clip(threat[at], 0, 1),
            base=_bases(self.ccodes, there),
        )
        return replace(self, problem=problem, hosts=there)

    def with_pact(self, members: Iterable[int], name: str) -> RecordGame:
        """The same game with one more pact among players.

        Raises
        ------
        QuestionError : fewer than two of them play, or a pact of that name is there already.
        """
        inside = [self.ccodes.index(c) for c in members if c in self.ccodes]
        if len(inside) < FEWEST_IN_GROUP:
            raise QuestionError(f"The pact {name} needs at least two players of this game.")
        if name in self.problem.groups:
            raise QuestionError(f"A pact {name} is in this game already.")
        column = np.zeros((len(self.ccodes), 1))
        column[inside] = _weight(self.problem.ratio, inside)
        problem = replace(
            self.problem,
            groups=(*self.problem.groups, name),
            membership=np.hstack([self.problem.membership, column]),
        )
        return replace(self, problem=problem)


def game_problem(
    target: int, year: int, metric: str = "cinc", threat: str = THREAT, *, extend: bool = False
) -> RecordGame:
    """The balancing game of a target and a year.

    Parameters
    ----------
    target : COW number of a state in the system in the year.
    metric : of power.
    threat : one of ``THREATS``.
    extend : let a table's last year answer for later ones.

    Raises
    ------
    CoverageError : the target or its power is not known, or the threat of it to no state.
    QuestionError : no such measure of threat.
    """
    if threat not in THREATS:
        raise QuestionError(f'Unknown threat "{threat}". There are: {", ".join(THREATS)}.')
    found = threats(year, metric, extend=extend)
    power = found.found.power[:, 0]
    place = found.place(target)
    if np.isnan(power[place]):
        raise CoverageError(_silence(found, f"power ({metric})", target))
    held = presence.hosts(target, dt.date(found.data_year, 12, 31), STANDARD.hosting_troops)
    distance, danger = _seen_from(found, target, held.codes, threat)
    values = {"power": power, "threat": danger, "distance": distance}
    known: Flags = np.asarray(np.isfinite(np.stack(list(values.values()))).all(axis=0))
    known[place] = False
    if not known.any():
        raise CoverageError(_silence(found, "the threat", target))
    codes = tuple(int(c) for c in found.places.ccodes[known])
    ratio = power[known] / power[place]
    groups, membership = _groups(_standing(found.data_year, extend=extend), codes, target, ratio)
    names = states.names()
    problem = BalancingProblem(
        names=tuple(names.abbreviation(c) for c in codes),
        target=names.abbreviation(target),
        power=power[known],
        target_power=float(power[place]),
        threat=np.clip(danger[known], 0, 1),
        distance_km=distance[known],
        base=_bases(codes, held.codes),
        membership=membership,
        groups=groups,
    )
    return RecordGame(
        problem=problem,
        target=target,
        year=year,
        metric=metric,
        threat=threat,
        ccodes=codes,
        hosts=held.codes,
        hosts_known=held.is_complete,
        left_out=_left_out(found, values, known, place),
        extended=dict(found.extended),
        matrices=found,
    )


def _seen_from(
    found: Matrices, target: int, hosts: frozenset[int], threat: str
) -> tuple[Array, Array]:
    """Distance in km from the target's borders and hosts to each state, and its threat; (n,)."""
    place = found.place(target)
    border = found.component("distance_km")
    np.fill_diagonal(border, 0.0)
    nearest = border[place].copy()
    for host in (found.places.of(code) for code in hosts):
        if host >= 0:
            nearest = np.fmin(nearest, border[host])
    forward = np.array(np.broadcast_to(found.found.forward_km, border.shape))
    forward[place] = nearest
    danger = COMBINATIONS[threat](replace(found.found, forward_km=forward))
    row = np.array(np.broadcast_to(danger, border.shape)[place])
    return nearest, row


def _bases(codes: Sequence[int], hosts: frozenset[int]) -> Array:
    return np.array([float(c in hosts) for c in codes])


def _silence(found: Matrices, what: str, target: int) -> str:
    name = states.names().name(target, found.year)
    reasons = "; ".join(dict.fromkeys(found.silent.values())) or f"no figure for {name}"
    return (
        f"The game against {name} in {found.year} rests on {found.data_year}, where {what} is "
        f"unknown: {reasons}. Ask for another year, or carry the record forward with --extend."
    )


def _left_out(
    found: Matrices, values: dict[str, Array], known: Flags, place: int
) -> dict[int, str]:
    return {
        int(code): f"no figure for {', '.join(n for n, v in values.items() if np.isnan(v[k]))}"
        for k, code in enumerate(found.places.ccodes)
        if not known[k] and k != place
    }


def _standing(year: int, *, extend: bool) -> Sequence[Pact]:
    """Pacts in force on the last day of a year.

    Raises
    ------
    CoverageError : they are unknown.
    """
    book = pacts.book(Reach(extend), is_extended=extend)
    day = dt.date(year, 12, 31)
    if day > book.last_day:
        raise CoverageError(
            f"{record.coverage_reason('atop_members', year)}. Carry pacts forward with --extend."
        )
    return book.on(day)


def _groups(
    standing: Sequence[Pact], codes: Sequence[int], target: int, ratio: Array
) -> tuple[tuple[str, ...], Array]:
    """Pacts of defence or attack without the target, as groups of players.

    A pact whose players all belong to another one is left out, so that two partners in several
    pacts do not count each other's choice several times.
    """
    place = {code: k for k, code in enumerate(codes)}
    columns: dict[frozenset[int], str] = {}
    for pact in standing:
        if target in pact.members or not any(d.defense or d.offense for d in pact.duties):
            continue
        inside = frozenset(place[c] for c in pact.members if c in place)
        held = ratio[list(inside)].sum()
        if len(inside) >= FEWEST_IN_GROUP and held >= LEAST_IN_GROUP:
            columns.setdefault(inside, pact.name)
    widest = [inside for inside in columns if not any(inside < other for other in columns)]
    membership = np.zeros((len(codes), len(widest)))
    for k, inside in enumerate(widest):
        membership[list(inside), k] = _weight(ratio, list(inside))
    return tuple(columns[inside] for inside in widest), membership


def _weight(ratio: Array, inside: Sequence[int]) -> float:
    """Entry of a group's members: 1, less where they hold more than the target's power.

    What balancing partners add then never exceeds the share of the group's power that balances.
    Without this bound, partners of great power would all balance or none, and which would be left
    to chance.
    """
    return 1 / math.sqrt(max(float(ratio[list(inside)].sum()), 1.0))
