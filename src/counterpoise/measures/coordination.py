"""Residual coordination in the General Assembly: the record's side of ``models.coordination``.

A window holds the roll calls of five years. Parts of one resolution and subjects voted on again
are one cluster; roll calls that fell alike in every vote are counted once. States are matched on
ideal points, region and caucus.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.models import coordination as model
from counterpoise.models import coordination_fit
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.coordination import Coordination, Trial
    from counterpoise.models.coordination_fit import Fit, Window

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

HALF = 2
"""A window reaches this many years to either side."""
CAST = 3
"""Votes to this code are yes 1, abstention 2 and no 3; others were not cast."""
SEED = 19451024
"""The day the Charter came into force."""
TOLERANCE = 5e-3
DRAWS = 199
FEWEST_MEMBERS = 2
OTHER_REGION = 0.001
"""How often a state of another region stands in where groups are matched on region alone."""
FEWEST_DIMENSIONS, MOST_DIMENSIONS = 2, 4

CAUCUSES: tuple[tuple[str, ...], ...] = (
    ("nam",), ("oic",), ("oau", "au"), ("loas",), ("acp",), ("comsec",), ("oecd",), ("coe",),
    ("eu",), ("nato",), ("cmea",), ("cis",), ("asean",), ("caricom",), ("oas",), ("laia", "lafta"),
)  # fmt: skip
"""Organisations whose members meet, and may agree on how to vote; successors stand together."""

SAME_CAUCUS = 2 / 3
"""A caucus is the bloc itself where they share this much of all the states in either."""

REGION_ENDS = (200, 400, 600, 700, 900)
"""Regions by COW number: Americas, Europe, Africa, Middle East, Asia, Oceania."""


@dataclass(frozen=True, eq=False)
class Assembly:
    """Roll calls of one window and who voted on them.

    ``codes`` (states,) COW numbers; ``cluster`` (rollcalls,); ``left_out`` roll calls that fell
    like an earlier one; ``region`` (states,); ``caucus`` (states, caucuses).
    """

    year: int
    first: int
    last: int
    codes: Ints
    votes: Window
    cluster: Ints
    left_out: int
    region: Ints
    caucus: Flags

    def places(self, codes: Sequence[int]) -> list[int]:
        """Places of those of some states that voted in the window."""
        where = np.searchsorted(self.codes, codes)
        inside = np.minimum(where, len(self.codes) - 1)
        return [int(w) for w, c in zip(inside, codes, strict=True) if self.codes[w] == c]


@functools.lru_cache(maxsize=4)
def assembly(year: int) -> Assembly | None:
    """The window around a year; None where no vote was recorded in it."""
    calls = record.table("un_roll_calls").filter(
        pl.col("year").is_between(year - HALF, year + HALF)
    )
    kept = _with_cluster(calls.filter(pl.col("repeats").is_null())).sort("rcid")
    cast = record.table("un_votes").filter(
        (pl.col("vote") <= CAST) & pl.col("rcid").is_in(kept["rcid"].to_list())
    )
    if cast.is_empty():
        return None
    codes = cast["ccode"].unique().sort().to_numpy().astype(np.int64)
    ids = kept["rcid"].to_numpy()
    votes = np.full((len(codes), len(ids)), coordination_fit.ABSENT, dtype=np.int8)
    where = np.searchsorted(codes, cast["ccode"].to_numpy()), np.searchsorted(ids, cast["rcid"])
    votes[where] = CAST - cast["vote"].to_numpy()
    cluster = model.numbered(kept["cluster"].to_numpy())
    sessions = model.numbered(kept["cluster"].to_numpy().astype(np.int64) * 1000 + kept["session"])
    weight = 1 / np.bincount(sessions)[sessions]
    return Assembly(
        year=year, first=int(str(kept["year"].min())), last=int(str(kept["year"].max())),
        codes=codes, votes=coordination_fit.Window(votes, weight), cluster=cluster,
        left_out=calls.height - kept.height, region=np.searchsorted(REGION_ENDS, codes, "right"),
        caucus=_caucuses(codes, year),
    )  # fmt: skip


def _with_cluster(calls: pl.DataFrame) -> pl.DataFrame:
    """Add ``cluster``: the subject, else that of the same resolution, else the resolution."""
    symbol = pl.col("unres").str.replace("^A/RES/", "R/").str.replace(r"\s*\(.*$", "")
    listed = calls.join(record.table("un_subjects"), on="rcid", how="left").with_columns(
        symbol=symbol
    )
    of_symbol = pl.coalesce(pl.col("subject").min(), pl.col("rcid").min()).over("symbol")
    known = pl.when(pl.col("symbol").is_not_null()).then(of_symbol)
    return listed.with_columns(cluster=pl.coalesce("subject", known, "rcid"))


def _caucuses(codes: Ints, year: int) -> Flags:
    """Membership of each caucus; after the last year of memberships as they were in it."""
    when = min(year, record.coverage("igo_memberships")[1])
    rows = record.table("igo_memberships").filter(
        (pl.col("status") == 1) & (pl.col("start_year") <= when) & (pl.col("end_year") >= when)
    )
    found = [
        np.isin(codes, rows.filter(pl.col("igo").is_in(names))["ccode"].to_numpy())
        for names in CAUCUSES
    ]
    return np.column_stack(found)


@functools.lru_cache(maxsize=8)
def dimensions(year: int) -> int:
    """Dimensions that foretell hidden votes of the window best, from two to four."""
    met = assembly(year)
    assert met is not None
    rng = np.random.default_rng([SEED, year])
    with single_thread():
        return coordination_fit.choose_dimensions(
            met.votes, met.cluster, rng, fewest=FEWEST_DIMENSIONS, most=MOST_DIMENSIONS
        )[0]


@functools.lru_cache(maxsize=4)
def fitted(year: int, size: int) -> Fit:
    """Ideal points and items of the window around a year, in ``size`` dimensions."""
    met = assembly(year)
    assert met is not None
    with single_thread():
        return coordination_fit.fit(met.votes, size, tolerance=TOLERANCE)


@functools.lru_cache(maxsize=16)
def trial(year: int, target: int, size: int) -> Trial | None:
    """The window from one target's side; None where the target did not vote in it."""
    met = assembly(year)
    place = met.places([target]) if met else []
    if met is None or not place:
        return None
    with single_thread():
        return model.trial(met.votes, met.cluster, fitted(year, size), place[0])


