"""What a scan found beside what historians coded: found, missed and extra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from counterpoise import record
from counterpoise.assessment.verdict import assess
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.episodes import Episode
    from counterpoise.assessment.scan import Scan

ALIKE = 0.75
"""A hit with this much of its own and the coded members in common is the coded coalition."""

LARGE = 2 / 3
"""So is one that holds all coded members, when they are this share of it or one pact holds them."""

NEAR = 5
"""Years between a leg of a coalition and the coalition."""

HARD = "hard"
UNSEARCHED = "its target was not scanned in its years"

Extra = Literal["denied", "leg", "elsewhere", "uncoded"]


@dataclass(frozen=True)
class CodedCase:
    """One coded coalition and what the scan says.

    ``found`` holds the keys of hits that match it, ``episodes`` the target and pact of the episodes
    that these lead or follow; ``reason`` says why there are none.
    """

    case_id: str
    target: int
    first: int
    last: int
    members: tuple[int, ...]
    code: str
    agreement: str
    found: tuple[str, ...]
    pacts: frozenset[str]
    reason: str | None


@dataclass(frozen=True)
class Comparison:
    """Coded hard coalitions found and missed, and episodes that no coder calls hard.

    ``extra`` pairs each such episode with its kind: ``denied`` where coders say that it was none;
    ``leg`` where it has target and strongest member in common with a found coalition of about the
    same years; ``elsewhere`` where its pact is that of a coalition found against another target in
    those years; ``uncoded`` otherwise. ``matched`` maps target and pact to cases.
    """

    found: tuple[CodedCase, ...]
    missed: tuple[CodedCase, ...]
    unsearched: tuple[CodedCase, ...]
    extra: tuple[tuple[Episode, Extra], ...]
    matched: dict[tuple[int, str], tuple[str, ...]]


def compare(scan: Scan, listed: Sequence[Episode]) -> Comparison:
    """Match hits with the coded cases of the targets and years that were scanned."""
    hits = scan.hits().to_dicts()
    years = {target: set(known) for target, known in scan.plan.targets}
    cases = [_case(row, hits, years.get(row["target_ccode"], set()), scan) for row in _coded()]
    hard = [case for case in cases if case.code == HARD]
    matched = {(e.target, e.pact): _ids(e, cases) for e in listed}
    named = {case.case_id for case in hard}
    known = [e for e in listed if named & set(matched[e.target, e.pact])]
    rest = [e for e in listed if e not in known]
    return Comparison(
        found=tuple(case for case in hard if case.found),
        missed=tuple(c for c in hard if not c.found and c.reason != UNSEARCHED),
        unsearched=tuple(c for c in hard if c.reason == UNSEARCHED),
        extra=tuple((e, _kind(e, known, matched[e.target, e.pact])) for e in rest),
        matched={place: ids for place, ids in matched.items() if ids},
    )


def _ids(episode: Episode, cases: Sequence[CodedCase]) -> tuple[str, ...]:
    pacts = {episode.pact, *episode.parts}
    return tuple(c.case_id for c in cases if c.target == episode.target and pacts & c.pacts)


def _kind(episode: Episode, known: Sequence[Episode], ids: Sequence[str]) -> Extra:
    if ids:
        return "denied"
    near = [other for other in known if _is_near(episode, other)]
    if any((e.target, e.strongest) == (episode.target, episode.strongest) for e in near):
        return "leg"
    pacts = {episode.pact, *episode.parts}
    return "elsewhere" if any(pacts & {e.pact, *e.parts} for e in near) else "uncoded"


def _is_near(one: Episode, other: Episode) -> bool:
    return one.years[0] <= other.years[-1] + NEAR and other.years[0] <= one.years[-1] + NEAR


def _coded() -> list[dict[str, Any]]:
    return record.coded("balancing_cases").filter(pl.col("members").is_not_null()).to_dicts()


def _case(
    row: dict[str, Any], hits: Sequence[dict[str, Any]], scanned: set[int], scan: Scan
) -> CodedCase:
    members = frozenset(map(int, row["members"].split()))
    first, last = row["start_year"], row["end_year"]
    found = [
        hit
        for hit in hits
        if hit["target"] == row["target_ccode"]
        and first <= hit["year"] <= last
        and _is_like(members, frozenset(hit["members"]), frozenset(hit["pact_members"]))
    ]
    reason = None
    if not found:
        looked = scanned & set(range(first, last + 1))
        reason = _why(row, members, scan) if looked else UNSEARCHED
    return CodedCase(
        row["case_id"],
        row["target_ccode"],
        first,
        last,
        tuple(sorted(members)),
        row["code"],
        row["agreement"],
        tuple(sorted({hit["key"] for hit in found})),
        frozenset(hit["pact"] for hit in found),
        reason,
    )


def _is_like(coded: frozenset[int], hit: frozenset[int], pact: frozenset[int]) -> bool:
    if len(coded & hit) >= ALIKE * len(coded | hit):
        return True
    return coded <= hit and (coded <= pact or len(coded) >= LARGE * len(hit))


def _why(row: dict[str, Any], members: frozenset[int], scan: Scan) -> str:
    """Which tests the coded members fail at the coder's reference year."""
    plan = scan.plan
    try:
        verdict = assess(
            sorted(members), row["target_ccode"], row["ref_year"], plan.metric, plan.rules
        )
    except CounterpoiseError as error:
        return str(error)
    tests = [check for check in verdict.checks if check.question == "hard"]
    failed = ", ".join(check.name for check in tests if check.passed is False)
    unknown = ", ".join(check.name for check in tests if check.passed is None)
    if not failed and not unknown:
        return f"hard in {row['ref_year']}, but no candidate has these members"
    parts = (f"fails {failed} in {row['ref_year']}" if failed else "", unknown and f"? {unknown}")
    return "; ".join(part for part in parts if part)
