"""A case file worked through: consensus, leaders' visions, what could win, what to expect."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import cases
from counterpoise.assessment.consensus import SEED, assess_case, coding
from counterpoise.errors import CoverageError
from counterpoise.measures import agreement, power, visions
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD
from counterpoise.models import bargaining, bargaining_forecasts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from counterpoise.assessment.consensus import ConsensusResult
    from counterpoise.cases import Case
    from counterpoise.measures.rules import Rules

    Array = NDArray[np.float64]

DRAWS = 1000


@dataclass(frozen=True)
class IssueStudy:
    """One issue among the members: what beats the status quo, whose vote decides, forecasts.

    ``win_set`` is the interval of outcomes that beat the status quo under power times salience;
    both ends equal it where nothing does. ``swing`` names members who alone could turn the vote
    between the status quo and the weighted median.
    """

    id: str
    title: str
    kind: str
    status_quo: float
    target: float
    win_set: tuple[float, float]
    swing: tuple[str, ...]
    forecasts: tuple[bargaining_forecasts.Expected, ...]


@dataclass(frozen=True)
class Lesser:
    """A member's mean distance, in scale points, to the two leaders on the build issues."""

    name: str
    to_strongest: float
    to_second: float


@dataclass(frozen=True)
class CaseStudy:
    """Everything that a case file gives."""

    name: str
    metric: str
    consensus: ConsensusResult
    leaders: tuple[str, str]
    leaders_gap: float | None
    lesser: tuple[Lesser, ...]
    issues: tuple[IssueStudy, ...]
    agreement: agreement.Agreement | None
    accuracy: dict[str, float] | None
    extended: dict[str, str]
    weights: dict[int, float]

    def to_dict(self) -> dict[str, object]:
        """Plain values, in the form of ``counterpoise case run --json``."""
        return asdict(self)


def case(
    path: Path, *others: Path, metric: str = "cinc", rules: Rules = STANDARD, extend: bool = False
) -> CaseStudy:
    """Read case files, codings of one case by different coders, and work them through.

    Raises
    ------
    CaseError : a file is not a case, or the codings are not of one case.
    CoverageError : a member has no power figure under the metric in the case's year.
    """
    return study([cases.read(p) for p in (path, *others)], metric, rules, extend=extend)


def study(
    codings: Sequence[Case],
    metric: str = "cinc",
    rules: Rules = STANDARD,
    *,
    extend: bool = False,
) -> CaseStudy:
    """Work a case through; the first coding gives the figures, all of them the intervals.

    ``extend`` lets the last year of the power metric answer for a later case; the study says so.
    """
    first, reach = codings[0], Reach(extend)
    cases.require_same(codings)
    year = reach.year(power.metric(metric).table, first.year)
    found = assess_case(codings, metric, year, rules)
    if found is None or year is None:
        raise CoverageError(
            f"{metric} has no figure for some member of {first.name} in {first.year}. "
            "Use --extend to let its last year answer, or another --power."
        )
    share = power.shares(metric, year)
    weights = np.array([share[actor.code] for actor in first.members])
    strongest = np.argsort(-weights, kind="stable")
    return CaseStudy(
        first.name,
        metric,
        found,
        (first.members[strongest[0]].name, first.members[strongest[1]].name),
        found.leaders_gap,
        _lesser(first, weights),
        _issues(first, weights),
        _agreement(codings),
        _accuracy(first, weights),
        dict(reach.extended),
        {actor.code: share[actor.code] for actor in first.members},
    )


def _lesser(case: Case, weights: Array) -> tuple[Lesser, ...]:
    build = [k for k, issue in enumerate(case.issues) if issue.kind == "build"]
    if not build:
        return ()
    apart = visions.distances_to_leaders(coding(case, "position")[build], weights)
    leaders = set(np.argsort(-weights, kind="stable")[:2].tolist())
    return tuple(
        Lesser(actor.name, float(apart[k, 0]), float(apart[k, 1]))
        for k, actor in enumerate(case.members)
        if k not in leaders
    )


def _issues(case: Case, weights: Array) -> tuple[IssueStudy, ...]:
    table = {f: coding(case, f) for f in _FIELDS}
    rng = np.random.default_rng(SEED)
    return tuple(
        _issue(case, k, weights, {f: values[k] for f, values in table.items()}, rng)
        for k in range(len(case.issues))
    )


_FIELDS = ("position", "low", "high", "salience", "salience_low", "salience_high")


def _issue(
    case: Case, k: int, weights: Array, coded: dict[str, Array], rng: np.random.Generator
) -> IssueStudy:
    issue = case.issues[k]
    names = tuple(actor.name for actor in case.members)
    best = bargaining.Issue(names, coded["position"], weights, coded["salience"])
    positions = bargaining.triangles(coded["low"], coded["position"], coded["high"], rng, DRAWS)
    saliences = bargaining.triangles(
        coded["salience_low"], coded["salience"], coded["salience_high"], rng, DRAWS
    )
    drawn = bargaining.Issue(names, positions, weights, saliences)
    low, high = visions.win_set(best.positions, best.weights, issue.status_quo)
    median = float(bargaining.weighted_median(best.positions, best.weights))
    vote = visions.swing(best.positions, best.weights, issue.status_quo, median)
    return IssueStudy(
        issue.id,
        issue.title,
        issue.kind,
        issue.status_quo,
        issue.target,
        (float(low), float(high)),
        tuple(name for name, turns in zip(names, vote.is_swing, strict=True) if turns),
        bargaining_forecasts.intervals(best, drawn),
    )


def _accuracy(case: Case, weights: Array) -> dict[str, float] | None:
    """Mean absolute error of each model on issues with an outcome, in hundredths of the scale."""
    outcomes = np.array([np.nan if i.outcome is None else i.outcome for i in case.issues])
    if np.isnan(outcomes).all():
        return None
    names = tuple(actor.name for actor in case.members)
    positions, saliences = coding(case, "position"), coding(case, "salience")
    issues = [
        bargaining.Issue(names, x, weights, s) for x, s in zip(positions, saliences, strict=True)
    ]
    found = bargaining_forecasts.accuracy(issues, outcomes)
    return dict(zip(found.models, found.mean_absolute_error.tolist(), strict=True))


def _agreement(codings: Sequence[Case]) -> agreement.Agreement | None:
    """Krippendorff's α of the coders' positions over every actor and issue; None with one coder."""
    if len(codings) < 2:
        return None
    cells = sorted((p.issue, p.actor) for p in codings[0].positions)
    placed = [{(p.issue, p.actor): p.position for p in case.positions} for case in codings]
    ratings = np.array([[coder[cell] for cell in cells] for coder in placed])
    return agreement.agreement(ratings, np.random.default_rng(SEED))
