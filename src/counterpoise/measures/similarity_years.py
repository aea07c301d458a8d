"""How alike all pairs of states are, year by year, by their pacts and by their votes in the UN.

*Pacts.* A state's portfolio says what it owes each state of the system by ATOP: 3 to defend or to
join in an attack, 2 to stay neutral or to consult, 1 to use no force, 0 nothing: the order that
R's fpsim (Miller) takes from Chiba et al. (2022). Towards itself a state stands at the top of the
scale, as in Signorino & Ritter (1999). Weights are the CINC of the third state.

*Votes.* 1 yes, 2 abstain, 3 no, over the roll calls of a calendar year in which both voted.
Absences are left out.

Columns are named as in Häge's (2011) data, which R's peacesciencer passes on; those that it lacks
end in ``_nominal`` or begin with ``align``.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.errors import QuestionError
from counterpoise.measures import similarity as measure
from counterpoise.measures import year_arrays
from counterpoise.measures.similarity import Crossed
from counterpoise.panel import spine
from counterpoise.panel.reading import of_pairs
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from counterpoise.panel.rows import Rows

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Measure = Callable[[Crossed], Array]

PACT_LEVELS = np.arange(4.0)
VOTE_LEVELS = np.array([1.0, 2.0, 3.0])
DUTIES = (
    ("atop_defense", 3),
    ("atop_offense", 3),
    ("atop_neutral", 2),
    ("atop_consul", 2),
    ("atop_nonagg", 1),
)
"""Each obligation and its level; the highest counts."""

OWED = ("ccode1", "ccode2", "level")
THREADS = 2
FIRST_YEAR = 1816
"""The state system is coded from here."""

BY_PACTS: dict[str, Measure] = {
    "taub": measure.tau_b,
    "srsvas": lambda t: measure.s(t, "squared"),
    "srsvaa": measure.s,
    "kappava": measure.kappa,
    "piva": lambda t: measure.pi(t, "squared"),
    "piva_nominal": measure.pi,
    "srsba": lambda t: measure.s(t.binary()),
    "kappaba": lambda t: measure.kappa(t.binary()),
    "piba": lambda t: measure.pi(t.binary()),
    "alignva": measure.alignment_index,
}
WEIGHED = ("srswvas", "srswvaa", "srswba")
BY_VOTES: dict[str, Measure] = {
    "taubvv": measure.tau_b,
    "srsvvs": lambda t: measure.s(t, "squared"),
    "srsvva": measure.s,
    "kappavv": measure.kappa,
    "pivv": lambda t: measure.pi(t, "squared"),
    "pivv_nominal": measure.pi,
    "alignvv": measure.alignment_index,
}


@dataclass(frozen=True, eq=False)
class Positions:
    """What the states of one year did in each case: on roll calls, or towards each state.

    ``taken`` (levels, cases, states) is true where a state took a level in a case; where not
    ``is_complete``, some took none. ``weights`` (cases,) are the power of the third states of
    pacts, and None for votes.
    """

    year: int
    codes: Ints
    levels: Array
    taken: Flags
    is_complete: bool
    weights: Array | None = None

    def of(self, *codes: int) -> Positions | None:
        """The same cases for some states alone; None if one of them took no position."""
        if not np.isin(codes, self.codes).all():
            return None
        where = np.searchsorted(self.codes, sorted(codes))
        return replace(self, codes=self.codes[where], taken=self.taken[:, :, where])

    def pairs(self) -> tuple[Ints, Ints]:
        """Places of all pairs, the lower code first."""
        return np.triu_indices(len(self.codes), 1)

    def crossed(self, one: Ints, two: Ints) -> Crossed:
        """Tables of some pairs, given by the places of their states.

        Cases are held as bits and counted 64 at a time, which needs no product of matrices.
        """
        size = len(self.levels)
        # Where every state took some level, what is not in the others is in the lowest.
        begin = 1 if self.is_complete else 0
        words = _words(self.taken[begin:])
        left, right = words[:, :, one], words[:, :, two]
        counts = np.zeros((size, size, len(one)))
        for k, m in itertools.product(range(begin, size), repeat=2):
            both = np.bitwise_count(left[k - begin] & right[m - begin])
            counts[k, m] = both.sum(axis=0, dtype=np.uint16)
        if self.is_complete:
            often = self.taken.sum(axis=1)
            counts[1:, 0] = often[1:, one] - counts[1:, 1:].sum(axis=1)
            counts[0, 1:] = often[1:, two] - counts[1:, 1:].sum(axis=0)
            counts[0, 0] = self.taken.shape[1] - counts.sum(axis=(0, 1))
        return Crossed(counts, self.levels)


def _words(taken: Flags) -> NDArray[np.uint64]:
    """Cases packed 64 to a word: (levels, words, states)."""
    spare = -taken.shape[1] % 64
    padded = np.pad(taken, ((0, 0), (0, spare), (0, 0)))
    packed = np.packbits(np.ascontiguousarray(padded.transpose(0, 2, 1)), axis=2)
    return np.ascontiguousarray(packed.view(np.uint64).transpose(0, 2, 1))


def pact_similarity(first: int = FIRST_YEAR, last: int | None = None) -> pl.DataFrame:
    """Likeness of the pacts of all pairs of states, by year.

    Pairs are those that both were in the state system on some day of the year.

    Returns
    -------
    ``ccode1`` < ``ccode2``, ``year`` and the columns of ``BY_PACTS`` and ``WEIGHED``; years outside
    ATOP have no rows. Null where a measure is undefined.
    """
    begin, end = record.coverage("atop_dyads")
    years = range(max(first, FIRST_YEAR, begin), min(end if last is None else last, end) + 1)
    return _stacked(_side_by_side(_pact_rows, portfolios(years)), (*BY_PACTS, *WEIGHED))


def vote_similarity(first: int | None = None, last: int | None = None) -> pl.DataFrame:
    """Likeness of the votes of all pairs of states that ever voted on the same roll call of a year.

    Returns
    -------
    ``ccode1`` < ``ccode2``, ``year``, ``joint_votes`` (roll calls on which both voted) and the
    columns of ``BY_VOTES``. Null where a measure is undefined, as kappa is for two states that
    both voted yes throughout.
    """
    begin, end = record.coverage("un_votes")
    years = range(
        begin if first is None else max(first, begin), (end if last is None else min(last, end)) + 1
    )
    return _stacked(_side_by_side(_vote_rows, votes(years)), ("joint_votes", *BY_VOTES))


def pair_similarity(one: int, two: int, first: int, last: int) -> pl.DataFrame:
    """Likeness of two states by year, from their pacts and their votes.

    Parameters
    ----------
    one, two : COW numbers.

    Returns
    -------
    One row per year from ``first`` to ``last``: ``year`` and the columns of
    :func:`pact_similarity` and :func:`vote_similarity`, null in years without them.
    """
    if one == two:
        raise QuestionError("A state is compared with another, not with itself.")
    years = pl.DataFrame({"year": pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)})
    spans = [record.coverage(table) for table in ("atop_dyads", "un_votes")]
    pacts, cast = (range(max(first, FIRST_YEAR, a), min(last, b) + 1) for a, b in spans)
    owed = (found.of(one, two) for found in portfolios(pacts))
    voted = (found.of(one, two) for found in votes(cast))
    parts = (
        _stacked((_pact_rows(found) for found in owed if found), (*BY_PACTS, *WEIGHED)),
        _stacked((_vote_rows(found) for found in voted if found), ("joint_votes", *BY_VOTES)),
    )
    for part in parts:
        years = years.join(part.drop("ccode1", "ccode2"), on="year", how="left", validate="1:1")
    return years.sort("year")


def portfolios(years: range) -> Iterator[Positions]:
    """What each state of a year owes each other, year by year."""
    if not len(years):
        return
    owed = _duties(years)
    code, year = spine.state_years("cow", years[0], years[-1], microstates=True)
    for now in years:
        codes = np.sort(code[year == now]).astype(np.int64)
        level = np.zeros((len(codes), len(codes)), dtype=np.int64)
        np.fill_diagonal(level, PACT_LEVELS[-1])
        one, two, value = owed.get(now, (np.empty(0, dtype=np.int64),) * 3)
        there = np.isin(one, codes) & np.isin(two, codes)
        owing, to = (np.searchsorted(codes, side[there]) for side in (one, two))
        level[to, owing] = np.maximum(level[to, owing], value[there])
        taken = level == PACT_LEVELS[:, None, None]
        power = year_arrays.shares("cinc", now)[year_arrays.places(codes.tolist())]
        yield Positions(now, codes, PACT_LEVELS, taken, is_complete=True, weights=power)


def votes(years: range) -> Iterator[Positions]:
    """How each state voted on each roll call of a year, year by year; absences are left out."""
    if not len(years):
        return
    calls = record.table("un_roll_calls").select("rcid", "year")
    cast = (
        record.table("un_votes")
        .filter(pl.col("vote") <= VOTE_LEVELS[-1])
        .join(calls, on="rcid", how="inner", validate="m:1")
        .filter(pl.col("year").is_between(years.start, years.stop - 1))
        .sort("year")
    )
    year = cast["year"].to_numpy()
    rcid, ccode, vote = (cast[n].to_numpy() for n in ("rcid", "ccode", "vote"))
    for now in years:
        part = slice(*np.searchsorted(year, [now, now + 1]))
        call, case = np.unique(rcid[part], return_inverse=True)
        codes, state = np.unique(ccode[part], return_inverse=True)
        taken = np.zeros((len(VOTE_LEVELS), len(call), len(codes)), dtype=bool)
        taken[vote[part].astype(np.int64) - 1, case, state] = True
        yield Positions(now, codes.astype(np.int64), VOTE_LEVELS, taken, is_complete=False)


def pacts_of_rows(rows: Rows) -> pl.DataFrame:
    """For panels of pairs: likeness of their pacts."""
    return _of_rows("similarity_pacts", "atop_dyads", pact_similarity, rows)


def votes_of_rows(rows: Rows) -> pl.DataFrame:
    """For panels of pairs: likeness of their votes."""
    return _of_rows("similarity_votes", "un_votes", vote_similarity, rows)


def _of_rows(
    add: str, table: str, measured: Callable[[int, int], pl.DataFrame], rows: Rows
) -> pl.DataFrame:
    runs = np.split(years := np.unique(rows.year), np.flatnonzero(np.diff(years) > 1) + 1)
    parts = [measured(int(run[0]), int(run[-1])) for run in runs if len(run)]
    frame = pl.concat(parts) if parts else measured(1, 0)
    return of_pairs(add, table, frame, rows, symmetric=True)


def _duties(years: range) -> dict[int, tuple[Ints, Ints, Ints]]:
    """By year: who owes, who is owed, and the level of what is owed."""
    level = pl.max_horizontal(pl.col(name).cast(pl.Int64) * value for name, value in DUTIES)
    runs = record.table("atop_dyads").select(
        "ccode1", "ccode2", "start_year", "end_year", level=level
    )
    in_force = runs.filter((pl.col("end_year") >= years[0]) & (pl.col("start_year") <= years[-1]))
    yearly = by_year(in_force, record.coverage("atop_dyads")[1])
    found = {}
    for (year,), part in yearly.partition_by("year", as_dict=True).items():
        one, two, held = (part[n].to_numpy().astype(np.int64) for n in OWED)
        found[int(year)] = (one, two, held)
    return found


def _pact_rows(found: Positions) -> pl.DataFrame:
    one, two = found.pairs()
    tables = found.crossed(one, two)
    columns = {name: of(tables) for name, of in BY_PACTS.items()}
    return _rows(found, one, two, columns | _weighed(found, one, two))


def _weighed(found: Positions, one: Ints, two: Ints) -> dict[str, Array]:
    """S of pairs with each third state weighed by its CINC; a year that lacks one is NaN.

    Levels are a step apart, so that the absolute distance is the number of steps between two, and
    each step is a distance between zeros and ones.
    """
    assert found.weights is not None
    weight = found.weights / found.weights.sum()

    def apart(values: Array) -> Array:
        """Weighted sum of squared distances, from (cases, states) values."""
        inner = values * np.sqrt(weight)[:, None]
        # At this size einsum is as fast as a library's product, and starts no threads.
        product, square = np.einsum("ki,kj->ij", inner, inner), weight @ values**2
        return np.asarray(np.maximum(square[one] + square[two] - 2 * product[one, two], 0))

    above = found.taken[::-1].cumsum(axis=0, dtype=np.float64)[-2::-1]
    steps = [apart(step) for step in above]
    squared = apart(np.tensordot(found.levels, found.taken, axes=1))
    top = found.levels[-1] - found.levels[0]
    return {
        "srswvas": 1 - 2 * squared / top**2,
        "srswvaa": 1 - 2 * np.sum(steps, axis=0) / top,
        "srswba": 1 - 2 * steps[0],
    }


def _vote_rows(found: Positions) -> pl.DataFrame:
    one, two = found.pairs()
    tables = found.crossed(one, two)
    joint: dict[str, NDArray[Any]] = {"joint_votes": tables.cases.astype(np.int32)}
    rows = _rows(found, one, two, joint | {name: of(tables) for name, of in BY_VOTES.items()})
    return rows.filter(pl.col("joint_votes") > 0)


def _rows(
    found: Positions, one: Ints, two: Ints, columns: Mapping[str, NDArray[Any]]
) -> pl.DataFrame:
    codes = found.codes.astype(np.int32)
    keys = {
        "ccode1": codes[one],
        "ccode2": codes[two],
        "year": np.full(len(one), found.year, np.int32),
    }
    return pl.DataFrame({**keys, **columns})


def _side_by_side(
    rows_of: Callable[[Positions], pl.DataFrame], years: Iterable[Positions]
) -> Iterator[pl.DataFrame]:
    """Rows of each year in order, two years at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(rows_of, years)


def _stacked(parts: Iterator[pl.DataFrame], columns: Iterable[str]) -> pl.DataFrame:
    keys = dict.fromkeys(("ccode1", "ccode2", "year"), pl.Int32)
    values = {n: pl.Int32 if n == "joint_votes" else pl.Float64 for n in columns}
    empty = pl.DataFrame(schema={**keys, **values})
    return pl.concat([empty, *parts]).with_columns(pl.selectors.float().fill_nan(None))
