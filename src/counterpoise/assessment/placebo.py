"""The yardstick of a verdict: what matched random groups show on every statistic it prints.

A figure means nothing without one. ``placebo(question)`` draws groups that might have stood in
the bloc's place (see ``groups``), measures each by the same rules, and says where the bloc stands
among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.assessment import groups, matching, statistics, sweep
from counterpoise.assessment.race import BATCH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.groups import Caucus, Likeness
    from counterpoise.assessment.matching import Match
    from counterpoise.assessment.question import Question

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

SEED = 18161118
"""Seed in use unless another is given: the day the Quadruple Alliance was four against one."""

DRAWS = 1000
FEWEST_KNOWN = 0.5
"""A percentile is given only where at least this share of the groups has the figure."""

Statistic = Callable[["Places"], "Array"]
"""A further figure: from COW numbers (groups, members) to (groups,) values, NaN where unknown."""


@dataclass(frozen=True)
class Placebo:
    """Where a bloc stands among matched random groups.

    Attributes
    ----------
    codes : (draws, members) COW numbers, in the order of the bloc's members.
    actual : the bloc's own figures by name, NaN where unknown.
    values : the groups' figures by name, (draws,) each; flags are 1, 0 and NaN.
    match : how alike the groups are to the bloc; None without groups.
    reason : why there are no groups, or None.
    """

    members: tuple[int, ...]
    seed: int
    codes: Places
    actual: Mapping[str, float]
    values: Mapping[str, Array]
    match: Match | None
    reason: str | None

    @property
    def draws(self) -> int:
        """Number of groups drawn."""
        return len(self.codes)

    def percentile(self, name: str) -> float | None:
        """Share of groups below the bloc's figure, in percent; equal groups count half.

        None where the bloc's figure is unknown, or that of most groups.
        """
        known = self._known(name)
        actual = self.actual[name]
        if known is None or np.isnan(actual):
            return None
        below, equal = (known < actual).mean(), (known == actual).mean()
        return float(100 * (below + equal / 2))

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float] | None:
        """Where the middle ``level`` of the groups' figures lies; None where most are unknown."""
        known = self._known(name)
        if known is None:
            return None
        low, high = np.quantile(known, ((1 - level) / 2, (1 + level) / 2))
        return float(low), float(high)

    def share(self, name: str) -> float | None:
        """Mean of the groups' figures: for a flag, the share of groups that have it."""
        known = self._known(name)
        return None if known is None else float(known.mean())

    def p_value(self, name: str) -> float | None:
        """Chance of a figure as great as the bloc's among such groups: (1 + r) / (1 + draws)."""
        known = self._known(name)
        actual = self.actual[name]
        if known is None or np.isnan(actual):
            return None
        return float((1 + (known >= actual).sum()) / (1 + known.size))

    def _known(self, name: str) -> Array | None:
        values = self.values[name]
        known = values[~np.isnan(values)]
        return known if known.size and known.size >= FEWEST_KNOWN * values.size else None

    def to_dict(self) -> dict[str, object]:
        """Percentile and interval of every statistic, how the groups were matched, or why not."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "match": self.match.to_dict() if self.match else None,
            "reason": self.reason,
            "statistics": {name: self._line(name) for name in self.actual},
        }

    def _line(self, name: str) -> dict[str, object]:
        interval, value = self.interval(name), self.actual[name]
        return {
            "value": None if np.isnan(value) else value,
            "percentile": self.percentile(name),
            "low": interval[0] if interval else None,
            "high": interval[1] if interval else None,
            "mean": self.share(name),
        }


def placebo(
    question: Question,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    likeness: Likeness = groups.STANDARD,
    caucus: Caucus | None = None,
    extra: Mapping[str, Statistic] | None = None,
) -> Placebo:
    """Draw matched groups for a question and measure them as the bloc is measured.

    Parameters
    ----------
    draws : number of groups; work and time grow linearly with it, memory by the thousand.
    seed : the same seed gives the same groups.
    likeness : how much each difference counts against a stand-in.
    caucus : caucus of each state, to match on as well.
    extra : further statistics by name.
    """
    seen = sweep.view_of(question)
    key = question.bloc.key or "list:" + ",".join(map(str, question.members))
    drawn = groups.draw_many(seen, question.members, seed, key, draws, likeness, caucus)
    own = np.array([question.members], dtype=np.int64)
    codes = drawn.codes[~drawn.stuck]
    reason = drawn.reason or (None if len(codes) else "every draw ran out of states")
    return Placebo(
        members=question.members,
        seed=seed,
        codes=codes,
        actual={n: float(v[0]) for n, v in _measured(question, seen, own, extra).items()},
        values=_measured(question, seen, codes, extra),
        match=matching.match(seen, question.members, drawn, likeness, caucus)
        if len(codes)
        else None,
        reason=reason,
    )


def _measured(
    question: Question,
    seen: sweep.View,
    codes: Places,
    extra: Mapping[str, Statistic] | None,
) -> dict[str, Array]:
    """Every statistic of some groups, a thousand at a time."""
    parts = []
    for start in range(0, max(len(codes), 1), BATCH):
        part = codes[start : start + BATCH]
        values = statistics.every(question, seen, seen.places_of(part))
        parts.append(values | {name: measure(part) for name, measure in (extra or {}).items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
