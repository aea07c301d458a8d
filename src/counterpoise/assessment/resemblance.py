"""How much two blocs resemble each other over all measures: is it a born-again Warsaw Pact?

The distance of Gower (1971), over strands so that a strand with many measures does not outweigh
one with few:

    d(A, B) = mean over strands of [ mean over measures of |x_A − x_B| ]

Every measure runs from 0 to 1: shares as they are, yes as 1 and no as 0, a ratio r of powers as
r / (1 + r), accord from −1 to 1 as (1 + A) / 2. A measure that is unknown for either bloc is left
out, and so is a strand without any; ``strands`` says how many were compared. 0 is alike in all.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.assessment import weighing
from counterpoise.assessment.verdict import Verdict, assess
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterpoise.assessment.consensus import ConsensusResult
    from counterpoise.assessment.hard_strand import HardStrand

REFERENCES: tuple[tuple[str, str, int], ...] = (
    ("Warsaw Pact", "2", 1985),
    ("NATO", "365", 1985),
    ("CSTO", "2", 2006),
    ("EU", "2", 2006),
    ("ASEAN", "2", 2006),
)
"""Bloc, target (COW number) and year of each reference."""

Profile = dict[str, dict[str, float | None]]
"""Measures in [0, 1] by strand and name; None is unknown."""


@dataclass(frozen=True)
class Resemblance:
    """Distance of two blocs, strand by strand; ``distance`` is None where nothing is comparable.

    ``apart`` holds the distance in each strand that both know.
    """

    name: str
    distance: float | None
    strands: int
    apart: dict[str, float]
    profile: Profile


def profile(verdict: Verdict) -> Profile:
    """Every measure of a verdict on a scale from 0 to 1, by strand."""
    return {
        **_hard(verdict.hard),
        "shape": _shape(verdict),
        "consensus": _consensus(verdict.consensus),
        "threat": {
            "survival_share": verdict.threat.share,
            "mean_survival": _mean([m.survival for m in verdict.threat.members]),
        },
    }


def _hard(strand: HardStrand) -> Profile:
    bind, aim, acts = strand.binding, strand.directedness, strand.activity
    joint = acts.exercises
    held = joint.without_target + joint.with_target if joint else 0
    return {
        "binding": {
            "bound_share": bind.bound_share if bind else None,
            "bound_pairs": bind.bound_dyads / bind.dyads if bind else None,
            "core_bound": _flag(bind.core_bound if bind else None),
            "core_consults": _flag(bind.core_consults if bind else None),
        },
        "direction": {
            "directedness": aim.share if aim else None,
            "directedness_without_strongest": aim.rest if aim else None,
        },
        "strength": {name: _squeezed(ratio) for name, ratio in strand.strength.ratios.items()},
        "ties to the target": {
            "allied_with_target_share": bind.allied_with_target_share if bind else None,
            "penetration_share": acts.penetration_share,
        },
        "exercises": {
            "without_target_share": joint.without_target / held if joint and held else None
        },
    }


def _shape(verdict: Verdict) -> dict[str, float | None]:
    power = weighing.member_power(verdict.question)
    return {
        "leaders_share": None if power is None else float(power.max() / power.sum()),
        "imposed": _flag(verdict.hard.activity.imposed),
    }


def _consensus(found: ConsensusResult | None) -> dict[str, float | None]:
    label = found.power if found else None
    return {
        "rejection": label.rejection if label else None,
        "accord_reject": _centred(label.accord_reject if label else None),
        "vision": _centred(label.vision if label else None),
    }


def _flag(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _squeezed(ratio: float | None) -> float | None:
    return None if ratio is None else ratio / (1 + ratio)


def _centred(accord: float | None) -> float | None:
    return None if accord is None else (1 + accord) / 2


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def compare(name: str, one: Profile, two: Profile) -> Resemblance:
    """Distance of two profiles; symmetric, 0 for a bloc and itself, at most 1."""
    apart = {}
    for strand in one:
        gaps = list(_gaps(one[strand], two.get(strand, {})).values())
        if gaps:
            apart[strand] = sum(gaps) / len(gaps)
    distance = sum(apart.values()) / len(apart) if apart else None
    return Resemblance(name, distance, len(apart), apart, two)


def _gaps(one: Mapping[str, float | None], two: Mapping[str, float | None]) -> dict[str, float]:
    found = {}
    for measure, value in one.items():
        other = two.get(measure)
        if value is not None and other is not None:
            found[measure] = abs(value - other)
    return found


@functools.cache
def references(metric: str) -> tuple[tuple[str, Verdict], ...]:
    """Name and verdict of every reference bloc that can be asked under a metric."""
    found = []
    for bloc, target, year in REFERENCES:
        try:
            found.append((f"{bloc} {year}", assess(bloc, target, year, metric)))
        except CounterpoiseError:
            # A record of the user's own may not reach a reference's year.
            continue
    return tuple(found)


def resemblances(verdict: Verdict) -> tuple[Resemblance, ...]:
    """Distance to every reference bloc, nearest first, those without a distance last."""
    own = profile(verdict)
    found = [
        compare(name, own, profile(other)) for name, other in references(verdict.question.metric)
    ]
    return tuple(sorted(found, key=lambda r: (r.distance is None, r.distance or 0.0)))