def years(year: int) -> tuple[int, int]:
    """First and last year of the window around a year, within those that the record covers."""
    first, last = record.coverage("un_votes")
    return max(year - HALF, first), min(year + HALF, last)


def powers(year: int) -> tuple[int, ...]:
    """COW numbers of the major powers on the last day of a year."""
    day = pl.date(year, 12, 31)
    lasting = pl.col("end").is_null() | (pl.col("end") >= day)
    rows = record.table("majors").filter((pl.col("start") <= day) & lasting)
    return tuple(sorted(rows["ccode"].unique().to_list()))


@dataclass(frozen=True)
class Residual:
    """Residual coordination of a group against one target, and where it stands.

    ``residual`` mean residual product of its pairs, ``error`` its standard error with roll calls
    as clusters; ``expected`` the mean of the matched groups, ``percentile`` and ``p`` where the
    group stands among them, NaN where none can be drawn; ``agreement`` the share of pairs that
    voted the same, ``agreement_percentile`` where that stands among groups of the same regions;
    ``voting`` members with an ideal point; ``clusters`` of ``rollcalls`` tested.
    """

    target: int
    dimensions: int
    members: int
    voting: int
    rollcalls: int
    clusters: int
    residual: float
    error: float
    expected: float
    percentile: float
    p: float
    agreement: float
    agreement_percentile: float

    @property
    def excess(self) -> float:
        """Residual above that of the matched groups."""
        return self.residual - self.expected

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the residual at 95 %."""
        return self.residual - 1.96 * self.error, self.residual + 1.96 * self.error


def residual_coordination(
    members: Sequence[int],
    target: int,
    year: int,
    *,
    size: int | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Residual | None:
    """What a group's votes against a target share beyond its members' ideal points.

    None where fewer than two members, or the target, voted in the window around the year, or
    nothing can be tested.

    Parameters
    ----------
    members : COW numbers, the target not among them.
    size : dimensions of the ideal points; by default as hidden votes choose.
    draws : matched groups.

    Raises
    ------
    MissingExtraError : numba is not installed.
    """
    met = assembly(year)
    chosen = size or (dimensions(year) if met else 0)
    seen = trial(year, target, chosen) if met else None
    if met is None or seen is None:
        return None
    places = [p for p in met.places(sorted(members)) if seen.held_votes[p] >= model.FEWEST_HELD]
    if len(places) < FEWEST_MEMBERS:
        return None
    rng = np.random.default_rng([seed, year, target, group_hash(members)])
    is_drawn = len(places) <= model.LARGEST * len(met.codes)
    own = np.array([places], dtype=np.int64)
    alike = matched(met, seen, places, draws if is_drawn else 0, rng, by_points=True)
    near = matched(met, seen, places, draws if is_drawn else 0, rng, by_points=False)
    figures = model.measure(seen, np.vstack([own, alike]))
    agreed = model.agreement(seen, np.vstack([own, near]))
    if not np.isfinite(figures.residual[0]):
        return None
    return _residual(target, chosen, len(members), figures, agreed)


def _residual(
    target: int, size: int, members: int, figures: Coordination, agreed: Array
) -> Residual:
    held, near = model.rank(figures.residual), model.rank(agreed)
    return Residual(
        target=target,
        dimensions=size,
        members=members,
        voting=int(figures.members[0]),
        rollcalls=int(figures.rollcalls[0]),
        clusters=int(figures.clusters[0]),
        residual=float(figures.residual[0]),
        error=float(figures.error[0]),
        expected=held.expected,
        percentile=held.percentile,
        p=held.p,
        agreement=float(agreed[0]),
        agreement_percentile=near.percentile,
    )


def matched(
    met: Assembly,
    seen: Trial,
    places: list[int],
    draws: int,
    rng: np.random.Generator,
    *,
    by_points: bool,
) -> Ints:
    """Groups matched on ideal points, region and caucus, or on region alone."""
    if not draws:
        return np.empty((0, len(places)), dtype=np.int64)
    is_out = seen.held_votes < model.FEWEST_HELD
    is_out[seen.target] = True
    if not by_points:
        same = met.region[places][:, None] == met.region[None, :]
        ready = np.where(same, 1.0, OTHER_REGION) * ~is_out
        return model.draw(ready, places, draws, rng)
    theta = np.where(is_out[:, None], np.nan, seen.theta)
    caucus = met.caucus[:, _others(met.caucus, places)]
    ready = model.alike(theta, places, met.region, caucus, model.STANDARD)
    return model.draw(ready, places, draws, rng)


def _others(caucus: Flags, places: Sequence[int]) -> Flags:
    """Caucuses that are not the group itself under another name."""
    own = np.zeros(len(caucus), dtype=bool)
    own[list(places)] = True
    shared, either = (caucus & own[:, None]).sum(axis=0), (caucus | own[:, None]).sum(axis=0)
    return np.asarray(shared < SAME_CAUCUS * either)


def group_hash(members: Sequence[int]) -> int:
    """A number that stands for a group of states, whatever its name."""
    return zlib.crc32(",".join(map(str, sorted(members))).encode())
