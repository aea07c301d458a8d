"""Propensities of states to work together, from the record, with the weights stated.

A propensity is a weighted mean of parts in [−1, 1]; 0 is indifference. Where the record does not
know a part for a pair, the part is left out for that pair and the others' weights count in full.

pacts       1 a duty to defend or attack, either way; .5 to consult; .25 to use no force or stay
            neutral; 0 no pact (ATOP)
rivalries   −1 strategic rivals, 0 not (Thompson, Sakuwa & Suhas 2021)
disputes    −(1 − e^(−m/2)) of the m disputes of hostility 3 or more in ten years; −1 where one of
            them was a war; 0 none (Palmer et al. 2022)
votes       1 − d / d̃ in [−1, 1], d the distance of ideal points in the United Nations and d̃ its
            median over all pairs of states that vote (Bailey, Strezhnev & Voeten 2017)
regime      the same of the difference in electoral democracy (Varieties of Democracy)
trade       1 − e^(−s/.05), s the mean of the two shares of the pair's trade in all trade of each

A user's own parts sort states into groups, such as religions: 1 in the same group, −1 not.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import files, record, states
from counterpoise.errors import (
    CounterpoiseError,
    CoverageError,
    DataError,
    QuestionError,
    excerpt,
    spelled,
)
from counterpoise.measures import threat_facts as facts
from counterpoise.measures.reach import Reach
from counterpoise.measures.threat_facts import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WEIGHTS: dict[str, float] = {
    "pacts": 3.0,
    "rivalries": 3.0,
    "disputes": 2.0,
    "votes": 2.0,
    "regime": 1.0,
    "trade": 1.0,
}
"""Weights in use unless others are given: what states signed and fought over before what they say.

Set by hand before any landscape was solved; nothing is fitted.
"""

PACT_SCORES = (
    ("atop_nonagg", 0.25),
    ("atop_neutral", 0.25),
    ("atop_consul", 0.5),
    ("atop_offense", 1.0),
    ("atop_defense", 1.0),
)
WAR = 5
TRADE_SCALE = 0.05
OWN_WEIGHT = 1.0


@dataclass(frozen=True, eq=False)
class Propensities:
    """Propensities of the pairs of some states in one year, and what they rest on.

    Parameters
    ----------
    ccodes : n COW numbers, in the order of rows and columns.
    parts : by name, (n, n) symmetric, NaN on the diagonal and where unknown.
    weights : by name of part.
    dropped : by name, why a part is unknown for every pair.
    extended : by table, what was carried forward.
    """

    year: int
    ccodes: tuple[int, ...]
    parts: dict[str, Array]
    weights: dict[str, float]
    dropped: dict[str, str]
    extended: dict[str, str]

    @property
    def matrix(self) -> Array:
        """(n, n) weighted means over the parts known for each pair, in [−1, 1]; 0 diagonal.

        NaN where no part with a weight is known.
        """
        total, known = (np.zeros((len(self.ccodes),) * 2) for _ in range(2))
        for name, part in self.parts.items():
            has = ~np.isnan(part)
            total += np.where(has, self.weights[name] * part, 0.0)
            known += self.weights[name] * has
        found = np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0)
        np.fill_diagonal(found, 0.0)
        return found

    def known_share(self, name: str) -> float:
        """Share of pairs for which a part is known, in [0, 1]."""
        above = np.triu_indices(len(self.ccodes), k=1)
        return float((~np.isnan(self.parts[name][above])).mean()) if above[0].size else 0.0

    def why(self, one: int, two: int) -> dict[str, float]:
        """The parts of one pair that are known, by name."""
        place = self.ccodes.index(one), self.ccodes.index(two)
        values = {name: float(part[place]) for name, part in self.parts.items()}
        return {name: value for name, value in values.items() if not np.isnan(value)}


@dataclass(frozen=True)
class Groups:
    """A user's own part: the group of each state; a state that is not listed is unknown."""

    name: str
    group: Mapping[int, str] = field(default_factory=dict)
    weight: float = OWN_WEIGHT

    def part(self, places: Places) -> Array:
        """1 in the same group, −1 in different ones, NaN where a group is unknown."""
        labels = [self.group.get(int(code)) for code in places.ccodes]
        names = {label: k for k, label in enumerate(sorted({x for x in labels if x}))}
        number = np.array([names[x] if x else np.nan for x in labels])
        apart = number[:, None] - number[None, :]
        return np.where(np.isnan(apart), np.nan, np.where(apart == 0, 1.0, -1.0))


