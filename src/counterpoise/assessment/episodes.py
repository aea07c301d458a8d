"""From hard bloc-years to coalitions: what rests on one pact against one target is one episode.

Members of an alliance sit together in many organisations, and each of them is as bound as the
alliance. They are its shadows. So hits are gathered by target and by the pact that binds most of
them; an episode whose pact lies within another's, in years that mostly overlap, is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counterpoise.assessment.candidates import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterpoise.assessment.scan import Scan

OVERLAP = 0.5
"""An episode is part of another when this share of its years falls in the other's."""


@dataclass(frozen=True)
class Episode:
    """One coalition against one target.

    Attributes
    ----------
    pact : the pact that binds most of it; ``parts`` are pacts that lie within.
    key, name, kind : the bloc that is most like the pact's membership.
    years : years in which some bloc that rests on the pact is hard.
    best_year : year of that bloc's highest score; ``members`` are its members then, ``strongest``
        the one with most power.
    p_value, q_value, q_value_any_dependence : of that bloc; None where no group could be drawn.
    shadows : keys of other blocs that are hard by the same pacts.
    """

    target: int
    pact: str
    parts: tuple[str, ...]
    key: str
    name: str
    kind: str
    years: tuple[int, ...]
    best_year: int
    members: tuple[int, ...]
    strongest: int
    score: float
    p_value: float | None
    q_value: float | None
    q_value_any_dependence: float | None
    shadows: tuple[str, ...]

    def is_discovery(self, rate: float) -> bool:
        """Is it found at a false-discovery rate?"""
        return self.q_value is not None and self.q_value <= rate


def episodes(scan: Scan) -> tuple[Episode, ...]:
    """Coalitions behind the hits of a scan, discoveries first, then by length and score."""
    rows = scan.hits().to_dicts()
    gathered: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        gathered.setdefault((row["target"], row["pact"]), []).append(row)
    found = [_episode(target, pact, hits) for (target, pact), hits in gathered.items()]
    within = {(e.target, e.pact): _reach(gathered[e.target, e.pact]) for e in found}
    return tuple(sorted(_joined(found, within), key=lambda e: _rank(e, scan.rate)))


def _rank(episode: Episode, rate: float) -> tuple[Any, ...]:
    return (
        not episode.is_discovery(rate),
        -len(episode.years),
        -episode.score,
        episode.target,
        episode.key,
    )


def _episode(target: int, pact: str, hits: Sequence[dict[str, Any]]) -> Episode:
    keys: dict[str, list[dict[str, Any]]] = {}
    for row in hits:
        keys.setdefault(row["key"], []).append(row)
    lead = min(keys.values(), key=_unlike)
    best = max(lead, key=lambda row: (row["score"], -row["year"]))
    return Episode(
        target=target,
        pact=pact,
        parts=(),
        key=best["key"],
        name=best["name"],
        kind=best["kind"],
        years=tuple(sorted({row["year"] for row in hits})),
        best_year=best["year"],
        members=tuple(best["members"]),
        strongest=best["strongest"],
        score=best["score"],
        p_value=best["p_value"],
        q_value=best["q_value"],
        q_value_any_dependence=best["q_value_any_dependence"],
        shadows=tuple(sorted(set(keys) - {best["key"]})),
    )


def _unlike(rows: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    """Orders blocs by how little they differ from the pact, then by kind, length and key."""
    alike = sum(_jaccard(row["members"], row["pact_members"]) for row in rows) / len(rows)
    return -round(alike, 6), KINDS.index(rows[0]["kind"]), -len(rows), rows[0]["key"]


def _jaccard(one: Iterable[int], two: Iterable[int]) -> float:
    a, b = set(one), set(two)
    return len(a & b) / len(a | b)


def _reach(hits: Sequence[dict[str, Any]]) -> frozenset[int]:
    """Everyone who was ever in the pact in the years of its hits."""
    return frozenset(code for row in hits for code in row["pact_members"])


def _joined(
    found: Sequence[Episode], within: dict[tuple[int, str], frozenset[int]]
) -> list[Episode]:
    """Put each episode into the widest that it lies within."""
    ordered = sorted(found, key=lambda e: (-len(within[e.target, e.pact]), e.pact))
    kept: list[Episode] = []
    for episode in ordered:
        for place, wider in enumerate(kept):
            if _lies_within(episode, wider, within):
                kept[place] = _merged(wider, episode)
                break
        else:
            kept.append(episode)
    return kept


def _lies_within(
    one: Episode, wider: Episode, within: dict[tuple[int, str], frozenset[int]]
) -> bool:
    if one.target != wider.target:
        return False
    shared = len(set(one.years) & set(wider.years))
    inside = within[one.target, one.pact] <= within[wider.target, wider.pact]
    return inside and shared >= OVERLAP * len(one.years)


def _merged(wider: Episode, part: Episode) -> Episode:
    return replace(
        wider,
        parts=(*wider.parts, part.pact, *part.parts),
        years=tuple(sorted({*wider.years, *part.years})),
        shadows=tuple(sorted({*wider.shadows, part.key, *part.shadows} - {wider.key})),
    )
