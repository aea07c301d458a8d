"""Landscape theory of alignment (Axelrod & Bennett 1993): who ends up with whom.

``solve`` chooses the strongest method that the size allows: every local optimum and its basin by
enumeration (two blocs of up to 28 actors, or up to five million partitions), annealing or descent
with a proof or a stated gap beyond. The problem and result types are in ``landscape_problem``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.errors import ModelError
from counterpoise.models import needs_extra
from counterpoise.models.landscape_problem import (
    Landscape,
    LandscapeSolution,
    Optimum,
    energy,
    frustration,
    switch_changes,
)

if TYPE_CHECKING:
    from counterpoise.models.landscape_pivots import Pivot

__all__ = [
    "Landscape",
    "LandscapeSolution",
    "Optimum",
    "energy",
    "frustration",
    "pivots",
    "solve",
    "switch_changes",
]

PURPOSE = "Landscape theory"


def solve(
    problem: Landscape,
    *,
    blocs: int = 2,
    seed: int = 0,
    time_limit: float = 60.0,
    workers: int | None = None,
) -> LandscapeSolution:
    """Local optima of a landscape, by enumeration where the size allows.

    Parameters
    ----------
    problem : actors, strengths and propensities.
    blocs : the most blocs allowed.
    seed : of the search where enumeration is impossible.
    time_limit : seconds for the proof where enumeration is impossible.
    workers : threads; the answer does not depend on it.

    Raises
    ------
    ModelError : a flat landscape, too many actors, or an impossible number of blocs.
    MissingExtraError : numba, HiGHS or dwave-samplers is not installed.
    """
    if blocs < 1:
        raise ModelError(f"{blocs} blocs: there must be at least one.")
    with needs_extra(PURPOSE):
        from counterpoise.models import landscape_exact as exact

        if blocs == 2 and len(problem) <= exact.MOST_ACTORS:
            return exact.two_blocs(problem, workers=workers)
        most = min(blocs, len(problem))
        if exact.partitions_count(len(problem), most) <= exact.MOST_PARTITIONS:
            return exact.several_blocs(problem, most, workers=workers)
        from counterpoise.models import landscape_large as large

        effort = large.Effort(time_limit=time_limit)
        if blocs == 2:
            return large.two_blocs_bounded(problem, seed=seed, effort=effort)
        return large.several_blocs_bounded(problem, blocs, seed=seed, effort=effort)


def pivots(
    problem: Landscape,
    solution: LandscapeSolution | None = None,
    *,
    pole: str | None = None,
    workers: int | None = None,
) -> tuple[Pivot, ...]:
    """Whose change of sides changes the lowest configuration of two blocs most, first.

    Each actor in turn goes over to the pole of the other bloc, and the rest settle anew; see
    ``landscape_pivots``.

    Parameters
    ----------
    solution : of two blocs; solved here if not given.
    pole : an actor to stand for its bloc in place of the strongest, such as the leading state.
    """
    with needs_extra(PURPOSE):
        from counterpoise.models.landscape_pivots import pivots as found

        known = solution or solve(problem, workers=workers)
        return found(problem, known, pole=pole, workers=workers)
