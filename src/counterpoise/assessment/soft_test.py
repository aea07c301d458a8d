"""Does a bloc balance softly: do its votes against the target share more than preferences?

All three are required: the residual stands at the 95th percentile of matched groups or above; it
exceeds that of the matched groups by more against the target than against every other major power
(some blocs coordinate against everyone); and its false-discovery rate over all blocs, targets and
years scanned is below .05.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.assessment import soft_scan
from counterpoise.assessment.checks import PERCENTILE, Check, at_least, below
from counterpoise.errors import MissingExtraError
from counterpoise.measures import coordination
from counterpoise.measures.hostility import either, every

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterpoise.assessment.question import Question
    from counterpoise.measures.coordination import Residual

RATE = 0.05
FEWEST_OTHERS = 2
"""Other powers that an aim needs: with one, any bloc would seem aimed half of the time."""
SOURCE = "UN roll calls; docs/explanation/soft-or-diplomacy.md"


@dataclass(frozen=True)
class Other:
    """Another major power: by how much the residual exceeds matched groups' against it."""

    ccode: int
    name: str
    excess: float
    percentile: float | None
    clusters: int


@dataclass(frozen=True)
class SoftTest:
    """The test of one bloc against one target, and each figure that it rests on.

    ``excess`` is the residual less the mean of the matched groups; ``interval`` bounds the residual
    at 95 %. ``others`` are the major powers that can be compared with, outside the bloc;
    ``is_aimed`` whether the excess against the target is above that against all of them.
    ``is_aligned`` says whether members vote alike on those roll calls beyond matched groups, or
    whatever the reason as few groups of their regions do. ``voting`` of ``members`` have an ideal
    point; roll calls are those of the years ``first`` to ``last`` on which the target opposed the
    rest of the world, and ``clusters`` the subjects among them. Unknown is None, and ``reason``
    says why.
    """

    passed: bool | None
    residual: float | None = None
    interval: tuple[float, float] | None = None
    expected: float | None = None
    excess: float | None = None
    percentile: float | None = None
    p: float | None = None
    q: float | None = None
    is_aimed: bool | None = None
    others: tuple[Other, ...] = ()
    agreement: float | None = None
    agreement_percentile: float | None = None
    is_aligned: bool | None = None
    members: int = 0
    voting: int = 0
    rollcalls: int = 0
    clusters: int = 0
    dimensions: int | None = None
    first: int | None = None
    last: int | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values, the reason apart."""
        return {name: value for name, value in asdict(self).items() if name != "reason"}


def soft_test(question: Question) -> SoftTest:
    """Test a question; from the scanned table where it has the bloc, else from the votes."""
    year = question.reach.year("un_votes", question.year)
    if year is None:
        return SoftTest(None, reason=record.coverage_reason("un_votes", question.year))
    try:
        found = residuals(question.members, question.target.ccode, year)
    except MissingExtraError as error:
        return SoftTest(None, reason=str(error))
    own = found.pop(question.target.ccode, None)
    if own is None:
        why = f"fewer than two members, or not the target, voted often enough around {year}"
        return SoftTest(None, members=len(question.members), reason=why)
    return judge(own, found, year)


def residuals(members: tuple[int, ...], target: int, year: int) -> dict[int, Residual]:
    """Residual coordination against the target and every other major power outside the bloc."""
    scanned = soft_scan.found(members, year)
    powers = set(coordination.powers(year)) - set(members)
    asked = {target} - powers if scanned else powers | {target}
    size = soft_scan.dimensions(year)
    measured = {
        one: coordination.residual_coordination(members, one, year, size=size)
        for one in sorted(asked)
    }
    return scanned | {one: found for one, found in measured.items() if found is not None}


def judge(own: Residual, others: Mapping[int, Residual], year: int) -> SoftTest:
    """Judge a residual against the target beside those against other major powers."""
    compared = tuple(
        Other(
            code, states.names().name(code, year), one.excess, _known(one.percentile), one.clusters
        )
        for code, one in sorted(others.items())
        if one.clusters >= soft_scan.FEWEST_CLUSTERS and np.isfinite(one.excess)
    )
    is_enough = own.clusters >= soft_scan.FEWEST_CLUSTERS
    percentile = _known(own.percentile) if is_enough else None
    q = soft_scan.q_value(own.p) if percentile is not None else None
    aimed = _aimed(own, compared) if percentile is not None else None
    first, last = coordination.years(year)
    passed = every(at_least(percentile, PERCENTILE), aimed, below(q, RATE))
    return SoftTest(
        passed=passed,
        residual=own.residual,
        interval=own.interval if np.isfinite(own.error) else None,
        expected=_known(own.expected),
        excess=_known(own.excess),
        percentile=percentile,
        p=_known(own.p) if is_enough else None,
        q=q,
        is_aimed=aimed,
        others=compared,
        agreement=_known(own.agreement),
        agreement_percentile=_known(own.agreement_percentile),
        is_aligned=either(
            at_least(percentile, PERCENTILE),
            at_least(_known(own.agreement_percentile), PERCENTILE) if is_enough else None,
        ),
        members=own.members,
        voting=own.voting,
        rollcalls=own.rollcalls,
        clusters=own.clusters,
        dimensions=own.dimensions,
        first=first,
        last=last,
        reason=_reason(own, compared, percentile) if passed is None else None,
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _aimed(own: Residual, compared: tuple[Other, ...]) -> bool | None:
    """More against the target than against each other; no for one that is exceeded by any."""
    above = all(own.excess > other.excess for other in compared)
    return above if len(compared) >= FEWEST_OTHERS or not above else None


def _reason(own: Residual, compared: tuple[Other, ...], percentile: float | None) -> str | None:
    if own.clusters < soft_scan.FEWEST_CLUSTERS:
        return (
            f"the target opposed the rest of the world on {own.clusters} subjects; "
            f"{soft_scan.FEWEST_CLUSTERS} are needed"
        )
    if percentile is None:
        return "the bloc is too large a part of the voting states to be compared with others"
    if len(compared) < FEWEST_OTHERS and _aimed(own, compared) is None:
        return (
            f"only {len(compared)} other major power outside the bloc opposed the rest often "
            f"enough to be compared with; {FEWEST_OTHERS} are needed"
        )
    return None


def soft_checks(found: SoftTest) -> tuple[Check, ...]:
    """The three tests of soft balancing, and the one that makes diplomacy of what is not."""
    return (
        Check(
            "soft_percentile", "soft", "votes shared beyond preferences, percentile",
            found.percentile, f">= {PERCENTILE:g}", at_least(found.percentile, PERCENTILE), SOURCE,
        ),
        Check(
            "soft_aim", "soft", "more against the target than against other powers",
            found.is_aimed, "yes", found.is_aimed, SOURCE,
        ),
        Check(
            "soft_q", "soft", "false-discovery rate over all that was scanned", found.q,
            f"< {RATE:g}", below(found.q, RATE), SOURCE,
        ),
        Check(
            "agreement_percentile", "diplomacy", "voting alike for whatever reason, percentile",
            found.agreement_percentile, f">= {PERCENTILE:g}",
            at_least(found.agreement_percentile, PERCENTILE), SOURCE,
        ),
    )  # fmt: skip
