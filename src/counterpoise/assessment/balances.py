"""Structural balance of the states of a year: two camps, what does not fit, and chance.

Friends, enemies and the rule are those of ``measures.signed_network``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise import states
from counterpoise.errors import CoverageError, ModelError, QuestionError
from counterpoise.measures.signed_network import SignedNetwork, TieRule, signed_network
from counterpoise.models.balance import (
    Balance,
    balance,
    line_index,
    shuffled,
    triangle_index,
    walk_index,
)
from counterpoise.models.frustration import least_frustration
from counterpoise.models.sign_shuffles import dealt
from counterpoise.models.signed_graph import SignedGraph, from_matrix
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

NULLS: dict[str, Callable[[SignedGraph, np.random.Generator], SignedGraph]] = {
    "degrees": dealt,
    "signs": shuffled,
}
"""Random signs on the same ties: every state keeps its friends and enemies in number, or only
their total is kept."""

LEVEL = 0.95
DRAWS = 40
TIME_LIMIT = 60.0


@dataclass(frozen=True)
class Chance:
    """One index against random signs on the same ties.

    ``mean``, ``low`` and ``high`` are of the draws, the bounds holding 95 % of them;
    ``percentile`` is the percentage of draws below the observed value, ties half. A draw whose line
    index was not proved counts with the lower bound, which favours chance. ``is_free`` is False
    where no draw differs from the network: nothing can then be said.
    """

    statistic: str
    null: str
    observed: float
    mean: float
    low: float
    high: float
    percentile: float
    draws: int
    seed: int
    is_free: bool


@dataclass(frozen=True)
class Wavering:
    """What it costs if one state stood in the other camp, seen from the pole.

    ``cost`` is the rise of the line index; 0: it fits either camp as well. ``moved`` are the
    others that would then stand elsewhere.
    """

    state: str
    cost: int
    moved: tuple[str, ...]
    is_proved: bool


@dataclass(frozen=True)
class BalanceStudy:
    """The signed network of a year, its balance, and where it stands among random signs."""

    network: SignedNetwork
    found: Balance
    chances: tuple[Chance, ...] = ()
    wavering: tuple[Wavering, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What ``balance --year --json`` prints; the first keys are those of a user's own ties."""
        f, n = self.found, self.network
        answer: dict[str, Any] = {
            "nodes": f.nodes,
            "edges": f.ties,
            "line_index": f.line_index,
            "is_proved": f.is_proved,
            "triangles": f.triangles,
            "walks": f.walks,
            "line": f.line,
            "enemies": f.enemies,
            "lower_bound": f.lower_bound,
            "proof": f.proof,
            "camps": f.camps,
            "frustrated": f.frustrated,
            "torn": n.torn,
            "alone": n.alone,
            "year": n.year,
            "rule": n.rule.sentence,
            "missing": n.missing,
            "extended": n.extended,
            "chance": [vars(c) for c in self.chances],
        }
        if self.wavering:
            answer["wavering"] = [vars(w) for w in self.wavering]
        return answer


def balance_of(
    year: int,
    rule: TieRule | None = None,
    *,
    draws: int = DRAWS,
    pole: str | None = None,
    extend: bool = False,
    seed: int = 0,
    time_limit: float = TIME_LIMIT,
) -> BalanceStudy:
    """Structural balance of all states of a year.

    Parameters
    ----------
    draws : networks with random signs, for each of the two kinds of chance; 0 for none.
    pole : a state by which to see who wavers between the camps; nobody is tried without one.
    seed : of the draws; each has a child of its own.
    time_limit : seconds for the proof of the line index.

    Raises
    ------
    CoverageError : friends or enemies are unknown in the year, or the pole had no tie.
    QuestionError : fewer than no draws.
    """
    if draws < 0:
        raise QuestionError(f"{draws} draws: ask for none or more.")
    network = signed_network(year, rule, extend=extend)
    with single_thread():
        found = balance(network.graph, time_limit=time_limit, seed=seed)
        chances = tuple(
            chance
            for null in NULLS
            for chance in (against_chance(network.graph, found, null, draws, seed) if draws else ())
        )
    wavering = _wavering(network, found, pole, year) if pole is not None else ()
    return BalanceStudy(network, found, chances, wavering)


def against_chance(
    graph: SignedGraph, found: Balance, null: str, draws: int, seed: int
) -> tuple[Chance, ...]:
    """The three indices of a network against random signs.

    Parameters
    ----------
    found : the balance of ``graph``.
    null : one of ``NULLS``.
    """
    children = np.random.SeedSequence(seed).spawn(draws)
    drawn = np.empty((draws, len(STATISTICS)))
    is_free = False
    for row, child in enumerate(children):
        other = NULLS[null](graph, np.random.default_rng(child))
        is_free = is_free or bool((other.weights != graph.weights).any())
        drawn[row] = [_number(of(other)) for of in STATISTICS.values()]
    observed = {"line_index": found.line_index, "triangles": found.triangles, "walks": found.walks}
    tail = (1 - LEVEL) / 2
    chances = []
    for column, name in enumerate(STATISTICS):
        value, values = observed[name], drawn[:, column]
        if value is None:
            continue
        low, high = (float(q) for q in np.quantile(values, (tail, 1 - tail)))
        below = (values < value) + (values == value) / 2
        mean, percentile = float(values.mean()), 100 * float(below.mean())
        chances.append(
            Chance(name, null, float(value), mean, low, high, percentile, draws, seed, is_free)
        )
    return tuple(chances)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


