"""Simulated assemblies: votes of which it is known whether a group coordinates.

States live in regions and belong to caucuses, both of which go with their ideal points. Topics
come up again in other years. A caucus may have a line on a roll call, which pulls all its members;
a planted group follows one member's vote with some probability, where the target opposes the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.models import coordination, coordination_fit
from counterpoise.models.coordination_fit import ABSENT, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Votes = NDArray[np.int8]

CAUCUS_SHARES = (0.6, 0.3, 0.15, 0.1)
CAUCUS_VOTES = 0.4
"""Share of roll calls on which a caucus has a line."""


@dataclass(frozen=True)
class Setting:
    """What a simulated assembly is like.

    ``true`` dimensions of the ideal points and ``fitted`` ones of the model; ``pull`` standard
    deviation of a caucus's line, in units of the predictor.
    """

    name: str
    true: int = 2
    fitted: int = 2
    pull: float = 0.0
    states: int = 150
    rollcalls: int = 240
    regions: int = 5


SETTINGS = (
    Setting("two dimensions, both modelled"),
    Setting("two dimensions, one modelled", fitted=1),
    Setting("three dimensions, two modelled", true=3),
    Setting("caucuses with lines", pull=1.0),
    Setting("three dimensions and caucuses", true=3, pull=1.0),
)


@dataclass(frozen=True)
class World:
    """States and items of one simulated assembly; ``target`` lies at one end."""

    setting: Setting
    region: Ints
    caucus: Flags
    target: int
    predictor: Array
    lower: Array
    upper: Array
    topic: Ints


def world(setting: Setting, rng: np.random.Generator) -> World:
    """Draw states, caucuses and items."""
    size, states = setting.true, setting.states
    region = rng.integers(setting.regions, size=states)
    centres = 0.8 * rng.normal(size=(setting.regions, size))
    theta = centres[region] + 0.6 * rng.normal(size=(states, size))
    theta = (theta - theta.mean(axis=0)) / theta.std(axis=0)
    target = int(theta[:, 0].argmax())
    caucus = np.zeros((states, len(CAUCUS_SHARES)), dtype=bool)
    for c, share in enumerate(CAUCUS_SHARES):
        drawn = rng.normal(size=states) + (centres @ rng.normal(size=size))[region]
        drawn -= theta[:, 0] / 2
        caucus[np.argsort(-drawn)[: int(share * states)], c] = True
    caucus[target] = False
    topic = rng.integers(setting.rollcalls // 2, size=setting.rollcalls)
    slope, cut = _topics(setting, rng)
    slope = slope[topic] + 0.1 * rng.normal(size=(setting.rollcalls, size))
    cut = cut[topic] + 0.2 * rng.normal(size=setting.rollcalls)
    gap = 0.1 + rng.exponential(0.7, size=setting.rollcalls)
    return World(
        setting, region, caucus, target, theta @ slope.T, cut - gap / 2, cut + gap / 2, topic
    )


def _topics(setting: Setting, rng: np.random.Generator) -> tuple[Array, Array]:
    """Slopes of each topic, most on the first dimension, and its cut point."""
    count = setting.rollcalls // 2
    slope = 0.4 * rng.normal(size=(count, setting.true))
    lead = rng.integers(setting.true + 1, size=count) % setting.true
    slope[np.arange(count), lead] -= rng.lognormal(0.6, 0.5, size=count)
    return slope, rng.normal(-1.2, 1.5, size=count)


def cast(
    of: World, rng: np.random.Generator, group: Ints | None = None, strength: float = 0.0
) -> Votes:
    """Votes, (states, rollcalls); a planted group follows a line with probability ``strength``."""
    states, rollcalls = of.predictor.shape
    value = of.predictor + rng.logistic(size=(states, rollcalls))
    for c in range(of.caucus.shape[1] if of.setting.pull else 0):
        line = rng.normal(size=rollcalls) * of.setting.pull * (rng.random(rollcalls) < CAUCUS_VOTES)
        value += of.caucus[:, c, None] * line
    votes = np.where(value < of.lower, 0, np.where(value > of.upper, 2, 1)).astype(np.int8)
    if group is not None and strength > 0:
        others = np.setdiff1d(np.arange(states), [*group, of.target])
        own = votes[of.target]
        against = (votes[others] == 2 - own).mean(axis=0)
        asked = (own != 1) & (against > 0.5)
        led = votes[rng.choice(group, size=rollcalls), np.arange(rollcalls)]
        follows = (rng.random((len(group), rollcalls)) < strength) & asked
        votes[group] = np.where(follows, led, votes[group])
    absent = rng.random((states, rollcalls)) < rng.beta(1, 8, size=(states, 1))
    votes[absent] = ABSENT
    return votes


def seen(of: World, votes: Votes) -> coordination.Trial:
    """Fit the simulated votes and see them from the target's side."""
    window = Window(votes, 1 / np.bincount(of.topic)[of.topic])
    fit = coordination_fit.fit(window, of.setting.fitted, tolerance=5e-3)
    return coordination.trial(window, of.topic, fit, of.target)


KINDS = ("of the world", "of a region", "of a caucus")


def group(of: World, kind: str, size: int, rng: np.random.Generator) -> Ints | None:
    """States drawn from the world, one region or one caucus; None where it is too small."""
    pool = np.arange(of.setting.states)
    if kind == "of a region":
        pool = np.flatnonzero(of.region == rng.integers(of.setting.regions))
    elif kind == "of a caucus":
        pool = np.flatnonzero(of.caucus[:, rng.integers(1, 3)])
    pool = pool[pool != of.target]
    return rng.choice(pool, size, replace=False) if len(pool) >= 2 * size else None


def p_value(
    of: World, trial: coordination.Trial, members: Ints, draws: int, rng: np.random.Generator
) -> float:
    """Share of matched groups that coordinate as much, as the test on the record has it."""
    theta = trial.theta.copy()
    theta[of.target] = np.nan
    listed = members.tolist()
    ready = coordination.alike(theta, listed, of.region, of.caucus, coordination.STANDARD)
    matched = coordination.draw(ready, listed, draws, rng)
    found = coordination.measure(trial, np.vstack([members[None], matched]))
    return coordination.rank(found.residual).p
