"""Clusters that nobody named: communities of states in pacts, votes and exercises.

All are seen from a target, which is left out of every network: with pacts that include it gone,
what holds the others together shows. Hubs are a state and those that a pact ties to it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record, states
from counterpoise.assessment.candidates import SMALLEST, Candidate
from counterpoise.assessment.communities import communities
from counterpoise.measures import activity_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.sweep import View

    Array = NDArray[np.float64]

RESOLUTIONS = (1.0, 2.0)
"""At 2 a community must be twice as dense to hold together: it finds the smaller ones."""

HUBS = 8
"""So many of the strongest states are taken as hubs."""

ALIKE = 0.5
"""Clusters of two years that share this much of their members are one cluster that changed."""

VOTES = {1: 1.0, 2: 0.0, 3: -1.0}
"""Yes, abstention and no. Absence says nothing."""


def networks(seen: View) -> dict[str, Array]:
    """Weighted networks over the states of a view, (n, n) each; those without data left out."""
    found = {
        "pacts": seen.pacts.tied[:-1, :-1].astype(float),
        "votes": voted_alike(seen.codes, seen.year),
        "exercises": exercised_together(seen),
    }
    return {name: matrix for name, matrix in found.items() if matrix is not None}


@functools.cache
def _ballots() -> dict[int, pl.DataFrame]:
    """Votes of each year: rcid, ccode, vote; repeats of a roll call are left out."""
    calls = record.table("un_roll_calls").filter(pl.col("repeats").is_null())
    votes = record.table("un_votes").filter(pl.col("vote").is_in(list(VOTES)))
    joined = votes.join(calls.select("rcid", "year"), on="rcid", how="inner", validate="m:1")
    return {
        int(str(key[0])): rows for key, rows in joined.partition_by("year", as_dict=True).items()
    }


def voted_alike(codes: Sequence[int], year: int) -> Array | None:
    """How far any two states voted alike beyond what everybody did; None without votes.

    The cosine of their votes less each roll call's mean, negative ones set to 0. A vote not cast
    counts as the mean.
    """
    rows = _ballots().get(year)
    if rows is None:
        return None
    calls = {c: k for k, c in enumerate(rows["rcid"].unique().sort())}
    place = {c: i for i, c in enumerate(codes)}
    cast = np.full((len(codes), len(calls)), np.nan)
    for call, code, vote in rows.select("rcid", "ccode", "vote").iter_rows():
        if code in place:
            cast[place[code], calls[call]] = VOTES[vote]
    known = ~np.isnan(cast)
    mean = np.nansum(cast, axis=0) / np.maximum(known.sum(axis=0), 1)
    apart = np.where(known, cast - mean, 0.0)
    length = np.sqrt((apart**2).sum(axis=1))
    shown = apart / np.where(length > 0, length, 1.0)[:, None]
    return np.maximum(shown @ shown.T, 0.0)


def exercised_together(seen: View) -> Array | None:
    """How many exercises of the last five years any two states held without the target."""
    found = activity_arrays.took_part(seen.codes, seen.year)
    if found is None:
        return None
    matrix, by_state = found
    without = ~by_state.get(seen.target, np.zeros(matrix.shape[1], dtype=bool))
    joint = matrix[:-1, without].astype(float)
    return np.asarray(joint @ joint.T)


def of_view(seen: View, seed: int) -> Iterator[tuple[str, Candidate]]:
    """Every cluster in a view, with the network that it is of; named after its strongest member."""
    for place, (name, matrix) in enumerate(networks(seen).items()):
        for at, resolution in enumerate(RESOLUTIONS):
            address = (seen.target, seen.year, place, at)
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=address))
            label = f"{name} {resolution:g}"
            for nodes in communities(matrix, rng, resolution):
                if len(nodes) >= SMALLEST:
                    yield label, _candidate(seen, nodes, f"cluster in {name} around")
    for hub in np.argsort(-np.nan_to_num(seen.power[:-1]), kind="stable")[:HUBS]:
        nodes = [int(hub), *np.flatnonzero(seen.pacts.tied[hub, :-1]).tolist()]
        if len(nodes) >= SMALLEST:
            yield f"hub {seen.codes[hub]}", _candidate(seen, nodes, "pact partners of", int(hub))


def _candidate(seen: View, nodes: list[int], what: str, head: int | None = None) -> Candidate:
    held = np.nan_to_num(seen.power)[nodes]
    first = nodes[int(held.argmax())] if head is None else head
    name = states.names().name(seen.codes[first], seen.year)
    members = tuple(sorted(seen.codes[n] for n in nodes))
    return Candidate("", f"{what} {name}", "cluster", seen.year, seen.day, members)


def followed(found: Sequence[tuple[str, Candidate]]) -> list[Candidate]:
    """Give each cluster a key that it keeps from year to year while it stays much the same."""
    lines: dict[str, dict[str, Candidate]] = {}
    kept: list[Candidate] = []
    for label, candidate in sorted(found, key=lambda pair: (pair[0], pair[1].year)):
        line = lines.setdefault(label, {})
        taken = {k for k, c in line.items() if c.year == candidate.year}
        near = [k for k, c in line.items() if c.year == candidate.year - 1 and k not in taken]
        key = max(near, key=lambda k: _alike(line[k], candidate), default=None)
        if key is None or _alike(line[key], candidate) < ALIKE:
            key = _fresh(label, candidate, line)
        line[key] = _renamed(candidate, key)
        kept.append(line[key])
    return kept


def _alike(one: Candidate, two: Candidate) -> float:
    a, b = set(one.members), set(two.members)
    return len(a & b) / len(a | b)


def _fresh(label: str, candidate: Candidate, line: dict[str, Candidate]) -> str:
    stem = f"cluster:{label.replace(' ', ':')}:{candidate.year}:{candidate.members[0]}"
    return stem if stem not in line else f"{stem}:{len(line)}"


def _renamed(candidate: Candidate, key: str) -> Candidate:
    return Candidate(
        key, candidate.name, "cluster", candidate.year, candidate.day, candidate.members
    )