STATISTICS: dict[str, Callable[[SignedGraph], float | None]] = {
    "line_index": lambda graph: float(line_index(graph, time_limit=5.0).lower_bound),
    "triangles": triangle_index,
    "walks": walk_index,
}


def _wavering(network: SignedNetwork, found: Balance, pole: str, year: int) -> tuple[Wavering, ...]:
    state = states.state(pole, year)
    if state.abbreviation not in network.graph.nodes:
        raise CoverageError(f"{state.name} had neither friend nor enemy in {year} by this rule.")
    return wavering(network.graph, found, state.abbreviation)


def wavering(
    graph: SignedGraph, found: Balance, pole: str, chosen: tuple[str, ...] | None = None
) -> tuple[Wavering, ...]:
    """Every node's cost of standing in the other camp than now, seen from a pole; least first.

    Parameters
    ----------
    found : the balance of the graph, its line index proved.
    pole : the node that the camps are seen from.
    chosen : the nodes to try; all but the pole by default.
    """
    if not found.is_proved:
        raise ModelError("Who wavers is asked of a proved line index; allow more time.")
    sides = {name: k for k, camp in enumerate(found.camps) for name in camp}
    place = {name: k for k, name in enumerate(graph.nodes)}
    start = np.array([sides[name] for name in graph.nodes])
    matrix, force = graph.matrix(), graph.ties + 1.0
    tried = []
    for name in chosen if chosen is not None else graph.nodes:
        if name == pole:
            continue
        i, j = place[name], place[pole]
        held = matrix.copy()
        # Heavier than all ties together: no split pays for breaking it.
        held[i, j] = held[j, i] = -force if sides[name] == sides[pole] else force
        proof = least_frustration(from_matrix(graph.nodes, held), time_limit=10.0)
        own = _cut(matrix, proof.sides)
        now = start ^ start[j]
        then = proof.sides ^ proof.sides[j]
        moved = tuple(n for k, n in enumerate(graph.nodes) if now[k] != then[k] and k != i)
        tried.append(Wavering(name, own - found.line_index, moved, proof.is_proved))
    return tuple(sorted(tried, key=lambda w: (w.cost, len(w.moved), w.state)))


def _cut(matrix: Array, sides: NDArray[np.int64]) -> int:
    """Frustrated ties of a split."""
    apart = sides[:, None] != sides[None, :]
    wrong = np.where(apart, matrix > 0, matrix < 0)
    return int(np.triu(wrong, k=1).sum())


BALANCE_COLUMNS: dict[str, type[pl.DataType]] = {
    "year": pl.Int32,
    "nodes": pl.Int32,
    "edges": pl.Int32,
    "enemies": pl.Int32,
    "line_index": pl.Int32,
    "lower_bound": pl.Int32,
    "is_proved": pl.Boolean,
    "line": pl.Float64,
    "triangles": pl.Float64,
    "walks": pl.Float64,
    "chance_line_index": pl.Float64,
    "chance_low": pl.Float64,
    "chance_high": pl.Float64,
    "percentile": pl.Float64,
    "reason": pl.String,
}


def balance_years(
    first: int,
    last: int,
    rule: TieRule | None = None,
    *,
    draws: int = 0,
    null: str = "degrees",
    extend: bool = False,
    seed: int = 0,
    time_limit: float = TIME_LIMIT,
    tell: Callable[[int], object] = lambda year: None,
) -> pl.DataFrame:
    """Structural balance year by year; a year that the record does not know has a reason.

    Parameters
    ----------
    draws : networks with random signs per year, of the kind ``null``.
    tell : called with each year when it is done.

    Returns
    -------
    One row per year with ``BALANCE_COLUMNS``; the columns of chance are those of the line index.

    Raises
    ------
    QuestionError : the years end before they begin, or no such null.
    CoverageError : the record knows none of the years.
    """
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    if null not in NULLS:
        raise QuestionError(f'Unknown kind of chance "{null}". There are: {", ".join(NULLS)}.')
    rows = []
    with single_thread():
        for year in range(first, last + 1):
            rows.append(_row(year, rule, draws, null, extend, seed, time_limit))
            tell(year)
    if all(row["nodes"] is None for row in rows):
        raise CoverageError(str(rows[0]["reason"]))
    return pl.DataFrame(rows, schema=BALANCE_COLUMNS)


def _row(
    year: int,
    rule: TieRule | None,
    draws: int,
    null: str,
    extend: bool,
    seed: int,
    time_limit: float,
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(BALANCE_COLUMNS) | {"year": year}
    try:
        network = signed_network(year, rule, extend=extend)
    except CoverageError as error:
        return row | {"reason": str(error)}
    found = balance(network.graph, time_limit=time_limit, seed=seed)
    row |= {
        "nodes": found.nodes,
        "edges": found.ties,
        "enemies": found.enemies,
        "line_index": found.line_index,
        "lower_bound": found.lower_bound,
        "is_proved": found.is_proved,
        "line": found.line,
        "triangles": found.triangles,
        "walks": found.walks,
        "reason": "; ".join(network.missing.values()) or None,
    }
    if draws:
        chance = against_chance(network.graph, found, null, draws, seed)[0]
        if chance.is_free:
            row |= {
                "chance_line_index": chance.mean,
                "chance_low": chance.low,
                "chance_high": chance.high,
                "percentile": chance.percentile,
            }
    return row
