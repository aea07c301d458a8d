"""Whether a coalition was to be expected, under every defensible choice.

Axes: year, power, weights, coder, draw, threat, survival. The first draw is the coding itself; the
others lie anywhere in its ranges, by a fixed seed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import cases
from counterpoise.assessment.consensus import coding, scales
from counterpoise.assessment.multiverse_grid import Factor, Option, declared, defaults
from counterpoise.assessment.outcomes import Outcomes
from counterpoise.measures import consensus, power
from counterpoise.measures.threats import threats
from counterpoise.models.bargaining import triangles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question
    from counterpoise.cases import Case
    from counterpoise.measures.threats import Matrices

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Signs = tuple[Flags, Flags]

LABELS = ("false", "true", "unknown")
FALSE, TRUE, UNKNOWN = range(3)

DRAWS = 200
SEED = 20060615


def ripe_outcomes(
    questions: dict[int, Question], metrics: Factor, codings: Sequence[Case] | None = None
) -> Outcomes | None:
    """Ripe under every specification; None without a case file.

    Parameters
    ----------
    questions : by offset, the question in each year measured; 0 is the question as asked.
    metrics : the metrics that the question has.
    codings : case files to use instead of shipped ones.
    """
    asked = questions[0]
    used = codings or cases.find(asked.bloc.key or "", asked.target.ccode, asked.year)
    if not used:
        return None
    factors = _factors(asked, questions, metrics, used)
    signs = [_year(question, used, factors) for question in questions.values()]
    yes, no = np.stack([yes for yes, _ in signs]), np.stack([no for _, no in signs])
    codes = np.where(yes, TRUE, np.where(no, FALSE, UNKNOWN)).astype(np.int8)
    chosen = defaults(asked) | {"coder": used[0].coder, "draw": 0}
    default = tuple(f.place(chosen[f.name]) for f in factors)
    return Outcomes(factors, codes, LABELS, default)


def _factors(
    asked: Question, questions: dict[int, Question], metrics: Factor, used: Sequence[Case]
) -> tuple[Factor, ...]:
    grid, chosen = declared(), defaults(asked)
    years = grid.factor("year")
    return (
        years.only([years.place(offset) for offset in questions]),
        metrics,
        grid.factor("weights").only(grid.factor("weights").valid("ripe")),
        replace(grid.factor("coder"), options=tuple(_coder(case) for case in used)),
        replace(grid.factor("draw"), options=tuple(_draw(k) for k in range(DRAWS + 1))),
        grid.factor("threat"),
        grid.factor("survival").with_asked(chosen["survival"]),
    )


def _coder(case: Case) -> Option:
    return Option(case.coder, "A coding of the same case by another hand", case.name)


def _draw(place: int) -> Option:
    reason = "As coded" if place == 0 else "Drawn from triangles over the coding ranges"
    return Option(place, reason, "the case file")


def _year(question: Question, used: Sequence[Case], factors: tuple[Factor, ...]) -> Signs:
    """Ripe surely and ripe surely not, (power, weights, coder, draw, threat, survival)."""
    _, metrics, weights, _, _, combinations, cuts = factors
    rejects, shares = _consensus(question, used, metrics, weights)
    survival = _survival(question, metrics, combinations, cuts)
    lift = (slice(None),) * 4 + (None, None)
    (reject, not_reject), (vision, not_vision) = (
        (yes[lift], no[lift]) for yes, no in (rejects, shares)
    )
    at_stake, safe = (sign[:, None, None, None] for sign in survival)
    yes = reject & (vision | at_stake)
    no = not_reject | (not_vision & safe)
    return yes, np.broadcast_to(no, yes.shape)


def _consensus(
    question: Question, used: Sequence[Case], metrics: Factor, weights: Factor
) -> tuple[Signs, Signs]:
    """Rejection and vision passed, (power, weights, coder, draw) each."""
    rules = question.rules
    coded = [_scales(case) for case in used]
    shape = len(metrics.values), len(weights.values), len(used), DRAWS + 1
    rejection, vision = np.full(shape, np.nan), np.full(shape, np.nan)
    for m, metric in enumerate(metrics.values):
        share = power.shares(str(metric), question.year)
        codes = [actor.code for actor in used[0].members]
        if any(code not in share for code in codes):
            continue
        held = np.array([share[code] for code in codes])
        for w, weight in enumerate(weights.values):
            for c, listed in enumerate(coded):
                if consensus.is_classifiable(listed):
                    used_weight = np.ones(len(held)) if weight == "equal" else held
                    found = consensus.measure(listed, used_weight, rules)
                    rejection[m, w, c], vision[m, w, c] = found.rejection, found.vision
    return _reaches(rejection, rules.rejection), _reaches(vision, rules.vision)


def _reaches(value: Array, cut: float) -> Signs:
    return value >= cut, value < cut


def _scales(case: Case) -> list[consensus.Scale]:
    """The issues of a case: the coding itself, then draws over its ranges; (draws, members)."""
    rng = np.random.default_rng(SEED)
    positions = _drawn(case, "low", "position", "high", rng)
    saliences = _drawn(case, "salience_low", "salience", "salience_high", rng)
    return scales(case, positions, saliences)


def _drawn(case: Case, low: str, best: str, high: str, rng: np.random.Generator) -> Array:
    """(issues, 1 + draws, members), the coding first."""
    left, mode, right = (coding(case, field) for field in (low, best, high))
    flat = triangles(left.ravel(), mode.ravel(), right.ravel(), rng, DRAWS)
    drawn = np.moveaxis(flat.reshape(DRAWS, *mode.shape), 0, 1)
    return np.concatenate([mode[:, None], drawn], axis=1)


def _survival(question: Question, metrics: Factor, combinations: Factor, cuts: Factor) -> Signs:
    """Is the survival of a third of the lesser members at stake? (power, threat, survival)."""
    names, limits = [str(name) for name in combinations.values], np.array(cuts.values, dtype=float)
    parts = [_shares(question, str(metric), names, limits) for metric in metrics.values]
    bounds, least = np.stack(parts), question.rules.survival_share
    return bounds[..., 0] >= least, bounds[..., 1] < least


def _shares(question: Question, metric: str, names: Sequence[str], cuts: Array) -> Array:
    """Bounds on the share of lesser members at or above each cut, (threat, survival, 2).

    ``survival_forward`` is on the scale of ``survival``. The others are cut where as large a part
    of the year's pairs lies above as lies above the cut under ``survival``.
    """
    found = threats(question.year, metric, extend=question.reach.extend)
    bounds = np.broadcast_to([0.0, 1.0], (len(names), len(cuts), 2)).copy()
    row, places = found.places.of(question.target.ccode), _lesser(question, found)
    if row < 0 or not places:
        return bounds
    standard = found.combination("survival")
    for k, name in enumerate(names):
        values = standard if name == "survival" else found.combination(name)
        used = cuts if name.startswith("survival") else _as_rare(standard, values, cuts)
        held = np.array([values[row, place] if place >= 0 else np.nan for place in places])
        bounds[k, :, 0] = (held[:, None] >= used).mean(axis=0)
        bounds[k, :, 1] = bounds[k, :, 0] + np.isnan(held).mean()
    return bounds


def _as_rare(standard: Array, values: Array, cuts: Array) -> Array:
    """Cuts above which as large a part of other values lies as of the standard ones."""
    known, others = np.sort(standard[~np.isnan(standard)]), values[~np.isnan(values)]
    if not known.size or not others.size:
        return np.full(len(cuts), np.nan)
    return np.asarray(np.quantile(others, np.searchsorted(known, cuts) / known.size))


def _lesser(question: Question, found: Matrices) -> list[int]:
    """Places of the members other than the strongest; -1 for one without a place."""
    share = found.found.own_power[0]
    held = {m: found.places.of(m) for m in question.members}
    known = [(share[p], -m) for m, p in held.items() if p >= 0 and not np.isnan(share[p])]
    if not known:
        return []
    strongest = -max(known)[1]
    return [place for member, place in held.items() if member != strongest]
