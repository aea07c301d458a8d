"""The signed network of states in a year, from the record, by a stated rule.

Two states are friends where one of them owes the other defence, attack or, if the rule says so,
consultation (ATOP). They are enemies where they are strategic rivals, or had a dispute in which
one used force, within a window of years. A pair that is both counts as enemies: what they did
outweighs what they signed. All other pairs have no tie.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import threat_facts as facts
from counterpoise.measures.reach import Reach
from counterpoise.measures.threat_facts import Places
from counterpoise.models.signed_graph import SignedGraph, from_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

USE_OF_FORCE = 4


@dataclass(frozen=True)
class TieRule:
    """What makes friends and enemies.

    Parameters
    ----------
    window : years in which a dispute makes enemies, the year itself included.
    hostility : level from which a dispute counts: 3 display of force, 4 use of force, 5 war.
    rivalries : do strategic rivals count as enemies?
    consultation : does a duty to consult make friends?
    """

    window: int = 4
    hostility: int = USE_OF_FORCE
    rivalries: bool = True
    consultation: bool = True

    def __post_init__(self) -> None:
        if self.window < 1 or not 2 <= self.hostility <= 5:
            raise QuestionError(
                f"A window of {self.window} years from hostility {self.hostility}: the window "
                "takes 1 year or more, hostility runs from 2 (threat) to 5 (war)."
            )

    @property
    def sentence(self) -> str:
        """The rule in words."""
        owed = "defence, attack or consultation" if self.consultation else "defence or attack"
        rivals = "strategic rivalry or " if self.rivalries else ""
        return (
            f"friends: a duty of {owed}; enemies: {rivals}a dispute of hostility "
            f"{self.hostility} or more in {self.window} years; both: enemies"
        )


@dataclass(frozen=True, eq=False)
class SignedNetwork:
    """Friends and enemies of a year.

    ``graph`` holds the states with a tie, by abbreviation; ``ccodes`` their numbers in the same
    order; ``alone`` counts the states without one. ``torn`` are the pairs that were both.
    ``missing`` says, by part, what the record does not know; the ties it would give are absent.
    """

    year: int
    rule: TieRule
    graph: SignedGraph
    ccodes: tuple[int, ...]
    alone: int
    torn: tuple[tuple[str, str], ...]
    missing: dict[str, str] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)


def signed_network(
    year: int, rule: TieRule | None = None, *, extend: bool = False
) -> SignedNetwork:
    """The signed network of all states of a year.

    Parameters
    ----------
    extend : let a table's last year answer for later ones.

    Raises
    ------
    CoverageError : pacts are unknown in the year, so that no pair is known to be friends; or
        neither rivalries nor disputes are known.
    """
    rule, reach = rule or TieRule(), Reach(extend)
    places = Places(states.system(year))
    missing: dict[str, str] = {}

    def answering(part: str, table: str) -> int | None:
        found = reach.year(table, year)
        if found is None:
            missing[part] = record.coverage_reason(table, year) or ""
        return found

    pact_year = answering("pacts", "atop_dyads")
    if pact_year is None:
        raise CoverageError(
            f"Friends are unknown: {missing['pacts']}. Carry the pacts forward with --extend."
        )
    enemies = np.zeros((len(places),) * 2, dtype=bool)
    sources = [("disputes", "dispute_dyads")] + [("rivalries", "rivalries")] * rule.rivalries
    for part, table in sources:
        known = answering(part, table)
        if known is not None:
            enemies |= READERS[part](known, places, rule)
    if len(missing) == len(sources):
        raise CoverageError(f"Enemies are unknown: {'; '.join(missing.values())}.")
    friends = _friends(pact_year, places, rule)
    return _network(year, rule, places, friends, enemies, (missing, reach.extended))


def _network(
    year: int,
    rule: TieRule,
    places: Places,
    friends: Flags,
    enemies: Flags,
    notes: tuple[dict[str, str], dict[str, str]],
) -> SignedNetwork:
    signs = np.where(enemies, -1.0, friends.astype(float))
    tied = np.flatnonzero(signs.any(axis=1))
    names = tuple(states.names().abbreviation(int(places.ccodes[k])) for k in tied)
    graph = from_matrix(names, signs[np.ix_(tied, tied)])
    both = (friends & enemies)[np.ix_(tied, tied)]
    return SignedNetwork(
        year,
        rule,
        graph,
        tuple(int(places.ccodes[k]) for k in tied),
        len(places) - len(tied),
        tuple((names[i], names[j]) for i, j in np.argwhere(np.triu(both, k=1))),
        *notes,
    )


def _friends(year: int, places: Places, rule: TieRule) -> Flags:
    owes = [pl.col("atop_defense"), pl.col("atop_offense")]
    if rule.consultation:
        owes.append(pl.col("atop_consul"))
    frame = record.table("atop_dyads").filter(
        (pl.col("start_year") <= year) & (year <= pl.col("end_year")) & pl.any_horizontal(*owes)
    )
    return _flags(frame, places)


def _disputed(year: int, places: Places, rule: TieRule) -> Flags:
    window = (pl.col("year") > year - rule.window) & (pl.col("year") <= year)
    fierce = pl.max_horizontal("hostlev1", "hostlev2") >= rule.hostility
    return _flags(record.table("dispute_dyads").filter(window & fierce), places)


def _rivals(year: int, places: Places, rule: TieRule) -> Flags:
    return np.asarray(facts.rivals(year, places) > 0)


def _flags(frame: pl.DataFrame, places: Places) -> Flags:
    one, two = (frame[c].to_numpy().astype(np.int64) for c in ("ccode1", "ccode2"))
    found: Flags = places.matrix(one, two, np.ones(len(one)), empty=0.0) > 0
    return np.asarray(found | found.T)


READERS = {"disputes": _disputed, "rivalries": _rivals}
