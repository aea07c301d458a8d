"""What a scan found beside what historians coded: found, missed and extra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import record
from counterpoise.assessment.verdict import assess
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.episodes import Episode
    from counterpoise.assessment.scan import Scan

ALIKE = 0.75
"""A hit is a coded coalition when it holds all its members, or they share this much of both."""

HARD = "hard"


@dataclass(frozen=True)
class CodedCase:
    """One coded coalition and what the scan says.

    ``found`` holds the keys of hits that match it; ``reason`` says why there are none.
    """

    case_id: str
    target: int
    first: int
    last: int
    members: tuple[int, ...]
    code: str
    agreement: str
    found: tuple[str, ...]
    reason: str | None

    @property
    def is_found(self) -> bool:
        """Does any hit match it?"""
        return bool(self.found)


@dataclass(frozen=True)
class Comparison:
    """Coded hard coalitions found and missed, and episodes that no coder calls hard.

    ``denied`` maps the place of an extra episode to the cases by which coders say it was none.
    """

    found: tuple[CodedCase, ...]
    missed: tuple[CodedCase, ...]
    unsearched: tuple[CodedCase, ...]
    extra: tuple[Episode, ...]
    matched: dict[tuple[int, str], tuple[str, ...]]


def compare(scan: Scan, listed: Sequence[Episode]) -> Comparison:
    """Match hits with the coded cases of the targets and years that were scanned."""
    hits = scan.hits().to_dicts()
    years = {target: set(known) for target, known in scan.plan.targets}
    cases = [_case(row, hits, years, scan) for row in _coded()]
    hard = [case for case in cases if case.code == HARD]
    matched: dict[tuple[int, str], list[str]] = {}
    for case in cases:
        for episode in listed:
            keys = {episode.key, *episode.shadows}
            if case.target == episode.target and keys & set(case.found):
                matched.setdefault((episode.target, episode.pact), []).append(case.case_id)
    named = {case.case_id for case in hard}
    extra = [e for e in listed if not named & set(matched.get((e.target, e.pact), ()))]
    return Comparison(
        found=tuple(case for case in hard if case.is_found),
        missed=tuple(c for c in hard if not c.is_found and c.reason != UNSEARCHED),
        unsearched=tuple(c for c in hard if c.reason == UNSEARCHED),
        extra=tuple(extra),
        matched={place: tuple(ids) for place, ids in matched.items()},
    )


UNSEARCHED = "its target was not scanned in its years"


def _coded() -> list[dict[str, Any]]:
    return record.coded("balancing_cases").filter(pl.col("members").is_not_null()).to_dicts()


def _case(
    row: dict[str, Any],
    hits: Sequence[dict[str, Any]],
    years: dict[int, set[int]],
    scan: Scan,
) -> CodedCase:
    members = frozenset(map(int, row["members"].split()))
    first, last = row["start_year"], row["end_year"]
    scanned = years.get(row["target_ccode"], set()) & set(range(first, last + 1))
    found = {
        hit["key"]
        for hit in hits
        if hit["target"] == row["target_ccode"]
        and hit["year"] in scanned
        and _is_like(members, frozenset(hit["members"]))
    }
    reason = None
    if not found:
        reason = _why(row, members, scan) if scanned else UNSEARCHED
    return CodedCase(
        row["case_id"],
        row["target_ccode"],
        first,
        last,
        tuple(sorted(members)),
        row["code"],
        row["agreement"],
        tuple(sorted(found)),
        reason,
    )


def _is_like(coded: frozenset[int], hit: frozenset[int]) -> bool:
    return coded <= hit or len(coded & hit) >= ALIKE * len(coded | hit)


def _why(row: dict[str, Any], members: frozenset[int], scan: Scan) -> str:
    """Which tests the coded members fail at the coder's reference year."""
    try:
        verdict = assess(
            sorted(members), row["target_ccode"], row["ref_year"], scan.plan.metric, scan.plan.rules
        )
    except CounterpoiseError as error:
        return str(error)
    failed = [c.name for c in verdict.checks if c.question == "hard" and c.passed is False]
    open_ = [c.name for c in verdict.checks if c.question == "hard" and c.passed is None]
    if not failed and not open_:
        return f"hard in {row['ref_year']}, but no candidate has these members"
    return "; ".join(
        text
        for text in (
            f"fails {', '.join(failed)} in {row['ref_year']}" if failed else "",
            f"unknown {', '.join(open_)}" if open_ else "",
        )
        if text
    )
