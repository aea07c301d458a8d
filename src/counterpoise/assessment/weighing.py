"""Power of a question's states: which of them existed in a year, and what they weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise import states
from counterpoise.measures import hard, power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question


FIRST_YEAR = 1816
"""The state system is coded from here; earlier years are read with the states of this one."""


def weights(
    question: Question, members: Sequence[int], year: int
) -> tuple[list[int], list[float] | None]:
    """Members that exist in a year, and their power then under the question's metric.

    Power is None where the metric does not cover the year or a member has no figure.
    """
    system = set(states.system(max(year, FIRST_YEAR)))
    codes = [m for m in members if m in system]
    answering = question.reach.year(power.metric(question.metric).table, year)
    share = {} if answering is None else power.shares(question.metric, answering)
    if any(code not in share for code in codes):
        return codes, None
    return codes, [share[code] for code in codes]


def member_power(question: Question) -> NDArray[np.float64] | None:
    """Power of every member in the year asked, in their order; None if any lacks it."""
    share = _shares(question, question.metric)
    if share is None or any(m not in share for m in question.members):
        return None
    return np.array([share[m] for m in question.members])


def ratio(question: Question, metric: str, allies: Sequence[int] = ()) -> float | None:
    """Power of the bloc over power of the target, with ``allies`` on the target's side.

    None where a figure of any of them is missing under the metric.
    """
    share = _shares(question, metric)
    other = [question.target.ccode, *(a for a in allies if a not in question.members)]
    if share is None or any(code not in share for code in (*question.members, *other)):
        return None
    return hard.power_ratio(
        np.array([share[m] for m in question.members]), np.array([share[o] for o in other])
    )


def _shares(question: Question, metric: str) -> power.Shares | None:
    answering = question.reach.year(power.metric(metric).table, question.year)
    return None if answering is None else power.shares(metric, answering)
