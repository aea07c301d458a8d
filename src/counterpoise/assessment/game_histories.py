"""The balancing game run forward for years, and held against what the record shows.

A target *faces* a coalition in a year when those bound against it hold at least half of its power:
in the record those whom a pact makes balance (``game_choices``), lone arming left out; in a
simulation those whom the rules of ``models.balancing_dynamics`` have bound. The first five years
are left out on both sides, since a simulation begins without a coalition.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import record, states
from counterpoise.assessment.game_fits import estimated, strongest
from counterpoise.assessment.scores import Interval, mean_interval
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import power
from counterpoise.measures.game_choices import choices
from counterpoise.measures.game_problem import game_problem
from counterpoise.models.balancing_dynamics import DynamicsRules, simulate
from counterpoise.models.balancing_game import BALANCE, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FACED_RATIO = 0.5
SETTLING_YEARS = 5
LAND, SEA = "land", "sea"


@dataclass(frozen=True)
class History:
    """One target and its next years, simulated and recorded.

    ``kind`` is land or sea, by the coded list of leading sea powers. ``simulated`` is the share of
    years, over all runs, in which it faced a coalition, ``coalition`` the mean power of the bound
    over the target's by year. ``recorded`` is the share in the record, ``record`` the power of
    those who balanced by pact by year, NaN where unknown. ``recorded`` is None, with a reason,
    where the record does not reach.
    """

    target: str
    name: str
    year: int
    years: int
    kind: str
    simulated: float
    coalition: tuple[float, ...]
    recorded: float | None
    record: tuple[float, ...]
    reason: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def history(
    against: str | int,
    year: int,
    years: int = 20,
    runs: int = 100,
    *,
    parameters: Parameters | None = None,
    rules: DynamicsRules | None = None,
    seed: int = 0,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path | None = None,
    extend: bool = False,
    tell: Callable[[int, int], None] = lambda finished, total: None,
) -> History:
    """Simulate the years after one, and hold them against the record where it reaches.

    Parameters
    ----------
    rules : of the simulation; its length is taken from ``years``.
    seed : each run has a child of its own, so workers do not matter.
    workers, scheduler : who works; as chosen outside by ``workers.using``, or this process.
    folder : where histories are kept as they come, and taken up again.

    Raises
    ------
    CoverageError : the target or the threat from it is unknown in the year.
    QuestionError : no years or no runs.
    """
    if years <= SETTLING_YEARS or runs < 1:
        raise QuestionError(
            f"{years} years and {runs} runs: ask for more than {SETTLING_YEARS} years, of which "
            "the first are left out, and for one run or more."
        )
    target = states.state(against, year)
    game = game_problem(target.ccode, year, extend=extend)
    given = asdict(rules or DynamicsRules()) | {"years": years, "formed_ratio": FACED_RATIO}
    ensemble = simulate(
        game.problem,
        seed,
        runs,
        parameters or estimated(),
        DynamicsRules(**given),
        workers=workers,
        scheduler=scheduler,
        folder=folder,
        tell=tell,
    )
    seen, reason = recorded(target.ccode, year, years)
    return History(
        target=target.abbreviation,
        name=target.name,
        year=year,
        years=years,
        kind=kind(target.ccode, year),
        simulated=float((ensemble.coalition[:, SETTLING_YEARS:] >= FACED_RATIO).mean()),
        coalition=tuple(ensemble.coalition.mean(axis=0).tolist()),
        recorded=None if reason else float((seen[SETTLING_YEARS:] >= FACED_RATIO).mean()),
        record=tuple(seen.tolist()),
        reason=reason,
    )


def kind(target: int, year: int) -> str:
    """Is a state the leading sea power of a year, or a land power?"""
    for code, start, end in (
        record.coded("sea_powers").select("ccode", "start_year", "end_year").iter_rows()
    ):
        if code == target and start <= year and (end is None or year <= end):
            return SEA
    return LAND


def recorded(target: int, year: int, years: int) -> tuple[Array, str | None]:
    """Power of those who balance by pact over the target's, (years,); why some are unknown."""
    found = np.full(years, np.nan)
    reason = None
    for k, when in enumerate(range(year, year + years)):
        share = power.shares("cinc", when)
        others = [c for c in states.system(when) if c != target]
        if not share.get(target):
            reason = f"the target's power is not known in {when}"
            break
        try:
            did = choices(others, target, when)
        except CoverageError as error:
            reason = str(error)
            break
        bound = [c for c in others if did[c].action == BALANCE and did[c].is_by_pact]
        balancing = sum(share.get(c, 0.0) for c in bound)
        found[k] = balancing / share[target]
    return found, reason


@dataclass(frozen=True)
class Rate:
    """Share of years in which targets of one kind faced a coalition, simulated and recorded.

    Means over the targets whose record is known; bounds resample them.
    """

    kind: str
    targets: int
    simulated: Interval | None
    recorded: Interval | None


def histories(
    starts: Sequence[int],
    years: int = 20,
    runs: int = 20,
    count: int = 3,
    *,
    seed: int = 0,
    workers: int | None = None,
) -> tuple[History, ...]:
    """Histories of the strongest major powers at each start; unknown games are left out."""
    found = []
    for start in starts:
        for target in strongest(start, count):
            try:
                found.append(history(target, start, years, runs, seed=seed, workers=workers))
            except CoverageError:
                continue
    return tuple(found)


def rates(found: Sequence[History], seed: int = 0) -> tuple[Rate, ...]:
    """How often land and sea powers faced a coalition.

    Parameters
    ----------
    seed : of the resampling of targets.
    """
    rng = np.random.default_rng(seed)
    return tuple(_rate(which, [h for h in found if h.kind == which], rng) for which in (LAND, SEA))


def _rate(which: str, found: Sequence[History], rng: np.random.Generator) -> Rate:
    known = [(h.simulated, h.recorded) for h in found if h.recorded is not None]
    if not known:
        return Rate(which, 0, None, None)
    return Rate(
        which,
        len(known),
        mean_interval([simulated for simulated, _ in known], rng),
        mean_interval([share for _, share in known], rng),
    )
