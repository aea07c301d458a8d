"""Worlds with known ideal points, and the votes cast in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise.models.ideal_points import VoteProblem


@dataclass(frozen=True)
class World:
    """Ideal points (periods, states, D), the votes, and each item's (β, c, gap)."""

    theta: Any
    problem: VoteProblem
    items: Any

    def in_frame(self, used: Any) -> Any:
        """The truth as estimates are told: mean 0 and sd 1 over the ideal points with votes."""
        own = self.theta[:, :, 0]
        return (own - own[used].mean()) / own[used].std()


def world(
    rng: np.random.Generator,
    states: int = 40,
    periods: int = 8,
    rollcalls: int = 30,
    repeated: int = 4,
    dimensions: int = 1,
    absent: float = 0.1,
    stay: float = 0.97,
) -> World:
    """Ideal points that walk, and votes by the ordered logit; some items come every period."""
    theta = rng.normal(size=(periods, states, dimensions))
    for t in range(1, periods):
        theta[t] = stay * theta[t - 1] + np.sqrt(1 - stay**2) * theta[t]
    item = np.arange(periods * rollcalls).reshape(periods, rollcalls)
    item[1:, :repeated] = item[0, :repeated]
    number = item.ravel()
    beta = rng.normal(0, 2, size=(number.size, dimensions))
    centre, gap = rng.normal(-1, 2, number.size), np.exp(rng.normal(0.5, 0.5, number.size))
    period = np.repeat(np.arange(periods), rollcalls)
    at = np.einsum("rsd,rd->rs", theta[period], beta[number]) - centre[number, None]
    at = at + rng.logistic(size=at.shape)
    half = gap[number, None] / 2
    votes = np.where(at < -half, 0, np.where(at > half, 2, 1)).astype(np.int8)
    votes[rng.random(votes.shape) < absent] = -1
    positive = int(theta[:, :, 0].mean(axis=0).argmax())
    problem = VoteProblem(votes, period, number, positive)
    return World(theta, problem, np.column_stack([beta, centre, gap]))
