"""Absences: ignored, counted as abstentions, or modelled.

Modelled, each roll call with absences becomes two: the votes cast, and a second one in which every
member is present (yes) or absent (no), with a discrimination of its own and no abstention. What a
state's attendance in the period would lead one to expect is added to its predictor, so that an
absence tells of the ideal point only where it is unlike the state's habit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models.ideal_points_layout import lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points import Absences, VoteProblem
    from counterpoise.models.ideal_points_layout import Layout

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Votes = NDArray[np.int8]

ABSENT, ABSTAIN, YES = -1, 1, 2
IGNORED = -3
FEWEST = 3
"""Members absent, and members present, that a roll call needs for its absences to be modelled."""

HABIT = 5.0
"""Roll calls of average attendance that a state's own are averaged with."""


def lay_out_with(problem: VoteProblem, absences: Absences) -> tuple[Layout, Flags]:
    """The problem sorted, with its absences as chosen; and which items have no abstention."""
    votes, period, item = problem.votes, problem.period, problem.item
    periods = int(period.max()) + 1
    none = np.zeros((1, 1))
    if absences == "abstain":
        votes = np.where(votes == ABSENT, ABSTAIN, votes).astype(np.int8)
    if absences != "model":
        layout = lay_out(votes, none, period, item, periods)
        return layout, np.zeros(layout.items, dtype=bool)
    shown = _attended(votes)
    offset = np.vstack([np.zeros(votes.shape), _habit(votes, period, periods)[shown]])
    fresh = item.max() + 1 + np.arange(shown.size)
    layout = lay_out(
        np.vstack([votes, _presence(votes[shown])]),
        offset,
        np.concatenate((period, period[shown])),
        np.concatenate((item, fresh)),
        periods,
    )
    is_binary = np.arange(layout.items) >= layout.items - shown.size
    return layout, is_binary


def _attended(votes: Votes) -> Ints:
    absent, present = (votes == ABSENT).sum(axis=1), (votes >= 0).sum(axis=1)
    return np.flatnonzero((absent >= FEWEST) & (present >= FEWEST))


def _presence(votes: Votes) -> Votes:
    return np.where(votes >= 0, YES, np.where(votes == ABSENT, 0, IGNORED)).astype(np.int8)


def _habit(votes: Votes, period: Ints, periods: int) -> Array:
    """Log odds of each state's attendance in the period of each roll call."""
    present = np.zeros((periods, votes.shape[1]))
    expected = np.zeros_like(present)
    np.add.at(present, period, votes >= 0)
    np.add.at(expected, period, votes >= ABSENT)
    usual = present.sum() / expected.sum()
    share = (present + HABIT * usual) / (expected + HABIT)
    return np.asarray((np.log(share) - np.log1p(-share + 1e-9))[period])
