"""How well claimants predicted: proper scores with intervals, against climatology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.claims import Claim
    from counterpoise.assessment.resolution import Outcome
    from counterpoise.assessment.scores import Calibration, Interval

SEED = 20060623


@dataclass(frozen=True)
class Scoreboard:
    """Scores of a set of resolved claims; smaller is better, skill above 0 beats climatology.

    ``log`` is in nats. ``base_rate`` is the share of the resolved propositions that came true.
    """

    name: str
    claims: int
    void: int
    base_rate: float | None
    brier: Interval | None
    log: Interval | None
    skill: Interval | None


def score(name: str, found: Sequence[tuple[Claim, Outcome]], base_rate: float) -> Scoreboard:
    """Score one set of claims against the base rate of the whole ledger."""
    known = [(c.chance, o.happened) for c, o in found if o.happened is not None]
    void = len(found) - len(known)
    if not known:
        return Scoreboard(name, len(found), void, None, None, None, None)
    probability, outcome = (np.array(column, dtype=float) for column in zip(*known, strict=True))
    clusters = np.array([c.claimant for c, o in found if o.happened is not None])
    each = scores.brier_each(probability, outcome)
    reference = scores.brier_each(np.full(outcome.size, base_rate), outcome)
    rng = np.random.default_rng(SEED)
    return Scoreboard(
        name,
        len(found),
        void,
        float(outcome.mean()),
        scores.mean_interval(each, rng, clusters),
        scores.mean_interval(scores.log_each(probability, outcome), rng, clusters),
        scores.skill_interval(each, reference, rng, clusters),
    )


@dataclass(frozen=True)
class Scores:
    """All claims, then those whose source was opened, then every school and claimant."""

    whole: Scoreboard
    checked: Scoreboard
    schools: tuple[Scoreboard, ...]
    claimants: tuple[Scoreboard, ...]
    calibration: Calibration | None


def score_ledger(found: Sequence[tuple[Claim, Outcome]]) -> Scores:
    """Score a ledger as a whole and by whom."""
    known = [o.happened for _, o in found if o.happened is not None]
    base = float(np.mean(known)) if known else 0.0
    return Scores(
        score("all", found, base),
        score("checked", [pair for pair in found if pair[0].checked], base),
        _by(found, "school", base),
        _by(found, "claimant", base),
        _calibration(found),
    )


def _by(found: Sequence[tuple[Claim, Outcome]], field: str, base: float) -> tuple[Scoreboard, ...]:
    names = sorted({getattr(claim, field) for claim, _ in found})
    return tuple(
        score(name, [pair for pair in found if getattr(pair[0], field) == name], base)
        for name in names
    )


def _calibration(found: Sequence[tuple[Claim, Outcome]]) -> Calibration | None:
    known = [(c.chance, o.happened) for c, o in found if o.happened is not None]
    if not known:
        return None
    probability, outcome = (np.array(column, dtype=float) for column in zip(*known, strict=True))
    return scores.calibration(probability, outcome, np.linspace(0, 1, 6))