def propensities(
    ccodes: Sequence[int],
    year: int,
    weights: Mapping[str, float] | None = None,
    groups: Sequence[Groups] = (),
    *,
    extend: bool = False,
) -> Propensities:
    """Propensities of some states in a year.

    Parameters
    ----------
    weights : by name of part, in place of those of ``WEIGHTS``; 0 leaves a part out.
    groups : further parts, each with its own weight unless ``weights`` names it.
    extend : let a table's last year answer for later ones.

    Raises
    ------
    QuestionError : a weight of no part, below zero, or none above zero.
    CoverageError : nothing is known about some pair.
    """
    places, reach = Places(tuple(ccodes)), Reach(extend)
    used = _weights(weights or {}, groups)
    parts: dict[str, Array] = {}
    dropped: dict[str, str] = {}
    for name, (table, reader) in READERS.items():
        answering = reach.year(table, year) if used[name] else None
        if answering is not None:
            parts[name] = _bare(reader(answering, places))
        elif used[name]:
            dropped[name] = record.coverage_reason(table, year) or ""
    for own in groups:
        parts[own.name] = _bare(own.part(places))
    found = Propensities(year, tuple(ccodes), parts, used, dropped, dict(reach.extended))
    _refuse_unknown(found)
    return found


def _weights(given: Mapping[str, float], groups: Sequence[Groups]) -> dict[str, float]:
    own = [g.name for g in groups]
    if twice := [n for n in own if own.count(n) > 1 or n in WEIGHTS]:
        raise QuestionError(f"A part named {twice[0]} is there already; give yours another name.")
    usual = WEIGHTS | {g.name: g.weight for g in groups}
    for name, weight in given.items():
        if name not in usual:
            raise QuestionError(f'No part "{name}". There are: {", ".join(usual)}.')
        if not (np.isfinite(weight) and weight >= 0):
            raise QuestionError(f"The weight of {name} is {weight}; it must be zero or more.")
    used = usual | dict(given)
    if not any(used.values()):
        raise QuestionError("Every part weighs nothing; give at least one a weight above zero.")
    return used


def _bare(part: Array) -> Array:
    np.fill_diagonal(part, np.nan)
    return part


def _refuse_unknown(found: Propensities) -> None:
    unknown = np.isnan(found.matrix)
    if not unknown.any():
        return
    names = states.names()
    first, second = (int(k) for k in np.argwhere(unknown)[0])
    pair = " and ".join(names.name(found.ccodes[k], found.year) for k in (first, second))
    why = "; ".join(found.dropped.values())
    raise CoverageError(
        f"Nothing is known about {int(unknown.sum()) // 2} pairs in {found.year}, such as {pair}"
        f"{' (' + why + ')' if why else ''}. Name other states, another year, or use --extend."
    )


def _pacts(year: int, places: Places) -> Array:
    frame = record.table("atop_dyads").filter(
        (pl.col("start_year") <= year) & (year <= pl.col("end_year"))
    )
    score = pl.max_horizontal(
        *(pl.when(name).then(worth).otherwise(0.0) for name, worth in PACT_SCORES)
    )
    best = frame.select("ccode1", "ccode2", score=score).group_by("ccode1", "ccode2").max()
    one, two = (best[c].to_numpy().astype(np.int64) for c in ("ccode1", "ccode2"))
    owed = places.matrix(one, two, best["score"].to_numpy(), empty=0.0)
    return np.maximum(owed, owed.T)


def _rivalries(year: int, places: Places) -> Array:
    return -facts.rivals(year, places)


def _disputes(year: int, places: Places) -> Array:
    """Unknown, not zero, where none is coded and the window reaches outside the source."""
    count = facts.disputes(year, places)
    part = -(1 - np.exp(-count / 2))
    part[_wars(year, places) > 0] = -1.0
    first, last = record.coverage("dispute_dyads")
    if year - facts.DISPUTE_YEARS + 1 < first or year > last:
        part[count == 0] = np.nan
    return part


