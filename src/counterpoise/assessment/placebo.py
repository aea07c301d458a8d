"""The yardstick of a verdict: what matched random groups show on every statistic it prints.

A figure means nothing without one. ``placebo(question)`` draws groups that might have stood in
the bloc's place (see ``groups``), measures each by the same rules, and says where the bloc stands
among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.assessment import groups, matching, statistics, sweep
from counterpoise.assessment.race import BATCH
from counterpoise.errors import QuestionError
from counterpoise.shelves import Shelf
from counterpoise.workers import identity, using

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
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path | None = None,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> Placebo:
    """Draw matched groups for a question and measure them as the bloc is measured.

    Parameters
    ----------
    draws : number of groups; work and time grow linearly with it, memory by the thousand.
    seed : the same seed gives the same groups.
    likeness : how much each difference counts against a stand-in.
    caucus : caucus of each state, to match on as well.
    extra : further statistics by name.
    workers, scheduler : who works; as chosen outside by ``workers.using``, or this process.
    folder : where groups and figures are kept as they come, and read from: memory then does not
        grow with the draws, but for one figure at a time.
    tell : called with the draws finished and in all.

    Raises
    ------
    QuestionError : figures of the caller's own, and a folder.
    DataError : the folder cannot be written.
    """
    seen = sweep.view_of(question)
    key = question.bloc.key or "list:" + ",".join(map(str, question.members))
    own = np.array([question.members], dtype=np.int64)
    actual = {n: float(v[0]) for n, v in _measured(question, seen, own, extra).items()}
    how = (seed, key, likeness, caucus)
    first = _drawn(question, seen, how, range(1))
    if first.reason:
        none = {name: np.empty(0) for name in actual}
        return Placebo(question.members, seed, first.codes, actual, none, None, first.reason)
    shelf = _shelf(question, draws, how, tuple(actual), extra, folder)
    with using(workers, scheduler):
        made = shelf.filled(partial(_batch, question, seen, how, extra), tell)
    kept = ~np.asarray(made["stuck"])
    codes = _rows(made["codes"], kept)
    drawn = groups.Drawn(made["codes"], ~kept)
    return Placebo(
        members=question.members,
        seed=seed,
        codes=codes,
        actual=actual,
        values=_Kept({n: made[n] for n in actual}, kept),
        match=matching.match(seen, question.members, drawn, likeness, caucus)
        if len(codes)
        else None,
        reason=None if len(codes) else "every draw ran out of states",
    )


_How = tuple[int, str, "Likeness", "Caucus | None"]
"""Seed, key of the bloc, likeness and caucus."""


def _shelf(
    question: Question,
    draws: int,
    how: _How,
    names: tuple[str, ...],
    extra: Mapping[str, Statistic] | None,
    folder: Path | None,
) -> Shelf:
    """Where groups and figures lie. Figures of the caller's own are not kept from run to run."""
    if folder is not None and extra:
        raise QuestionError("Figures of your own cannot be kept in a folder.")
    columns = {"codes": ("int64", (len(question.members),)), "stuck": ("bool", ())}
    columns |= dict.fromkeys(names, ("float64", ()))
    what = {} if folder is None else _what(question, how)
    return Shelf(draws, BATCH, columns, what, folder)


def _what(question: Question, how: _How) -> dict[str, object]:
    """Everything that groups and figures depend on: it names their folder."""
    pacts = hashlib.sha256(repr(question.book.duties).encode()).hexdigest()
    return {
        "question": [question.members, question.target.ccode, question.day, question.metric],
        "told": repr((question.rules, question.reach.extend, how)),
        "pacts": pacts,
        "by": identity(),
    }


def _drawn(question: Question, seen: sweep.View, how: _How, draws: range) -> groups.Drawn:
    """Groups of one batch of the race; a batch begins at a multiple of its size."""
    seed, key, likeness, caucus = how
    batch = draws.start // BATCH
    running = groups.runners(seed, key, batch, [(seen, question.members)])
    return groups.draw(seen, question.members, running, likeness, caucus, len(draws))


def _batch(
    question: Question,
    seen: sweep.View,
    how: _How,
    extra: Mapping[str, Statistic] | None,
    draws: range,
) -> dict[str, NDArray[Any]]:
    """Groups of a batch and their figures, NaN for a draw that ran out of states."""
    drawn = _drawn(question, seen, how, draws)
    kept = ~drawn.stuck
    measured = _measured(question, seen, drawn.codes[kept], extra)
    found: dict[str, NDArray[Any]] = {"codes": drawn.codes, "stuck": drawn.stuck}
    for name, values in measured.items():
        found[name] = np.full(len(kept), np.nan)
        found[name][kept] = values
    return found


def _rows(values: NDArray[Any], kept: NDArray[np.bool_]) -> NDArray[Any]:
    return values if kept.all() else values[kept]


class _Kept(Mapping[str, "Array"]):
    """Figures by name, of the groups that were drawn; each is read as it is used."""

    def __init__(self, values: Mapping[str, Array], kept: NDArray[np.bool_]) -> None:
        self._values, self._rows = values, kept

    def __getitem__(self, name: str) -> Array:
        return np.asarray(_rows(self._values[name], self._rows))

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _measured(
    question: Question,
    seen: sweep.View,
    codes: Places,
    extra: Mapping[str, Statistic] | None,
) -> dict[str, Array]:
    """Every statistic of some groups."""
    values = statistics.every(question, seen, seen.places_of(codes))
    return values | {name: measure(codes) for name, measure in (extra or {}).items()}
