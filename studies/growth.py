"""How time and memory grow with draws, blocs and years, with the exponent fitted.

Run: python studies/growth.py [--quick]
Each size runs in a process of its own: processor time without start-up, and the most memory that
the process ever held. An exponent is the slope of the logarithm on that of the size: 1 is linear,
0 is flat.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

SIZES = {
    "placebo, draws": (8_000, 16_000, 32_000, 64_000, 128_000),
    "scan, draws for each bloc": (1_000, 2_000, 4_000, 8_000),
    "scan, blocs": (25, 50, 100, 200),
    "scan, years": (2, 4, 8, 16),
    "histories, runs": (20, 40, 80, 160),
    "explanation, resampled spells": (100, 200, 400, 800),
}
QUICK = 3
"""Sizes of each line with --quick."""


def placebo_draws(size: int, folder: Path) -> Callable[[], object]:
    """Matched groups for one verdict, kept on disk."""
    from counterpoise.assessment.placebo import placebo
    from counterpoise.assessment.question import ask

    question = ask("SCO", "USA", 2006)
    placebo(question, 1000)
    return lambda: placebo(question, size, folder=folder)


def scan_draws(size: int, folder: Path) -> Callable[[], object]:
    """Every bloc of one year against one target."""
    from counterpoise.assessment import scan, survey

    def run(draws: int) -> object:
        plan = survey.Plan(((365, (1975,)),), draws=draws, most=draws, draw_all=True)
        return scan.scanned(plan, folder=folder)

    run(100)
    return lambda: run(size)


def scan_blocs(size: int, folder: Path) -> Callable[[], object]:
    """Some blocs of one year, a thousand draws each."""
    from counterpoise.assessment import survey, trial

    plan = survey.Plan(((365, (1975,)),), draws=1000, most=1000, draw_all=True)
    units = trial.units(survey.survey(plan).found)
    trial.held(units[0], plan)
    return lambda: [trial.held(unit, plan) for unit in units[:size]]


def scan_years(size: int, folder: Path) -> Callable[[], object]:
    """Every bloc in some years, two hundred draws each."""
    from counterpoise.assessment import scan, survey

    def run(years: tuple[int, ...]) -> object:
        plan = survey.Plan(((365, years),), draws=200, most=200, draw_all=True)
        return scan.scanned(plan, folder=folder)

    run((1960,))
    return lambda: run(tuple(range(1970, 1970 + size)))


def histories(size: int, folder: Path) -> Callable[[], object]:
    """Ten simulated years after 1960 against the Soviet Union, kept on disk."""
    from counterpoise.assessment.game_histories import history

    history("RUS", 1960, 10, 2, folder=folder)
    return lambda: history("RUS", 1960, 10, size, seed=1, folder=folder)


def explanation(size: int, folder: Path) -> Callable[[], object]:
    """Silence since 1991 under one explanation, refitted on resampled spells kept on disk."""
    from counterpoise.assessment.explanations import STANDARD, effects
    from counterpoise.assessment.explanations.contest import World, contest
    from counterpoise.assessment.explanations.ensemble import Ensemble
    from counterpoise.assessment.explanations.question import ask

    world = World.of(ask("USA", 1991, 2018, STANDARD), STANDARD)
    name = world.theories[0]
    runner = contest(world, (name,), lambda stage, finished, total: None)[name]
    refit = effects.Refit.of(world.problem(name), world.ground)

    def run(draws: int) -> object:
        ensemble = Ensemble(draws, {"draws": draws}, folder)
        return effects.drawn(refit, runner.likelihood, [{0: 0.0}], ensemble, name)

    run(2)
    return lambda: run(size)


JOBS = dict(
    zip(
        SIZES,
        (placebo_draws, scan_draws, scan_blocs, scan_years, histories, explanation),
        strict=True,
    )
)


def measure(name: str, size: int) -> dict[str, float]:
    """Processor seconds and megabytes of one job, in this process."""
    import resource
    from time import process_time

    with tempfile.TemporaryDirectory() as folder:
        run = JOBS[name](size, Path(folder))
        began = process_time()
        run()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {"seconds": process_time() - began, "megabytes": usage.ru_maxrss / 1024}


def alone(name: str, size: int) -> dict[str, float]:
    """Measure one job in a process of its own."""
    command = [sys.executable, __file__, "--one", name, str(size)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def main() -> None:
    """Print the table, as Markdown."""
    if "--one" in sys.argv:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return
    print("| what grows | sizes | processor seconds | exponent | MB at most | MB exponent |")
    print("|---|---|---|---|---|---|")
    for name, sizes in SIZES.items():
        chosen = sizes[:QUICK] if "--quick" in sys.argv else sizes
        found = [alone(name, size) for size in chosen]
        seconds, memory = ([f[key] for f in found] for key in ("seconds", "megabytes"))
        cells = (
            *(name, _list(chosen, ",d"), _list(seconds, ".2f"), f"{_slope(chosen, seconds):.2f}"),
            *(_list(memory, ".0f"), f"{_slope(chosen, memory):.2f}"),
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def _list(values: object, form: str) -> str:
    return ", ".join(format(v, form) for v in values)  # type: ignore[attr-defined]


def _slope(sizes: object, values: list[float]) -> float:
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


if __name__ == "__main__":
    main()