def _wars(year: int, places: Places) -> Array:
    window = (pl.col("year") > year - facts.DISPUTE_YEARS) & (pl.col("year") <= year)
    fought = pl.max_horizontal("hostlev1", "hostlev2") >= WAR
    pairs = record.table("dispute_dyads").filter(window & fought)
    one, two = (pairs[c].to_numpy().astype(np.int64) for c in ("ccode1", "ccode2"))
    return places.matrix(one, two, np.ones(len(one)), empty=0.0)


def _votes(year: int, places: Places) -> Array:
    frame = record.table("published_ideal_points").filter(pl.col("year") == year)
    return _closeness(frame.select("ccode", "idealpointfp"), places)


def _regime(year: int, places: Places) -> Array:
    frame = record.table("democracy").filter(pl.col("year") == year)
    return _closeness(frame.select("ccode", "v2x_polyarchy"), places)


def _closeness(frame: pl.DataFrame, places: Places) -> Array:
    """1 − d / median d, cut at −1; the median is over all pairs of states with a figure."""
    code, figure = frame.drop_nulls().get_columns()
    value = figure.to_numpy().astype(np.float64)
    every = np.abs(value[:, None] - value[None, :])[np.triu_indices(value.size, k=1)]
    own = places.vector(code.to_numpy().astype(np.int64), value)
    apart = np.abs(own[:, None] - own[None, :])
    typical = float(np.median(every)) if every.size else 0.0
    if typical == 0:
        return np.full_like(apart, np.nan)
    return np.maximum(1 - apart / typical, -1.0)


def _trade(year: int, places: Places) -> Array:
    of_year = pl.col("year") == year
    flows = record.table("trade").filter(of_year).drop_nulls(["flow1", "flow2"])
    one, two = (flows[c].to_numpy().astype(np.int64) for c in ("ccode1", "ccode2"))
    traded = (flows["flow1"] + flows["flow2"]).to_numpy().astype(np.float64)
    upper = places.matrix(one, two, traded)
    totals = record.table("trade_totals").filter(of_year).drop_nulls()
    every = (totals["imports_musd"] + totals["exports_musd"]).to_numpy()
    mine = places.vector(totals["ccode"].to_numpy().astype(np.int64), every)
    mine = np.where(mine > 0, mine, np.nan)
    pair = np.fmax(upper, upper.T)
    share = np.minimum((pair / mine[:, None] + pair / mine[None, :]) / 2, 1.0)
    return np.asarray(1 - np.exp(-share / TRADE_SCALE))


READERS: dict[str, tuple[str, Callable[[int, Places], Array]]] = {
    "pacts": ("atop_dyads", _pacts),
    "rivalries": ("rivalries", _rivalries),
    "disputes": ("dispute_dyads", _disputes),
    "votes": ("published_ideal_points", _votes),
    "regime": ("democracy", _regime),
    "trade": ("trade", _trade),
}
"""The table that each part rests on, and how it is read."""


LARGEST_FILE = 1_000_000


def read_groups(name: str, path: Path, year: int) -> Groups:
    """A user's own part from a file with the columns ``state`` and ``group``.

    Raises
    ------
    DataError : the file cannot be read, lacks a column, names no state or one twice; the message
        names the lines.
    """
    text = files.text(path, LARGEST_FILE, "a list of groups")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        rows = list(enumerate(reader, start=2))
        columns = reader.fieldnames or []
    except csv.Error as error:
        raise DataError(f"{path.name} is not CSV ({error}).") from None
    if not {"state", "group"} <= set(columns):
        raise DataError(
            f"{path.name} needs the columns state, group; it has {excerpt(', '.join(columns))}."
        )
    found, problems = _grouped(rows, year)
    if problems:
        raise DataError(f"{path.name}: {spelled(problems)}.")
    return Groups(name, found)


def _grouped(
    rows: Sequence[tuple[int, dict[str, str]]], year: int
) -> tuple[dict[int, str], list[str]]:
    found: dict[int, str] = {}
    problems = []
    for line, row in rows:
        try:
            code = states.names().find((row["state"] or "").strip(), year)
        except CounterpoiseError as error:
            problems.append(f"line {line}: {error}")
            continue
        if code in found:
            problems.append(f"line {line}: {excerpt(row['state'])} is there twice")
        if group := (row["group"] or "").strip():
            found[code] = group
    return found, problems
