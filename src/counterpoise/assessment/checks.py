"""The tests that a verdict lists: each with its figure, its threshold, pass or fail, and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.assessment.consensus import ConsensusResult
    from counterpoise.assessment.hard_strand import HardStrand
    from counterpoise.measures.rules import Rules
    from counterpoise.measures.survival import SurvivalShare

PACTS = "ATOP 5.1"
AIMED = "ATOP 5.1; Militarized Interstate Disputes 5.0; strategic rivalries"
THREAT = (
    "National Material Capabilities 7.0; minimum distance; disputes; docs/explanation/threat.md"
)
POWER = "National Material Capabilities 7.0; Fariss et al. 2022"
PERCENTILE = 95.0
"""Percentile among matched groups that soft balancing needs."""


@dataclass(frozen=True)
class Check:
    """One test of the verdict. ``passed`` is None where the figure is unknown.

    ``question`` is ``hard``, ``incipient``, ``ripe``, ``soft`` or ``diplomacy``: the answer
    that the test belongs to.
    ``threshold`` reads as the figure must: ``>= 0.5``, ``< 0.5``, ``yes``.
    """

    name: str
    question: str
    title: str
    value: float | bool | None
    threshold: str
    passed: bool | None
    source: str


def at_least(value: float | None, cut: float) -> bool | None:
    """Value ≥ cut; None where the value is unknown."""
    return None if value is None else value >= cut


def below(value: float | None, cut: float) -> bool | None:
    """Value < cut; None where the value is unknown."""
    return None if value is None else value < cut


def hard_checks(strand: HardStrand, rules: Rules) -> tuple[Check, ...]:
    """The five tests of a hard-balancing coalition, and D and D₋ that make the third."""
    bind, aim, strength = strand.binding, strand.directedness, strand.strength
    bound = bind.bound_share if bind else None
    core = bind.core_bound if bind else None
    allied = bind.allied_with_target_share if bind else None
    directed = aim.directed if aim else None
    return (
        _check(
            "bound_share", "power-weighted dyads bound by a pact", bound, rules.bound_share, PACTS
        ),
        Check("core_bound", "hard", "two strongest members bound", core, "yes", core, PACTS),
        *_aim_checks(strand, rules),
        Check(
            "directed", "hard", "aimed at the target when signed", directed, "yes", directed, AIMED
        ),
        Check(
            "strong_enough",
            "hard",
            f"{rules.power_ratio:g} of the target's power under half the metrics",
            strength.strong_enough,
            "yes",
            strength.strong_enough,
            POWER,
        ),
        Check(
            "allied_with_target_share",
            "hard",
            "power of members allied with the target",
            allied,
            f"< {rules.allied_share:g}",
            below(allied, rules.allied_share),
            PACTS,
        ),
    )


def _check(name: str, title: str, value: float | None, cut: float, source: str) -> Check:
    return Check(name, "hard", title, value, f">= {cut:.3g}", at_least(value, cut), source)


def _aim_checks(strand: HardStrand, rules: Rules) -> tuple[Check, Check]:
    aim = strand.directedness
    share, rest = (aim.share, aim.rest) if aim else (None, None)
    return (
        _check(
            "directedness",
            "power of members hostile to the target",
            share,
            rules.directedness,
            AIMED,
        ),
        _check(
            "directedness_without_strongest",
            "the same without the strongest member",
            rest,
            rules.directedness_rest,
            AIMED,
        ),
    )


def incipient_checks(strand: HardStrand, rules: Rules) -> tuple[Check, ...]:
    """What makes a directed bloc incipient: some binding, or a core that consults and aids."""
    bind = strand.binding
    bound, consults = (bind.bound_share, bind.core_consults) if bind else (None, None)
    return (
        Check(
            "incipient_bound_share",
            "incipient",
            "power-weighted dyads bound by a pact",
            bound,
            f">= {rules.incipient_bound_share:g}",
            at_least(bound, rules.incipient_bound_share),
            PACTS,
        ),
        Check(
            "core_consults",
            "incipient",
            "two strongest: consultation with aid or base",
            consults,
            "yes",
            consults,
            PACTS,
        ),
    )


def ripe_checks(
    found: ConsensusResult | None, threat: SurvivalShare, rules: Rules
) -> tuple[Check, ...]:
    """What makes a coalition one to expect: rejection, with a vision or a threat to survival."""
    source = "no case file"
    if found:
        source = f"case file {found.case}, coded by {', '.join(found.coders)}"
    rejection, vision = (found.power.rejection, found.power.vision) if found else (None, None)
    return (
        _ripe(
            "rejection",
            "weight that rejects what the target has",
            rejection,
            rules.rejection,
            source,
        ),
        _ripe("vision", "accord on what to build instead", vision, rules.vision, source),
        Check(
            "survival_share",
            "ripe",
            "lesser members whose survival is at stake",
            threat.share,
            f">= {rules.survival_share:.3g}",
            within(threat.bounds, rules.survival_share),
            THREAT,
        ),
    )


def _ripe(name: str, title: str, value: float | None, cut: float, source: str) -> Check:
    return Check(name, "ripe", title, value, f">= {cut:.3g}", at_least(value, cut), source)


def within(bounds: tuple[float, float], cut: float) -> bool | None:
    """Does a figure between two bounds reach a cut? None where the bounds leave it open."""
    if bounds[0] >= cut:
        return True
    return False if bounds[1] < cut else None
