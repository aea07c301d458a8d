"""The answer as plain values: the form of ``counterpoise explain --json``.

Every interval is a pair of 95 % bounds; unknown is None.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import record, states
from counterpoise.assessment.answer import citations, provenance
from counterpoise.assessment.explanations import base, outcome, published
from counterpoise.assessment.explanations.contest import (
    CLIMATOLOGY,
    LEARNER,
    PERSISTENCE,
    TOGETHER,
)
from counterpoise.assessment.explanations.scoring import ALARM
from counterpoise.measures import power

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterpoise.assessment.explanations.coefficients import Coefficient
    from counterpoise.assessment.explanations.contest import World
    from counterpoise.assessment.explanations.explain import Judged
    from counterpoise.assessment.explanations.scoring import Alarms
    from counterpoise.assessment.explanations.shapley import Split
    from counterpoise.assessment.scores import Calibration, Interval

TABLES = (
    "atop_members",
    "atop_dyads",
    "dispute_dyads",
    "rivalries",
    "majors",
    "states",
    "nmc",
    "gdp_population",
    "igo_memberships",
    "published_ideal_points",
    "democracy",
    "nuclear_status",
    "trade",
    "trade_totals",
    "capitals",
    "contiguity",
    "min_distance",
    "us_troops",
    "wdi",
)

KINDS = {
    CLIMATOLOGY: "reference",
    PERSISTENCE: "reference",
    TOGETHER: "joint",
    LEARNER: "learner",
}

SAYS = {
    CLIMATOLOGY: "every state at the base rate: no explanation at all",
    PERSISTENCE: "who joined such a pact in the window before will again",
    TOGETHER: "all variables in one penalised logit",
    LEARNER: "all variables in gradient-boosted trees, the ceiling",
}


def answer(
    world: World, found: Sequence[Judged], divided: Split, asked: Mapping[str, object]
) -> dict[str, Any]:
    """Everything, by the keys that the reference documents."""
    question, specification = world.question, world.specification
    return {
        "target": {"ccode": question.target.ccode, "name": question.target.name},
        "from": question.first,
        "to": question.last,
        "specification": asdict(specification),
        "differing": specification.differing(),
        "observed": _observed(world),
        "events": asdict(base.count(outcome.events(specification), world.units, specification)),
        "units": len(world.units),
        "spells": len(np.unique(world.units.spell)),
        "windows": len(world.windows.facing),
        "base_rate": _base_rate(world, found),
        "explanations": [_explanation(world, f) for f in found if f.name not in KINDS],
        "references": [_explanation(world, f) for f in found if f.name in KINDS],
        "shapley": _shapley(divided),
        "leaders": _leaders(),
        "claims": [asdict(c) for c in published.claims(world.units, specification)],
        "build_up": asdict(published.build_up(specification)),
        "draws": asked["draws"],
        "null_draws": asked["null_draws"],
        "coverage": _coverage(world),
        "provenance": provenance(TABLES),
        "citations": citations(TABLES),
    }


def _observed(world: World) -> dict[str, Any]:
    """New pacts aimed at the target in the years asked about, and at other powers meanwhile."""
    question, years = world.question, world.units.years
    pacts = sorted(
        (signed, pact)
        for (target, _), held in world.units.new_pacts.items()
        for pact, signed in held
        if target == question.target.ccode and question.first <= signed <= question.last
    )
    start = world.windows.start
    others = (start <= question.last) & (start + years - 1 >= question.first)
    others[world.ground.here] = False
    return {
        "silent": not pacts,
        "pacts": [{"pact": pact, "signed": signed} for signed, pact in pacts],
        "other_windows": int(others.sum()),
        "other_windows_with_pact": int(world.windows.some[others].sum()),
    }


def _base_rate(world: World, found: Sequence[Judged]) -> dict[str, Any]:
    """How surprising silence is without any theory."""
    question, specification = world.question, world.specification
    length, end = question.last - question.first + 1, question.first - 1
    events = outcome.events(specification)
    nothing = next(judged for judged in found if judged.name == CLIMATOLOGY)
    return {
        "years": length,
        "before": question.first,
        "against_powers": _silent(base.against_powers(events, specification, length, end)),
        "against_leaders": {
            name: _silent(base.against_leader(name, specification, length, end))
            | _against(name, world)
            for name in power.METRICS
        },
        "windows_with_pact": int(world.windows.some[world.ground.judged].sum()),
        "windows": int(world.ground.judged.sum()),
        "p_silence": nothing.silence.taken.estimate,
        "p_silence_interval": _bounds(nothing.silence.taken),
    }


def _against(metric: str, world: World) -> dict[str, int]:
    years = [year for _, year in base.aimed_at_leaders(metric, world.specification)]
    return {
        "pacts": len(years),
        "before_1900": sum(year < 1900 for year in years),
        "in_1940s": sum(1940 <= year < 1950 for year in years),
        "since_1990": sum(year >= 1990 for year in years),
    }


def _silent(found: base.Silent) -> dict[str, Any]:
    share = found.share
    return {
        "spans": found.spans,
        "silent": found.silent,
        "share": None if share is None else share.estimate,
        "interval": None if share is None else _bounds(share),
    }


def _explanation(world: World, found: Judged) -> dict[str, Any]:
    theory = next((t for t in world.predictors.theories if t.name == found.name), None)
    return {
        "name": found.name,
        "kind": KINDS.get(found.name, "explanation"),
        "says": theory.says if theory else SAYS[found.name],
        "source": theory.source if theory else None,
        **_headline(found.coefficients),
        "variables": _variables(world, found),
        **_scores(found),
        **_silence(found),
        "false_alarm": _false_alarm(world, found),
        "alarms": _alarms(found.alarms),
    }


def _headline(coefficients: Sequence[Coefficient]) -> dict[str, Any]:
    """The coefficient of the first variable, alone."""
    names = ("coefficient", "interval", "interval_pact", "expected", "as_expected")
    if not coefficients:
        return dict.fromkeys(names)
    first = asdict(coefficients[0])
    return {name: first[name] for name in names}


def _variables(world: World, found: Judged) -> list[dict[str, Any]]:
    about = {v.name: v.about for v in world.variables(found.name)}
    return [
        asdict(alone)
        | {
            "about": about[alone.variable],
            "together": joint.coefficient,
            "together_interval": joint.interval,
            "overlap": {k: v for k, v in asdict(overlap).items() if k != "variable"},
        }
        for alone, joint, overlap in zip(
            found.coefficients, found.together, found.overlaps, strict=True
        )
    ]


def _scores(found: Judged) -> dict[str, Any]:
    own = found.scores
    named: dict[str, Interval] = {
        "brier": own.brier,
        "log": own.log,
        "skill": own.skill,
        "skill_brier": own.skill_brier,
        "skill_over_persistence": own.skill_over_persistence,
        "skill_windows": own.skill_windows,
    }
    pairs = {name: value.estimate for name, value in named.items()}
    bounds = {f"{name}_interval": _bounds(value) for name, value in named.items()}
    return {
        **pairs,
        **bounds,
        "skill_by_period": found.by_period,
        "calibration": _calibration(own.calibration),
        "calibration_windows": _calibration(own.calibration_windows),
    }


def _calibration(found: Calibration) -> dict[str, Any]:
    names = ("count", "probability", "observed", "low", "high")
    return {name: getattr(found, name).tolist() for name in names} | {
        "expected_error": found.expected_error
    }


def _silence(found: Judged) -> dict[str, Any]:
    silence, change, alone = found.silence, found.change, found.change_alone
    least = [o.inside for o in found.overlaps]
    return {
        "p_silence": silence.taken.estimate,
        "p_silence_interval": _bounds(silence.taken),
        "p_silence_recalibrated": silence.recalibrated,
        "expected_joiners": silence.expected,
        "p_silence_at_median": change.at_median if change else None,
        "change": change.change.estimate if change else None,
        "change_interval": _bounds(change.change) if change else None,
        "change_alone": alone.change.estimate if alone else None,
        "change_alone_interval": _bounds(alone.change) if alone else None,
        "overlap": min(least) if least else None,
    }


def _false_alarm(world: World, found: Judged) -> bool:
    """Did it forecast a coalition, in a window of the question, that did not come?"""
    windows, here = world.windows, world.ground.here
    asked = {(world.question.target.ccode, int(windows.start[k])) for k in here}
    return bool(asked.intersection(found.alarms.false))


def _alarms(found: Alarms) -> dict[str, Any]:
    names = states.names()
    return {
        "threshold": ALARM,
        "raised": found.raised,
        "true": found.true,
        "missed": found.missed,
        "windows": found.windows,
        "false": [
            {"ccode": ccode, "name": names.name(ccode, start), "window": start}
            for ccode, start in found.false
        ],
    }


def _shapley(found: Split) -> dict[str, Any]:
    return {
        "unit": "thousandths of a nat per unit saved over climatology, periods held out",
        "saved": found.saved,
        "interval": found.interval,
        "null_draws": found.null_draws,
        "parts": [asdict(part) for part in found.parts],
    }


def _leaders() -> list[dict[str, Any]]:
    names = states.names()
    return [
        {
            "metric": reign.metric,
            "ccode": reign.ccode,
            "name": names.name(reign.ccode, reign.first),
            "from": reign.first,
            "to": reign.last,
        }
        for reign in base.reigns()
    ]


def _coverage(world: World) -> dict[str, Any]:
    """What is unknown, by variable, and what was carried on."""
    gaps = np.isnan(world.predictors.values)
    carried = {
        name: f"{record.coverage(name)[1]} carried on for up to two years"
        for name in ("igo_memberships", "trade", "trade_totals")
    }
    return {
        "units_with_unknown_outcome": int((~world.units.known).sum()),
        "unknown_share": {
            name: float(gaps[:, k].mean()) for k, name in enumerate(world.predictors.names)
        },
        "unknown_share_asked": {
            name: float(gaps[world.ground.asked, k].mean())
            for k, name in enumerate(world.predictors.names)
        },
        "extended": carried | {"majors": f"{record.coverage('majors')[1]} carried on to 2018"},
    }


def _bounds(found: Interval) -> tuple[float, float]:
    return found.low, found.high


def plain(value: Any) -> Any:
    """Nested values as JSON has them: tuples to lists, keys to text, NaN to None."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
