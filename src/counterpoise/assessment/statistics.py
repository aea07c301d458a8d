"""Every statistic that a verdict prints, for many groups at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import sweep
from counterpoise.measures import activity_arrays, arming, presence
from counterpoise.measures.core_arrays import hardest_core_share
from counterpoise.measures.direction_arrays import UNKNOWN, masks
from counterpoise.measures.survival import survival
from counterpoise.measures.threats import threats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.question import Question
    from counterpoise.assessment.sweep import View

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]
    Signs = NDArray[np.int8]


def every(question: Question, seen: View, groups: Places) -> dict[str, Array]:
    """All statistics by the names that ``assess --json`` gives them; flags are 1, 0 and NaN.

    Parameters
    ----------
    groups : (groups, members) places in the view.
    """
    figures = sweep.measure(seen, groups)
    parts = _hard(question, seen, groups, figures), _activity(question, seen, groups)
    return parts[0] | parts[1] | {"survival_share": _survival(question, seen, groups)}


def _survival(question: Question, seen: View, groups: Places) -> Array:
    """Share of the lesser members at or above the cut; NaN where a member's threat is unknown."""
    matrices = threats(question.year, question.metric, extend=question.reach.extend)
    found = survival(
        seen.target, seen.codes, question.year, question.metric, extend=question.reach.extend
    )
    places = [matrices.places.of(code) for code in seen.codes]
    power = [np.nan if p < 0 else matrices.found.own_power[0, p] for p in places]
    # Nobody's place comes last; among equals the lower number leads, as in survival_share.
    held = np.append(np.nan_to_num(power, nan=-1.0), -2.0)[groups]
    threat = np.append([np.nan if m.survival is None else m.survival for m in found], -1.0)[groups]
    lesser = (held > -2) & (np.arange(groups.shape[1]) != held.argmax(axis=1)[:, None])
    is_known = (held.max(axis=1) >= 0) & ~(np.isnan(threat) & lesser).any(axis=1)
    above = ((threat >= question.rules.survival) & lesser).sum(axis=1)
    share = np.full(len(groups), np.nan)
    np.divide(above, lesser.sum(axis=1), out=share, where=is_known & lesser.any(axis=1))
    return share


def _tension(seen: View, groups: Places) -> Array:
    """Power-weighted share of pairs that quarrel; NaN where that or power is unknown."""
    matrix = activity_arrays.quarrels(seen.codes, seen.year)
    if matrix is None:
        return np.full(len(groups), np.nan)
    held = seen.power[groups]
    among = matrix[groups[:, :, None], groups[:, None, :]].astype(float)
    total = held.sum(axis=1, keepdims=True)
    pairs = (held * (total - held)).sum(axis=1)
    found = (held * np.matmul(among, held[:, :, None])[:, :, 0]).sum(axis=1)
    share = np.divide(found, pairs, out=np.full_like(pairs, np.nan), where=pairs > 0)
    return np.asarray(share)


def _hard(
    question: Question, seen: View, groups: Places, figures: sweep.Figures
) -> dict[str, Array]:
    bind, aims = figures.binding, figures.aims
    own = sweep.METRICS.index(question.metric)
    held = seen.power[groups]
    tied = seen.pacts.tied[groups[:, :, None], groups[:, None, :]]
    ratios = {f"power_ratio_{n}": figures.ratios[:, i] for i, n in enumerate(sweep.METRICS)}
    known = seen.is_known
    return {
        "hard": _flag(figures.hard),
        "incipient": _flag(figures.incipient),
        "score": figures.score,
        "bound_share": bind.bound_share,
        "bound_dyads": _if(bind.bound_dyads.astype(float), known),
        "core_bound": _if(_flag(bind.core_bound), known),
        "core_consults": _if(_flag(bind.core_consults), known),
        "hardest_core_bound_share": _if(hardest_core_share(held, tied), known),
        "allied_with_target_share": bind.allied_share,
        "directedness": _point(aims.low, aims.high),
        "directedness_without_strongest": _point(aims.rest_low, aims.rest_high),
        "directed": _flag(aims.directed),
        "power_ratio": figures.ratios[:, own],
        **ratios,
        "power_ratio_with_targets_allies": sweep.ratio_with_allies(seen, groups, own),
        "strong_enough": _flag(figures.strong_enough),
    }


def _activity(question: Question, seen: View, groups: Places) -> dict[str, Array]:
    mask = masks(groups, len(seen.codes) + 1)
    joint = activity_arrays.exercises(mask, seen.codes, seen.target, seen.year)
    unknown = np.full(len(groups), np.nan)
    alone, shared = joint or (unknown, unknown)
    hosts = presence.hosts(seen.target, seen.day, question.rules.hosting_troops)
    growth = {
        f"milex_growth_{window}y": activity_arrays.military_growth(
            mask, seen.codes, seen.target, seen.year, window
        )
        for window in arming.WINDOWS
    }
    return {
        "penetration_share": activity_arrays.penetration(mask, seen.codes, seen.power, hosts),
        "exercises_without_target": alone,
        "exercises_with_target": shared,
        "internal_tension": _tension(seen, groups),
        **growth,
    }


def _flag(signs: Signs) -> Array:
    return np.where(signs == UNKNOWN, np.nan, signs.astype(float))


def _if(values: Array, is_known: bool) -> Array:
    return values if is_known else np.full_like(values, np.nan)


def _point(low: Array, high: Array) -> Array:
    return np.where(low == high, low, np.nan)
