"""A scan as plain values: the form of ``counterpoise scan --json``."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from counterpoise import record, states
from counterpoise.assessment import hard_strand
from counterpoise.assessment.answer import citations, provenance
from counterpoise.assessment.coded_comparison import Comparison, compare
from counterpoise.assessment.episodes import Episode, episodes
from counterpoise.assessment.evidence import Evidence, evidence
from counterpoise.assessment.question import ask
from counterpoise.assessment.scan import BESIDE, TABLES
from counterpoise.blocs import rosters
from counterpoise.errors import CoverageError

if TYPE_CHECKING:
    from counterpoise.assessment.coded_comparison import CodedCase
    from counterpoise.assessment.scan import Scan

NAMED_IN_FULL = 5


@dataclass(frozen=True)
class ScanAnswer:
    """A scan with its coalitions and what the coders say of them."""

    scan: Scan
    episodes: tuple[Episode, ...]
    comparison: Comparison

    def evidence(self, episode: Episode) -> Evidence | None:
        """Pacts, disputes and rivalries behind an episode in its best year; None if unknown."""
        plan = self.scan.plan
        bloc = list(episode.members) if episode.kind == "cluster" else episode.key
        try:
            question = ask(bloc, episode.target, episode.best_year, plan.metric, plan.rules)
        except CoverageError:
            return None
        return evidence(question, hard_strand.measure(question))

    def to_dict(self) -> dict[str, object]:
        """Every part by the keys that the reference documents; unknown is None."""
        scan = self.scan
        plan = scan.plan
        tables = (*TABLES, *BESIDE)
        return {
            "against": scan.against,
            "years": list(plan.years),
            "power": plan.metric,
            "targets": [_target(code, years) for code, years in plan.targets],
            "hits": [self._hit(episode) for episode in self.episodes],
            "searched": scan.searched,
            "tests": scan.tests,
            "rate": scan.rate,
            "smallest_p": scan.smallest_p,
            "draws": {"each": plan.draws, "most": plan.most, "seed": plan.seed},
            "placebo_hard_share": scan.placebo_hard_share,
            "coded": _coded(self.comparison),
            "coverage": _coverage(),
            "provenance": provenance(tables),
            "citations": citations(tables),
        }

    def _hit(self, episode: Episode) -> dict[str, object]:
        found = asdict(episode)
        behind = self.evidence(episode)
        names = states.names()
        return found | {
            "name": shown(episode),
            "target": {
                "ccode": episode.target,
                "name": names.name(episode.target, episode.best_year),
            },
            "members": [
                {"ccode": code, "name": names.name(code, episode.best_year)}
                for code in episode.members
            ],
            "is_discovery": episode.is_discovery(self.scan.rate),
            "coded": list(self.comparison.matched.get((episode.target, episode.pact), ())),
            "evidence": asdict(behind) if behind else None,
        }


def answered(scan: Scan) -> ScanAnswer:
    """Gather the hits of a scan into coalitions and set them beside the coded cases."""
    found = episodes(scan)
    return ScanAnswer(scan, found, compare(scan, found))


@functools.cache
def _rosters_of_pacts() -> dict[str, str]:
    """Our names for alliances that ATOP only numbers."""
    rows = record.coded("blocs").select("atopid", "key").drop_nulls().sort("key").iter_rows()
    return {f"atop:{number}": rosters.coded(key).name for number, key in rows}


def shown(episode: Episode) -> str:
    """Name of an episode: an alliance without one is called by its members."""
    if episode.kind != "alliance":
        return episode.name
    if episode.key in _rosters_of_pacts():
        return _rosters_of_pacts()[episode.key]
    names = [states.names().name(code, episode.best_year) for code in episode.members]
    if len(names) <= NAMED_IN_FULL:
        return f"{', '.join(names)} ({episode.key})"
    return f"{', '.join(names[:3])} and {len(names) - 3} others ({episode.key})"


def _target(code: int, years: tuple[int, ...]) -> dict[str, object]:
    return {
        "ccode": code,
        "name": states.names().name(code, years[-1]),
        "first": years[0],
        "last": years[-1],
        "years": len(years),
    }


def _coded(comparison: Comparison) -> dict[str, object]:
    return {
        "found": [_case(case) for case in comparison.found],
        "missed": [_case(case) for case in comparison.missed],
        "not_searched": [case.case_id for case in comparison.unsearched],
        "extra": [
            {"target": e.target, "key": e.key, "pact": e.pact, "kind": kind}
            for e, kind in comparison.extra
        ],
    }


def _case(case: CodedCase) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "agreement": case.agreement,
        "found": list(case.found),
        "reason": case.reason,
    }


def _coverage() -> dict[str, str]:
    """Years for which each kind of candidate is known."""
    tables = {
        "alliances": "atop_members",
        "organisations": "igo_memberships",
        "informal groups": "informal_memberships",
        "clusters in votes": "un_votes",
        "clusters in exercises": "exercises",
    }
    return {kind: "{}–{}".format(*record.coverage(table)) for kind, table in tables.items()}
