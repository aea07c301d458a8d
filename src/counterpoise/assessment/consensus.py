"""The consensus strand of a verdict, from the shipped or the user's case files."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.measures import consensus, power, visions
from counterpoise.models.bargaining import triangles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.cases import Case
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]

DRAWS = 2000
SEED = 20060615


@dataclass(frozen=True)
class Label:
    """One reading of a case under one weighting.

    ``kept`` is the share of draws over the coding ranges of all codings that give this label;
    ``chance`` is how often positions drawn uniformly would, with the same weights.
    """

    kind: consensus.Kind
    rejection: float | None
    accord_reject: float | None
    vision: float | None
    negativity: float | None
    negativity_interval: tuple[float, float] | None
    kept: float | None
    chance: float | None


@dataclass(frozen=True)
class ConsensusResult:
    """Consensus under power weights and equal weights, and what it was coded from.

    ``by_coder`` is the label that each coding gives by itself under power weights.
    """

    case: str
    coders: tuple[str, ...]
    power: Label
    equal: Label
    by_coder: dict[str, consensus.Kind]
    leaders_gap: float | None
    issues: tuple[tuple[str, str], ...]

    @property
    def weights_agree(self) -> bool:
        """Do both weightings give the same label?"""
        return self.power.kind == self.equal.kind


def assess_case(
    cases: Sequence[Case], metric: str, year: int | None, rules: Rules
) -> ConsensusResult | None:
    """Consensus of a case from its codings; the first gives the figures, all give the interval.

    None where a member's power is unknown under the metric in the year that answers for it.
    """
    return _assessed(tuple(cases), metric, year, rules)


@functools.lru_cache(maxsize=64)
def _assessed(
    cases: tuple[Case, ...], metric: str, year: int | None, rules: Rules
) -> ConsensusResult | None:
    """One answer for one question: what would change a verdict is checked with the same case."""
    first, *_ = cases
    share = {} if year is None else power.shares(metric, year)
    codes = [actor.code for actor in first.members]
    if any(code not in share for code in codes):
        return None
    weights = np.array([share[code] for code in codes])
    return ConsensusResult(
        case=first.name,
        coders=tuple(case.coder for case in cases),
        power=_label(cases, weights, rules),
        equal=_label(cases, np.ones(len(codes)), rules),
        by_coder={case.coder: _kind(case, weights, rules) for case in cases},
        leaders_gap=_leaders_gap(first, weights),
        issues=tuple((issue.id, issue.kind) for issue in first.issues),
    )


def _kind(case: Case, weights: Array, rules: Rules) -> consensus.Kind:
    best = _scales(case)
    if not consensus.is_classifiable(best):
        return "not classifiable"
    return consensus.label(consensus.measure(best, weights, rules), rules)


def _label(cases: Sequence[Case], weights: Array, rules: Rules) -> Label:
    best = _scales(cases[0])
    if not consensus.is_classifiable(best):
        return Label("not classifiable", None, None, None, None, None, None, None)
    point = consensus.measure(best, weights, rules)
    kind = consensus.label(point, rules)
    rng = np.random.default_rng(SEED)
    drawn = [consensus.measure(_drawn(case, rng), weights, rules) for case in cases]
    negativity = np.concatenate([d.negativity for d in drawn])
    low, high = np.quantile(negativity, (0.025, 0.975))
    labels = np.concatenate([consensus.kinds(d, rules) for d in drawn])
    chance = consensus.kinds(consensus.measure(_uniform(cases[0], rng), weights, rules), rules)
    return Label(
        kind,
        float(point.rejection),
        float(point.accord_reject),
        float(point.vision),
        float(point.negativity),
        (float(low), float(high)),
        float((labels == kind).mean()),
        float((chance == kind).mean()),
    )


def coding(case: Case, field: str) -> Array:
    """A coding of every member on every issue; shape (issues, members)."""
    cell = {(p.issue, p.actor): getattr(p, field) for p in case.positions}
    return np.array([[cell[i.id, a.id] for a in case.members] for i in case.issues], dtype=float)


def _scales(case: Case) -> list[consensus.Scale]:
    return scales(case, coding(case, "position"), coding(case, "salience"))


def scales(case: Case, positions: Array, saliences: Array) -> list[consensus.Scale]:
    """The issues of a case under some codings, (issues, members) or (issues, draws, members)."""
    return [
        consensus.Scale(
            issue.id,
            issue.kind == "reject",
            issue.target,
            issue.status_quo,
            positions[k],
            saliences[k],
        )
        for k, issue in enumerate(case.issues)
    ]


def _drawn(case: Case, rng: np.random.Generator) -> list[consensus.Scale]:
    """Positions and saliences drawn from triangles over their coding ranges."""
    positions = _triangles(case, "low", "position", "high", rng)
    saliences = _triangles(case, "salience_low", "salience", "salience_high", rng)
    return scales(case, positions, saliences)


def _triangles(case: Case, low: str, best: str, high: str, rng: np.random.Generator) -> Array:
    """Shape (issues, draws, members)."""
    left, mode, right = (coding(case, field) for field in (low, best, high))
    flat = triangles(left.ravel(), mode.ravel(), right.ravel(), rng, DRAWS)
    return np.moveaxis(flat.reshape(DRAWS, *mode.shape), 0, 1)


def _uniform(case: Case, rng: np.random.Generator) -> list[consensus.Scale]:
    saliences = coding(case, "salience")[:, None, :]
    shape = (saliences.shape[0], DRAWS, saliences.shape[2])
    return scales(case, rng.uniform(0, 100, shape), np.broadcast_to(saliences, shape))


def _leaders_gap(case: Case, weights: Array) -> float | None:
    """Mean distance, in scale points, between the two strongest members on the build issues."""
    build = [k for k, issue in enumerate(case.issues) if issue.kind == "build"]
    if len(weights) < 2 or not build:
        return None
    return float(visions.leaders_gap(coding(case, "position")[build], weights))
