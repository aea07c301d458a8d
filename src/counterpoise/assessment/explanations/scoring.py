"""Held-out scores of an explanation: proper scores with intervals, calibration, false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.silence import Law, Windows
    from counterpoise.assessment.explanations.units import Units
    from counterpoise.assessment.scores import Calibration, Interval

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SEED = 2010
DRAWS = 2000
ALARM = 0.5
"""A forecast of a coalition against a target in a window that is more likely than not."""

UNIT_EDGES = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 1.0)
"""Bins of calibration for units, whose events are rare."""


@dataclass(frozen=True)
class Scores:
    """Scores of one forecaster on all units with a known outcome; intervals over target spells.

    Attributes
    ----------
    brier, log : mean losses; ``log`` in nats.
    skill, skill_brier : share of climatology's loss saved, log and Brier.
    skill_over_persistence : share of persistence's log loss saved.
    windows_log : mean log loss of the forecast that a target sees any new pact in a window.
    skill_windows : share of climatology's loss on windows that it saves.
    """

    brier: Interval
    log: Interval
    skill: Interval
    skill_brier: Interval
    skill_over_persistence: Interval
    windows_log: float
    skill_windows: Interval
    calibration: Calibration
    calibration_windows: Calibration


@dataclass(frozen=True)
class Alarms:
    """Windows of targets in which a coalition was forecast as more likely than not.

    ``false`` names target and window (first year) of forecasts that did not come true.
    """

    raised: int
    true: int
    missed: int
    windows: int
    false: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Forecast:
    """What one forecaster said out of sample, of units and, by its law, of windows."""

    units: Array
    windows: Array
    law: Law


def score(
    forecast: Forecast,
    climatology: Forecast,
    persistence: Forecast,
    units: Units,
    windows: Windows,
    known: Flags,
) -> Scores:
    """Every score of one forecaster beside the two references, on the units that are ``known``."""
    outcome = units.event[known]
    spell = units.spell[known]
    log, brier = (
        {
            name: each(found.units[known], outcome)
            for name, found in (("own", forecast), ("base", climatology), ("last", persistence))
        }
        for each in (scores.log_each, scores.brier_each)
    )
    inside = np.zeros(len(windows.facing), dtype=bool)
    inside[windows.place[known]] = True
    some = windows.some[inside].astype(np.float64)
    own, base = (scores.log_each(f.windows[inside], some) for f in (forecast, climatology))
    return Scores(
        brier=_mean(brier["own"], spell),
        log=_mean(log["own"], spell),
        skill=_skill(log["own"], log["base"], spell),
        skill_brier=_skill(brier["own"], brier["base"], spell),
        skill_over_persistence=_skill(log["own"], log["last"], spell),
        windows_log=float(own.mean()),
        skill_windows=_skill(own, base, windows.spell[inside]),
        calibration=scores.calibration(forecast.units[known], outcome, UNIT_EDGES),
        calibration_windows=scores.calibration(forecast.windows[inside], some),
    )


def _mean(each: Array, spell: NDArray[np.int64]) -> Interval:
    return scores.mean_interval(each, np.random.default_rng(SEED), spell, DRAWS)


def _skill(each: Array, reference: Array, spell: NDArray[np.int64]) -> Interval:
    return scores.skill_interval(each, reference, np.random.default_rng(SEED), spell, DRAWS)


def alarms(forecast: Forecast, windows: Windows) -> Alarms:
    """Windows in which it forecast a coalition, and which of them saw none."""
    raised = forecast.windows > ALARM
    false = windows.facing[raised & ~windows.some]
    return Alarms(
        raised=int(raised.sum()),
        true=int((raised & windows.some).sum()),
        missed=int((~raised & windows.some).sum()),
        windows=len(windows.facing),
        false=tuple((int(f // 10_000), int(f % 10_000)) for f in false),
    )
