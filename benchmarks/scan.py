"""The evaluator, the placebo and the scan: our time beside asking one question at a time.

Run: python benchmarks/scan.py [--quick]
First a thousand groups measured at once beside the same measured one by one, and how far the two
are apart; then the placebo of one answer; then every bloc in every year against the leading state
with a thousand draws each, in full or (--quick) for every tenth year. The last lines give time
against draws, with the exponent fitted.
"""

from __future__ import annotations

import os
import resource
import sys
from time import perf_counter

import numpy as np
from joblib.externals.loky import get_reusable_executor

from counterpoise.assessment import hard_strand, scan, survey, sweep, trial
from counterpoise.assessment.placebo import placebo
from counterpoise.assessment.question import ask
from counterpoise.measures import hard
from counterpoise.workers import using

WORKERS = 2


def evaluator() -> None:
    """Many groups at once beside one question at a time."""
    hard.EXACT_MEMBERS = 2  # the hardest core, which the evaluator leaves out, takes longest
    for bloc, target, year in (("255,300", "Russia", 1885), ("Warsaw Pact", "USA", 1985)):
        question = ask(bloc, target, year)
        start = perf_counter()
        seen = sweep.view_of(question)
        seeing = perf_counter() - start
        codes = placebo(question).codes
        start = perf_counter()
        found = sweep.measure(seen, seen.places_of(codes))
        ours = perf_counter() - start
        few = codes[:40]
        start = perf_counter()
        alone = [hard_strand.measure(ask(group.tolist(), target, year)) for group in few]
        theirs = (perf_counter() - start) / len(few) * len(codes)
        apart = max(
            abs(strand.binding.bound_share - found.binding.bound_share[i])
            for i, strand in enumerate(alone)
        )
        print(
            f"1,000 groups of {codes.shape[1]:2d}, {year}: view {seeing:.3f} s, at once "
            f"{ours:.4f} s; one by one {theirs:.1f} s; apart {apart:.0e}"
        )


def one_placebo() -> None:
    """What a percentile costs an answer."""
    for bloc, target, year in (("SCO", "USA", 2006), ("NATO", "Russia", 1985)):
        question = ask(bloc, target, year)
        placebo(question)
        start = perf_counter()
        placebo(question)
        print(f"placebo {bloc} {year}, 1,000 draws: {perf_counter() - start:.3f} s")


def every_bloc(years: tuple[int, ...], workers: int) -> None:
    """Every bloc against the leading state, a thousand draws each."""
    start, used = perf_counter(), _cpu()
    rows = draws = 0
    targets: dict[int, list[int]] = {}
    for year in years:
        for target, _ in survey.targets("leader", year, year, "cinc"):
            targets.setdefault(target, []).append(year)
    for target, known in sorted(targets.items()):
        plan = survey.Plan(((target, tuple(known)),), draws=1000, most=1000, draw_all=True)
        with using(workers):
            found = scan.scanned(plan)
        rows += found.own.height
        draws += int(found.yearly["draws"].sum())
    took, cpu = perf_counter() - start, _cpu() - used
    print(
        f"every bloc against the leader, {len(years)} years, {workers} workers: {rows:,} blocs and "
        f"years, {draws:,} groups, {took:.0f} s, {cpu:.0f} s of processor, "
        f"{cpu / max(draws, 1) * 1e6:.1f} µs a group, {_memory():.0f} MB"
    )


def growth() -> None:
    """Time and memory against draws, for the blocs of one year."""
    counts, times = (500, 1000, 2000, 4000, 8000), []
    for draws in counts:
        plan = survey.Plan(((365, (1985,)),), draws=draws, most=draws, draw_all=True)
        listed = trial.units(survey.survey(plan).found)[:60]
        start = perf_counter()
        for unit in listed:
            trial.held(unit, plan)
        times.append(perf_counter() - start)
        print(f"  {draws:5d} draws for {len(listed)} blocs: {times[-1]:.2f} s, {_memory():.0f} MB")
    slope = np.polyfit(np.log(counts), np.log(times), 1)[0]
    print(f"  time grows with draws to the power {slope:.2f}")


def _cpu() -> float:
    """Processor time of this process and of its workers, which are ended to be counted."""
    get_reusable_executor().shutdown(wait=True)
    return sum(os.times()[:4])


def _memory() -> float:
    """Largest memory of this process or any of its workers so far, in MB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) / 1024


def main() -> None:
    evaluator()
    one_placebo()
    growth()
    every_bloc(tuple(range(1816, 2019, 10 if "--quick" in sys.argv else 1)), WORKERS)


if __name__ == "__main__":
    main()
