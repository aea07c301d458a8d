"""Small worlds of the balancing game, drawn with a seed."""

import numpy as np

from counterpoise.models.balancing_game import BalancingProblem


def world(seed, n, groups=2):
    rng = np.random.default_rng(seed)
    power = rng.pareto(1.5, n) + 0.1
    return BalancingProblem(
        names=tuple(f"S{k}" for k in range(n)),
        target="T",
        power=power / power.sum(),
        target_power=0.4,
        threat=rng.beta(2, 2, n),
        distance_km=rng.uniform(0, 9000, n),
        base=(rng.random(n) < 0.3).astype(float),
        membership=(rng.random((n, groups)) < 0.4).astype(float),
        groups=tuple(f"G{k}" for k in range(groups)),
    )
