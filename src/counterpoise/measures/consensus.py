"""What a bloc's members agree on: what they reject, and what they would build.

Definitions are ours, in docs/explanation/consensus.md. Positions, the target's position τ and the
status quo q lie on scales from 0 to 100; weights are power times salience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]

Kind = Literal["positive", "negative", "discord", "not classifiable"]

CHANCE_DISTANCE = 100 / 3
"""Mean distance between two independent uniform positions on a scale from 0 to 100."""

FEWEST_ISSUES = 3
"""Issues of each kind below which a case is not classified."""


@dataclass(frozen=True)
class Scale:
    """One issue as numbers: the members' positions and saliences in order, τ and q.

    ``positions`` and ``saliences`` have shape (n,) or, for draws over coding ranges, (draws, n).
    """

    name: str
    is_reject: bool
    target: float
    status_quo: float
    positions: Array
    saliences: Array


def opposition(scale: Scale, power: Array, margin: float) -> Array:
    """Share of weight that wants the status quo moved away from the target's position.

    O = Σ a_i over members with (x_i − q)·sign(q − τ) ≥ margin; a_i ∝ w_i s_i. Where q = τ, away
    is the side that most weight prefers. In [0, 1]; shape () or (draws,).
    """
    weight = _weights(scale, power)
    shift = scale.positions - scale.status_quo
    side = np.sign(scale.status_quo - scale.target)
    above, below = _sum(weight * (shift >= margin)), _sum(weight * (-shift >= margin))
    if side == 0:
        return np.maximum(above, below)
    return above if side > 0 else below


def accord(scale: Scale, power: Array) -> Array:
    """Agreement among members: 1 − D/D0, floored at −1.

    D is the mean distance |x_i − x_j| over pairs of different members with weights a_i a_j; D0 is
    the distance expected of uniform positions. 1 is unanimity, 0 what chance gives.
    """
    a = _weights(scale, power)
    x = scale.positions
    pair = a[..., :, None] * a[..., None, :]
    pair[..., np.arange(x.shape[-1]), np.arange(x.shape[-1])] = 0.0
    gap = np.abs(x[..., :, None] - x[..., None, :])
    mean = (pair * gap).sum(axis=(-2, -1)) / pair.sum(axis=(-2, -1))
    return np.asarray(np.maximum(-1.0, 1 - mean / CHANCE_DISTANCE))


def _weights(scale: Scale, power: Array) -> Array:
    weight = power * scale.saliences
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _sum(values: Array) -> Array:
    return np.asarray(values.sum(axis=-1))


@dataclass(frozen=True)
class Consensus:
    """Rejection R, accord on what is rejected, vision V; each of shape () or (draws,)."""

    rejection: Array
    accord_reject: Array
    vision: Array

    @property
    def negativity(self) -> Array:
        """Accord on what members reject less accord on what they would build."""
        return self.accord_reject - self.vision


def measure(scales: Sequence[Scale], power: Array, rules: Rules) -> Consensus:
    """The three figures of a case, each issue weighted by Σ w_i s_i."""
    reject = [s for s in scales if s.is_reject]
    build = [s for s in scales if not s.is_reject]
    return Consensus(
        _mean([opposition(s, power, rules.opposition) for s in reject], reject, power),
        _mean([accord(s, power) for s in reject], reject, power),
        _mean([accord(s, power) for s in build], build, power),
    )


def _mean(values: Sequence[Array], scales: Sequence[Scale], power: Array) -> Array:
    weight = np.array([(power * s.saliences).sum(axis=-1) for s in scales])
    return np.asarray((np.array(values) * weight).sum(axis=0) / weight.sum(axis=0))


def is_classifiable(scales: Sequence[Scale]) -> bool:
    """Are there three issues of each kind, and at least three members?"""
    rejects = sum(s.is_reject for s in scales)
    members = scales[0].positions.shape[-1] if scales else 0
    return min(rejects, len(scales) - rejects) >= FEWEST_ISSUES and members > 2


def kinds(found: Consensus, rules: Rules) -> NDArray[np.str_]:
    """Positive where V suffices; negative where rejection and its accord do and V does not."""
    positive = found.vision >= rules.vision
    negative = (found.rejection >= rules.rejection) & (found.accord_reject >= rules.accord_reject)
    return np.where(positive, "positive", np.where(negative, "negative", "discord"))


def label(found: Consensus, rules: Rules) -> Kind:
    """The label of one measurement without draws."""
    return cast("Kind", str(kinds(found, rules)))
